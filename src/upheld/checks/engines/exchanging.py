"""What a query gives on changed rows as they were and as they are: both are compared, and what came out the same is left out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import duckdb

from upheld.checks.engines.counting import Marks, aware, outcome, outputs, problem, shaped, write
from upheld.checks.engines.job import Job
from upheld.checks.engines.tally import Flip, Limits, Tally, turn
from upheld.evidence.duck import literal, put_in, quoted

_BOTH, _OTHER = "memory.main.outcome_both", "memory.main.outcome_other"
# 0 on the rows as they were, 1 on those as they are; no query's own column is called so.
_SIDE = quoted("/side")
_COUNTS = f"""
SELECT {_SIDE}, count(*), count(*) FILTER (ok), count(*) FILTER (NOT ok AND NOT excepted), count(*) FILTER (NOT ok AND excepted),
       count(*) FILTER (ok IS NULL)
FROM {_OTHER} GROUP BY 1
"""  # noqa: S608  fixed names


def exchanged(on: Mapping[str, duckdb.DuckDBPyConnection], was: Job, job: Job, limits: Limits, apart: set[Marks]) -> Tally:
    """Return the outcomes of `job` that are other than those of `was`, and as its `was`, those of `was` that are other than those of `job`.

    The population of `job` is written if it is wanted and there are any. Where there is an error in either, it is that of the tally.
    """
    connection, listed = on[job.on], ", ".join(map(quoted, outputs(job)))
    for side, each in enumerate((was, job)):
        rows = f"SELECT {side} AS {_SIDE}, * FROM ({shaped(each)}) LIMIT {limits.rows + 1}"  # noqa: S608  written from an allowed syntax tree
        into = f"INSERT INTO {_BOTH}" if side else f"CREATE OR REPLACE TABLE {_BOTH} AS"
        made = on[each.on].execute(f"{into} {rows}").fetchone()
        if made is None or made[0] > limits.rows:
            return Tally(error=f"the query gave more than {limits.rows:,} rows")
    other = connection.execute(
        f"CREATE OR REPLACE TABLE {_OTHER} AS SELECT min({_SIDE}) AS {_SIDE}, {listed} FROM {_BOTH} GROUP BY {listed} "  # noqa: S608  as above
        f"HAVING count(*) <> 2 OR min({_SIDE}) = max({_SIDE})"
    ).fetchone()
    if other == (0,):
        return Tally(was=Tally())  # what is as it was has its subjects told apart already
    if found := _wrong(connection, limits, apart):
        return Tally(error=found)
    counted = {side: Tally(*counts) for side, *counts in connection.execute(_COUNTS).fetchall()}
    told = _named(connection, job, [counted.get(side, Tally()) for side in (0, 1)], job.named or limits.named)
    if not told[1].error and job.outcomes is not None and job.base is not None:
        write(connection, job.outcomes, _population(job))
    return replace(told[1], was=told[0])


def _wrong(connection: duckdb.DuckDBPyConnection, limits: Limits, apart: set[Marks]) -> str:
    """What is wrong with either outcome, if anything is."""
    asked = f"SELECT {_SIDE}, count(subject), count(*), sum(hash(subject)), bit_xor(hash(subject)) FROM {_BOTH} GROUP BY 1"  # noqa: S608  fixed names
    for side, named, *marks in connection.execute(asked).fetchall():
        rows = f"(SELECT * FROM {_BOTH} WHERE {_SIDE} = {side})"  # noqa: S608  as above
        if found := problem(connection, rows, named, tuple(marks), limits, apart):
            return found
    return ""


def _named(connection: duckdb.DuckDBPyConnection, job: Job, told: list[Tally], most: int) -> list[Tally]:
    """`told` of each side with the names of those that do not pass, and the flips up to the last that is wanted."""
    flipping = put_in("flips_at <= $until", until=job.until) if job.until else "flips_at IS NOT NULL"
    listed = ", ".join(map(quoted, outputs(job)))
    asked = f"SELECT {listed}, {_SIDE} FROM {_OTHER} WHERE ok IS NOT TRUE OR {flipping} ORDER BY subject LIMIT {most + 1}"  # noqa: S608  as above
    rows = connection.execute(asked).fetchall()
    if len(rows) > most:
        return [Tally(), Tally(error=f"more than {most:,} outcomes changed, which are not told by name")]
    return [_of(each, [row[:-1] for row in rows if row[-1] == side], outputs(job)[6:]) for side, each in enumerate(told)]


def _of(told: Tally, rows: list[tuple[Any, ...]], more: list[str]) -> Tally:
    others = [outcome(row, more) for row in rows if row[2] is not True]
    flips = [Flip(aware(flips_at), subject, label, detail) for subject, label, ok, detail, flips_at, *_ in rows if ok and flips_at]
    return replace(
        told,
        failing=tuple(sorted((each for each in others if each.ok is False), key=lambda each: each.excepted)),
        unknowns=tuple(each for each in others if each.ok is None),
        flips=tuple(sorted(flips, key=turn)),
    )


def _population(job: Job) -> str:
    """The population in the base file, with the rows that are other exchanged."""
    gone = f"SELECT subject FROM {_OTHER} WHERE {_SIDE} = 0"  # noqa: S608  fixed names
    kept = f"SELECT * FROM read_parquet({literal(str(job.base))}) WHERE subject NOT IN ({gone})"  # noqa: S608  a file of ours
    return f"{kept} UNION ALL BY NAME SELECT * EXCLUDE ({_SIDE}) FROM {_OTHER} WHERE {_SIDE} = 1"  # noqa: S608  as above
