"""Steps of queries that are kept in files: written, and exchanged row by row when rows of tables changed."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from upheld.checks.engines.job import AFTER, ALL, BEFORE, KeptStep
from upheld.evidence.duck import literal, quoted

_WAS, _IS, _GONE, _COME, _MET = (f"memory.main.step_{each}" for each in ("was", "is", "gone", "come", "met"))


class Unlike(Exception):
    """What a step gave of rows as they were is not in the file that it was kept in: it is to be made from nothing."""


def keep(on: Mapping[str, duckdb.DuckDBPyConnection], step: KeptStep) -> None:
    """Write the file of `step`, and let the connection to all rows read it under its name. Raises `Unlike`."""
    connection = on[ALL]
    step.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    rows = step.query if step.base is None else _exchanged(on, step, step.base)
    # Half the time of the smaller zstd, and these files live for a round.
    connection.execute(f"COPY ({rows}) TO {literal(str(step.file))} (FORMAT parquet, COMPRESSION snappy)")
    connection.execute(f"CREATE TEMP VIEW {quoted(step.name)} AS FROM read_parquet({literal(str(step.file))})")


def _exchanged(on: Mapping[str, duckdb.DuckDBPyConnection], step: KeptStep, base: Path) -> str:
    """The query of what lies in `base`, less the rows that are gone, plus those that have come; rows that are alike are counted.

    Where the step has groups, those touched are made in the databases of rows as they were and as they are.
    """
    on[BEFORE].execute(f"CREATE OR REPLACE TABLE {_WAS} AS {step.before}")
    on[AFTER].execute(f"CREATE OR REPLACE TABLE {_IS} AS {step.query}")
    connection = on[ALL]
    connection.execute(f"CREATE OR REPLACE TABLE {_GONE} AS FROM {_WAS} EXCEPT ALL FROM {_IS}")
    connection.execute(f"CREATE OR REPLACE TABLE {_COME} AS FROM {_IS} EXCEPT ALL FROM {_WAS}")
    kept = f"read_parquet({literal(str(base))})"
    columns = [quoted(row[0]) for row in connection.execute(f"DESCRIBE {_GONE}").fetchall()]
    same = " AND ".join(f"kept.{each} IS NOT DISTINCT FROM gone.{each}" for each in columns)
    connection.execute(f"CREATE OR REPLACE TABLE {_MET} AS FROM {kept} AS kept SEMI JOIN {_GONE} AS gone ON {same}")
    if connection.execute(f"FROM {_GONE} EXCEPT ALL FROM {_MET} LIMIT 1").fetchone():
        raise Unlike(f"a step was kept with other rows than it had then, in {base}")
    if step.groups:
        _touched(connection, step, kept)
    left = f"FROM {kept} AS kept ANTI JOIN {_GONE} AS gone ON {same}"
    return f"{left} UNION ALL (FROM {_MET} EXCEPT ALL FROM {_GONE}) UNION ALL FROM {_COME}"


def _touched(connection: duckdb.DuckDBPyConnection, step: KeptStep, kept: str) -> None:
    """Make the groups of `step` that were touched, as they were and as they are."""
    listed = ", ".join(map(quoted, step.groups))
    slashed = " OR ".join(f"contains({quoted(each)}, '/')" for each in step.plain) or "false"
    if connection.execute(f"SELECT 1 FROM (FROM {kept} UNION ALL FROM {_COME}) WHERE {slashed} LIMIT 1").fetchone():  # noqa: S608  names are quoted
        raise Unlike(f"in one of {listed} there is a /, so that two groups might give one subject")
    touched = f"SELECT {listed} FROM {_GONE} UNION SELECT {listed} FROM {_COME}"  # noqa: S608  as above
    same = " AND ".join(f"kept.{quoted(each)} IS NOT DISTINCT FROM touched.{quoted(each)}" for each in step.groups)
    was, is_ = (f"{place}.main.{quoted(step.name)}" for place in (BEFORE, AFTER))
    connection.execute(f"CREATE TABLE {was} AS FROM {kept} AS kept SEMI JOIN ({touched}) AS touched ON {same}")
    connection.execute(f"CREATE TABLE {is_} AS (FROM {was} EXCEPT ALL FROM {_GONE}) UNION ALL FROM {_COME}")
