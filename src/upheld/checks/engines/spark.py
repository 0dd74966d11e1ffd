"""Judging on Spark, for what outgrew one machine: the same frame and the same queries, said in Spark's SQL by sqlglot.

A frame is put together by DuckDB (tables as of the instant, through time, derived) and handed over as Parquet; the queries,
which are the work, run on Spark. Needs the extra `spark` and a Java runtime.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import duckdb
import sqlglot
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from upheld.checks.engines.job import Job, Needs
from upheld.checks.engines.session import COLUMNS
from upheld.checks.engines.tally import Limits, Tally, digest, line
from upheld.checks.verdict import Outcome
from upheld.evidence.duck import quoted
from upheld.evidence.frame import Frame

_SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.catalogImplementation": "in-memory",
}


def session(master: str = "local[2]", settings: Mapping[str, str] = MappingProxyType({})) -> SparkSession:
    """Return the session on `master` with further `settings`; there is one in a process, and the first to ask chooses."""
    builder = SparkSession.builder.master(master).appName("upheld")
    for name, value in {**_SETTINGS, **settings}.items():
        builder = builder.config(name, value)
    spark: SparkSession = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def run(frame: Frame, needs: Needs, jobs: Sequence[Job], limits: Limits, outcomes: Path | None) -> dict[str, Tally]:
    """Return the tally of each of `jobs` on `frame`, as `engines.duckdb.run` does; populations are not written."""
    connection = duckdb.connect()
    frame.load(connection, needs.tables, needs.history, needs.columns)
    with TemporaryDirectory() as folder:
        return judged(connection, jobs, limits, Path(folder))


def judged(connection: duckdb.DuckDBPyConnection, jobs: Sequence[Job], limits: Limits, folder: Path) -> dict[str, Tally]:
    """Return the tally of each of `jobs` on the tables loaded in `connection`, which are handed over in files below `folder`."""
    spark = session()
    spark.sql("CREATE DATABASE IF NOT EXISTS history")
    for place, name in connection.execute("SELECT table_schema, table_name FROM information_schema.tables ORDER BY ALL").fetchall():
        _hand_over(connection, spark, place, name, folder)
    return {job.measure: _tally(spark, job, limits) for job in jobs}


def _hand_over(connection: duckdb.DuckDBPyConnection, spark: SparkSession, place: str, name: str, folder: Path) -> None:
    """Make a view in `spark` of the table `name` in the schema `place` of `connection`."""
    file = folder / f"{place}.{name}.parquet"
    relation = f"{quoted(place)}.{quoted(name)}"
    described = connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {relation})").fetchall()  # noqa: S608  names from contracts, quoted
    stored = ", ".join(_stored(column, kind) for column, kind in described)
    connection.execute(f"COPY (SELECT {stored} FROM {relation}) TO '{file}' (FORMAT parquet)")  # noqa: S608  as above
    shown = ", ".join(_shown(column, kind) for column, kind in described)
    view = f"history.{name}" if place == "history" else name
    spark.sql(f"CREATE OR REPLACE VIEW {view} AS SELECT {shown} FROM parquet.`{file}`")  # noqa: S608  as above


def _stored(column: str, kind: str) -> str:
    """A column as it goes into Parquet, where Spark reads no interval: as microseconds."""
    return f"epoch_us({quoted(column)}) AS {quoted(column)}" if kind == "INTERVAL" else quoted(column)


def _shown(column: str, kind: str) -> str:
    return f"make_dt_interval(0, 0, 0, `{column}` / 1000000) AS `{column}`" if kind == "INTERVAL" else f"`{column}`"


def _tally(spark: SparkSession, job: Job, limits: Limits) -> Tally:
    try:
        return _counted(_outcome(spark, job), job, limits)
    except PySparkException as error:
        return Tally(error=f"the query failed: {str(error).splitlines()[0]}")


def _outcome(spark: SparkSession, job: Job) -> DataFrame:
    """The population, its columns of the types they must have, further ones as text."""
    (query,) = sqlglot.transpile(job.query, read="duckdb", write="spark")
    names = (*COLUMNS, *(column for column in job.columns if column not in COLUMNS))
    types = {"ok": "BOOLEAN", "flips_at": "TIMESTAMP_NTZ"}
    shown = ", ".join(
        f"CAST({f'`{name}`' if name in job.columns else 'NULL'} AS {types.get(name, 'STRING')}) AS `{name}`" for name in names
    )
    return spark.sql(f"SELECT {shown} FROM ({query})")  # noqa: S608  written from an allowed syntax tree


def _counted(population: DataFrame, job: Job, limits: Limits) -> Tally:
    """The tally of a population. Only what does not pass, and what flips first, comes to this process."""
    population.cache()
    try:
        size, named, distinct, passed, flips_at = population.selectExpr(
            "count(*)", "count(subject)", "count(DISTINCT subject)", "count_if(ok)", "min(flips_at) FILTER (WHERE ok)"
        ).first() or (0, 0, 0, 0, None)
        if named < size or distinct < size:
            return Tally(error=f"the query gave {size - distinct:,} rows without a subject of their own")
        outcomes = [_read(row.asDict(), job) for row in population.where("NOT coalesce(ok, false)").limit(limits.named).collect()]
        first = population.where(population.ok & (population.flips_at == flips_at)).orderBy("label", "detail").first() if flips_at else None
    finally:
        population.unpersist()
    outcomes.sort(key=lambda each: (each.excepted, each.subject))
    failing = tuple(each for each in outcomes if each.ok is False)
    unknowns = tuple(each for each in outcomes if each.ok is None)
    waived = sum(each.excepted for each in failing)
    lines = "\n".join(line(each) for each in sorted(outcomes, key=lambda each: each.subject))
    return Tally(
        population=size,
        passed=passed,
        failed=len(failing) - waived,
        excepted=waived,
        unknown=len(unknowns),
        failing=failing,
        unknowns=unknowns,
        flips_at=_aware(flips_at),
        flipping=(first.label or "", first.detail or "") if first else ("", ""),
        digest=digest(size, passed, lines),
    )


def _read(row: dict[str, Any], job: Job) -> Outcome:
    known = {name: row.pop(name) for name in COLUMNS}
    waived = known["ok"] is False and known["subject"] in job.excepted
    more = {name: value for name, value in row.items() if value is not None}
    label = known["label"] or known["subject"]
    return Outcome(known["subject"], label, known["ok"], known["detail"] or "", _aware(known["flips_at"]), waived, more)


def _aware(naive: datetime | None) -> datetime | None:
    return naive and naive.replace(tzinfo=UTC)
