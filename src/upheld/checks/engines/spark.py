"""Judging on Spark, for what outgrew one machine: the same frame and the same queries, said in Spark's SQL by sqlglot.

A frame is put together by DuckDB (tables as of the instant, through time, derived). Large tables are handed over as Parquet,
small ones in the text of the query; the query answers in one row. Needs the extra `spark` and a Java runtime.
"""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import duckdb
import sqlglot
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import Row, SparkSession
from sqlglot import exp

from upheld.checks.choosing import NoEngine
from upheld.checks.engines.counting import COLUMNS, outputs, write
from upheld.checks.engines.job import Job, Needs
from upheld.checks.engines.tally import Limits, Tally, digest
from upheld.checks.verdict import Outcome
from upheld.evidence.duck import literal, quoted
from upheld.evidence.frame import Frame

_SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.catalogImplementation": "in-memory",
}
_FEW = 1_000
MASTER = "UPHELD_SPARK_MASTER"
# What goes wrong there is one of these.
FAILURES = (PySparkException, Py4JError)
_TYPES = {"ok": "BOOLEAN", "flips_at": "TIMESTAMP_NTZ"}
# Spark reads no interval of Parquet's: a span goes there as microseconds.
_SPAN = "make_dt_interval(0, 0, 0, CAST({} AS BIGINT) / 1000000)"
# How a column of each of DuckDB's types is read from text.
_KINDS = {
    "BIGINT": "CAST({} AS BIGINT)",
    "BOOLEAN": "CAST({} AS BOOLEAN)",
    "DATE": "CAST({} AS DATE)",
    "DOUBLE": "CAST({} AS DOUBLE)",
    "INTERVAL": _SPAN,
    "TIMESTAMP": "CAST({} AS TIMESTAMP_NTZ)",
    "VARCHAR": "CAST({} AS STRING)",
}


def session(master: str = "", settings: Mapping[str, str] = MappingProxyType({})) -> SparkSession:
    """Return the session on `master`, or on what `UPHELD_SPARK_MASTER` says, else on all processors here, with further `settings`.

    There is one in a process, and the first to ask chooses.
    """
    master = master or os.environ.get(MASTER, "") or "local[*]"
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # workers here run what runs this, whatever is called python3
    builder = SparkSession.builder.master(master).appName("upheld")
    for name, value in {**_SETTINGS, **settings}.items():
        builder = builder.config(name, value)
    spark: SparkSession = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def started() -> SparkSession:
    """Return the session as users have it; raises `NoEngine` where Spark does not start."""
    try:
        return session()
    except FAILURES as error:
        raise NoEngine(f"Spark does not start: {_first_line(error)}. It needs a Java runtime; {MASTER} says where it runs") from error


def run(frame: Frame, needs: Needs, jobs: Sequence[Job], limits: Limits, outcomes: Path | None) -> dict[str, Tally]:
    """Return the tally of each of `jobs` on `frame`, and write the populations that they want, as `engines.duckdb.run` does.

    Raises `NoEngine` where Spark does not start. Of `limits` only how many subjects are named holds: Spark has its own for memory, and
    none for time.
    """
    connection = duckdb.connect()
    frame.load(connection, needs.tables, needs.history, needs.columns)
    if outcomes is not None:
        outcomes.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Beside the populations, where workers elsewhere find it, too, and where the next round removes what a killed one left.
    with TemporaryDirectory(prefix="spark-", dir=outcomes) as folder:
        try:
            return judged(connection, jobs, limits, Path(folder))
        finally:
            if used := SparkSession.getActiveSession():
                used.stop()  # its workers are for others until the next round


def judged(connection: duckdb.DuckDBPyConnection, jobs: Sequence[Job], limits: Limits, folder: Path) -> dict[str, Tally]:
    """Return the tally of each of `jobs` on the tables loaded in `connection`; large ones are handed over in files below `folder`."""
    given = relations(connection, folder)
    spark = started()
    return {job.measure: _tally(spark, job, given, limits, folder) for job in jobs}


def relations(connection: duckdb.DuckDBPyConnection, folder: Path, few: int = _FEW) -> dict[str, str]:
    """Return Spark's SELECT for every table in `connection`, by its name in Spark. Those of more than `few` rows go into `folder`."""
    found = connection.execute("SELECT table_schema, table_name FROM information_schema.tables").fetchall()
    return {_name(place, table): _relation(connection, place, table, folder, few) for place, table in found}


def asked(populations: Sequence[str], job: Job, limits: Limits) -> str:
    """Return the SELECT that counts `populations`, each what `population` says of a job with the outputs of `job`.

    It gives what `told` takes: a row for each number that has a population.
    """
    kept = ", ".join(f"`{name}`" for name in ("excepted", *COLUMNS, *_more(job)))
    return (
        f"WITH population AS ({' UNION ALL '.join(populations)}), counted AS ({_COUNTED.format(kept=kept)}) "  # noqa: S608  names are quoted
        f"SELECT * EXCEPT (others), {_NAMED.format(named=limits.named)} FROM counted"
    )


def population(job: Job, given: Mapping[str, str], number: str = "0") -> str:
    """Return the query of `job` on the relations `given`, with its outputs cast to what they must be, others to text.

    It says of each row whether its subject is excepted, and has `number` (SQL) as `number`.
    """
    query, reads = _spoken(job.query)
    tables = ", ".join(f"`{name}` AS ({given[name]})" for name in sorted(reads & given.keys()))
    outputs = ((name, f"`{name}`" if name in job.columns else "NULL") for name in (*COLUMNS, *_more(job)))
    shown = ", ".join(f"CAST({value} AS {_TYPES.get(name, 'STRING')}) AS `{name}`" for name, value in outputs)
    waived = f"coalesce(NOT ok AND subject IN ({', '.join(map(_text, job.excepted))}), false)" if job.excepted else "false"
    return (
        f"SELECT {waived} AS excepted, * FROM "  # noqa: S608  written from an allowed syntax tree, texts are quoted
        f"({f'WITH {tables} ' if tables else ''}SELECT {number} AS number, {shown} FROM ({query}))"
    )


def told(rows: Sequence[Row], jobs: Sequence[Job]) -> list[Tally]:
    """Return the tally of each of `jobs`, numbered as they stand, that the rows of `asked` say."""
    by_number = {row.number: row for row in rows}
    return [_told(by_number[number], job) if number in by_number else _NOBODY for number, job in enumerate(jobs)]


def _told(row: Row, job: Job) -> Tally:
    if row.named < row.population or row.subjects < row.population:
        return Tally(error=f"the query gave {row.population - row.subjects:,} rows without a subject of their own")
    first = row.flipping
    return Tally(
        population=row.population,
        passed=row.passed,
        failed=row.failed,
        excepted=row.waived,
        unknown=row.unknown,
        failing=tuple(_outcome(each, job) for each in row.failing),
        unknowns=tuple(_outcome(each, job) for each in row.unknowns),
        flips_at=_aware(first.flips_at) if first else None,
        flipping=(first.label or "", first.detail or "") if first else ("", ""),
        digest=digest(row.population, row.passed, row.lines),
    )


_NOBODY = Tally(digest=digest(0, 0, ""))
_COUNTED = """
SELECT number, count(*) AS population, count(subject) AS named, count(DISTINCT subject) AS subjects, count_if(ok) AS passed,
       count_if(NOT ok AND NOT excepted) AS failed, count_if(excepted) AS waived, count_if(ok IS NULL) AS unknown,
       min(struct(flips_at, label IS NULL AS unnamed, label, detail IS NULL AS untold, detail))
           FILTER (WHERE ok AND flips_at IS NOT NULL) AS flipping,
       collect_list(struct({kept})) FILTER (WHERE NOT coalesce(ok, false)) AS others
FROM population
GROUP BY number
"""
# A struct is put in order by its fields, the first of which are `excepted` and `subject`.
_NAMED = """
slice(sort_array(filter(others, each -> each.ok IS NOT NULL)), 1, {named}) AS failing,
slice(sort_array(filter(others, each -> each.ok IS NULL)), 1, {named}) AS unknowns,
array_join(transform(sort_array(transform(others, each -> struct(each.subject, each.ok))),
                     each -> concat(each.subject, chr(31), coalesce(CAST(each.ok AS STRING), 'unknown'))), chr(10)) AS lines
"""


def _tally(spark: SparkSession, job: Job, given: Mapping[str, str], limits: Limits, folder: Path) -> Tally:
    rows = population(job, given)
    place = folder / "outcomes" / job.measure
    try:
        if job.outcomes is not None:  # the query is run once, into files, and counted there
            spark.sql(rows).write.parquet(str(place))
            rows = f"SELECT * FROM parquet.`{place}`"  # noqa: S608  a folder of our own
        (tally,) = told(spark.sql(asked([rows], job, limits)).collect(), [job])
    except FAILURES as error:
        return Tally(error=f"the query failed: {_first_line(error)}")
    if job.outcomes is not None and not tally.error:
        _put(place, job, job.outcomes)
    return tally


def _put(place: Path, job: Job, file: Path) -> None:
    """Write the population that Spark left in the folder `place` into one `file`, in the columns that populations have."""
    with duckdb.connect() as connection:
        shown = ", ".join(quoted(each) for each in outputs(job))
        write(connection, file, f"SELECT {shown} FROM read_parquet({literal(f'{place}/*.parquet')})")  # noqa: S608  names are quoted


def cause(error: Exception) -> str:
    """Return in one line what `error`, one of `FAILURES`, began with: of what failed in a worker's Python its own words."""
    said = re.findall(r"(?m)^(?:Caused by: )?((?:[\w$]+\.)*\w*(?:Error|Exception): .+)$", str(error))
    own = [each for each in said if "." not in each.split(":")[0]]
    return next(iter(own or said[::-1]), _first_line(error))


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


@lru_cache(maxsize=64)
def _spoken(query: str) -> tuple[str, frozenset[str]]:
    """DuckDB's `query` in Spark's SQL, and the names of the tables in it."""
    tree = sqlglot.parse_one(query, read="duckdb")
    tables = list(tree.find_all(exp.Table))
    for table in (each for each in tables if each.db):
        if not table.alias:
            table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
        table.set("this", exp.to_identifier(_name(table.db, table.name)))
        table.set("db", None)
    return tree.sql("spark"), frozenset(table.name for table in tables)


def _name(place: str, table: str) -> str:
    """What a table is called in Spark, where a name for one query has no schema."""
    return f"{place}__{table}" if place == "history" else table


def _relation(connection: duckdb.DuckDBPyConnection, place: str, table: str, folder: Path, few: int) -> str:
    name = f"{quoted(place)}.{quoted(table)}"
    described = connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {name})").fetchall()  # noqa: S608  names from contracts, quoted
    stored = {column: f"epoch_us({quoted(column)})" if kind == "INTERVAL" else quoted(column) for column, kind in described}
    if all(kind in _KINDS for _, kind in described):
        cells = ", ".join(f"CAST({cell} AS VARCHAR)" for cell in stored.values())
        rows = connection.execute(f"SELECT {cells} FROM {name} LIMIT {few + 1}").fetchall()  # noqa: S608  as above
        if len(rows) <= few:
            return _inline(described, rows)
    file = folder / f"{place}.{table}.parquet"
    columns = ", ".join(f"{cell} AS {quoted(column)}" for column, cell in stored.items())
    connection.execute(f"COPY (SELECT {columns} FROM {name}) TO '{file}' (FORMAT parquet)")  # noqa: S608  as above
    shown = ", ".join(f"{_SPAN.format(f'`{column}`') if kind == 'INTERVAL' else f'`{column}`'} AS `{column}`" for column, kind in described)
    return f"SELECT {shown} FROM parquet.`{file}`"  # noqa: S608  as above


def _inline(described: Sequence[tuple[str, str]], rows: Sequence[tuple[str | None, ...]]) -> str:
    """The relation of few `rows`, each cell as text: a file would cost a scan, and more than one partition a shuffle at every join."""
    shown = ", ".join(f"{_KINDS[kind].format(f'`{column}`')} AS `{column}`" for column, kind in described)
    names = ", ".join(f"`{column}`" for column, _ in described)
    values = ", ".join(f"({', '.join(map(_text, row))})" for row in rows or [(None,) * len(described)])
    return f"SELECT /*+ COALESCE(1) */ {shown} FROM VALUES {values} AS given ({names}){'' if rows else ' WHERE false'}"  # noqa: S608  as above


def _text(value: str | None) -> str:
    """The literal of `value` in Spark's SQL."""
    if value is None:
        return "NULL"
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _more(job: Job) -> list[str]:
    return [column for column in job.columns if column not in COLUMNS]


def _outcome(row: Row, job: Job) -> Outcome:
    more = {name: row[name] for name in _more(job) if row[name] is not None}
    return Outcome(row.subject, row.label or row.subject, row.ok, row.detail or "", _aware(row.flips_at), row.excepted, more)


def _aware(naive: datetime | None) -> datetime | None:
    return naive and naive.replace(tzinfo=UTC)
