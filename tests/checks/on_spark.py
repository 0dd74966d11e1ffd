"""Cases of a measure judged by DuckDB and on Spark: one as the product does, the others together where that can be said."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
import sqlglot
from tests.checks.together import CASES, NUMBER, Apart, together
from tests.judged import Case, read
from tests.stage import LIMITS, Stage, shipped

from upheld.checks import schema
from upheld.checks.engines import spark
from upheld.checks.engines.job import Job
from upheld.checks.engines.tally import Tally
from upheld.checks.measure import Measure
from upheld.evidence.duck import quoted

# What is judged is tiny: one partition, and no code made and compiled for a few rows.
SMALL = {
    "spark.default.parallelism": "1",
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    "spark.executor.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.ui.showConsoleProgress": "false",
}
# As many are asked at a time: starting is what costs, until a plan is large.
_AT_ONCE = 10

Tables = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Judged:
    """A case as DuckDB judged it, and the tables that its query reads."""

    job: Job
    tally: Tally
    tables: Tables


def here(measure: str, case: Case) -> Judged | None:
    """Return what DuckDB makes of `case`, None where there is no evidence to judge."""
    one = shipped()[measure]
    tables: dict[str, pa.Table] = {}
    with Stage(one, read(case.given), lambda connection: tables.update(_tables(connection, one))) as stage:
        job = stage.ready.job
        return Judged(job, _said(stage.session.tally(job)), tables) if job else None


def there(cases: Mapping[str, Judged], folder: Path, few: int = 1_000) -> dict[str, Tally]:
    """Return what Spark makes of `cases` of one measure. Tables of more than `few` rows go over in files below `folder`."""
    session = spark.session("local[1]", SMALL)
    most = max(cases, key=lambda name: cases[name].tally.population)
    with _loaded(cases[most].tables) as connection:
        (alone,) = spark.judged(connection, [cases[most].job], LIMITS, folder).values()
    jobs = [case.job for case in cases.values()]
    numbered = {number: case for number, (name, case) in enumerate(cases.items()) if name != most}
    rows = []
    populations = _populations(numbered, folder, few)
    while some := list(islice(populations, _AT_ONCE)):
        rows += session.sql(spark.asked(some, jobs[0], LIMITS)).collect()
    return {name: _said(tally) for name, tally in zip(cases, spark.told(rows, jobs), strict=True)} | {most: _said(alone)}


def _populations(cases: Mapping[int, Judged], folder: Path, few: int) -> Iterator[str]:
    """The populations of `cases`: of those of the same query in one, where that can be said."""
    alike = defaultdict(list)
    for number, case in cases.items():
        alike[case.job.query, case.job.excepted].append(number)
    for (query, _), numbers in alike.items():
        try:
            said = together(sqlglot.parse_one(query, read="duckdb")).sql("duckdb")
        except Apart:
            yield from (_population(cases[number].job, cases[number].tables, folder / str(number), few, str(number)) for number in numbers)
        else:
            job = replace(cases[numbers[0]].job, query=said)
            given = _together({number: cases[number].tables for number in numbers})
            yield _population(job, given, folder / str(numbers[0]), few, NUMBER)


def _population(job: Job, tables: Tables, folder: Path, few: int, number: str) -> str:
    folder.mkdir()
    with _loaded(tables) as connection:
        return spark.population(job, spark.relations(connection, folder, few), number)


def _tables(connection: duckdb.DuckDBPyConnection, measure: Measure) -> dict[str, pa.Table]:
    """The tables that `measure` reads, of each the columns that it names."""
    tables = {}
    for name in measure.reads:
        columns = schema.readable()[name]
        named = [column for column in columns if name in measure.whole_tables or column in measure.columns] or columns
        tables[name] = connection.execute(f"SELECT {', '.join(map(quoted, named))} FROM {name}").to_arrow_table()
    return tables


def _together(cases: Mapping[int, Tables]) -> Tables:
    """The tables of all `cases`, with the number of each, and their numbers."""
    tables = {
        name: pa.concat_tables([_with(number, given[name]) for number, given in cases.items()]) for name in next(iter(cases.values()))
    }
    return {**tables, CASES: pa.table({NUMBER: list(cases)})}


def _with(number: int, rows: pa.Table) -> pa.Table:
    return rows.append_column(NUMBER, pa.array([number] * rows.num_rows, pa.int64()))


def _loaded(tables: Tables) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("CREATE SCHEMA history")
    for name, rows in tables.items():
        connection.register("rows", rows)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM rows")
        connection.unregister("rows")
    return connection


def _said(tally: Tally) -> Tally:
    """The tally, of its error only how it begins: engines word them differently."""
    return replace(tally, error=tally.error[:16])
