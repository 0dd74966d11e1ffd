"""The same files give the same outcomes on Spark: every case of every shipped measure, outcome by outcome."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest
from tests.judged import Case, read
from tests.rows import load
from tests.stage import LIMITS, Stage, shipped

from upheld.checks.engines.job import Job
from upheld.checks.engines.tally import Tally
from upheld.checks.judge import prepare

HERE = Path(__file__).parents[1]
FILES = sorted((HERE / "measures").glob("*/test_*.py"))
# What is judged is tiny: one partition, and no code made and compiled for a few rows.
SMALL = {
    "spark.default.parallelism": "1",
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.ui.showConsoleProgress": "false",
}

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(
        find_spec("pyspark") is None and os.environ.get("UPHELD_REQUIRE_LAB") != "1",
        reason="pyspark is not installed: pip install '.[spark]'",
    ),
]


@dataclass(frozen=True)
class Judged:
    """One case as DuckDB judged it, and its tables in Spark's SQL."""

    job: Job
    here: Tally
    given: Mapping[str, str]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem.removeprefix('test_')}")
def test_every_case_gives_the_same_outcomes_on_spark(file: Path, tmp_path: Path) -> None:
    module = import_module(".".join(file.relative_to(HERE.parent).with_suffix("").parts))
    here = {name: judged for name, case in module.CASES.items() if (judged := _here(module.MEASURE, case, tmp_path))}
    there = _there(here)
    different = {name: (case.here, there[name]) for name, case in here.items() if _said(case.here) != _said(there[name])}
    assert here and different == {}


def _here(measure: str, case: Case, folder: Path) -> Judged | None:
    """What DuckDB makes of a case, None where there is no evidence to judge."""
    from upheld.checks.engines import spark

    with Stage(shipped()[measure], read(case.given)) as stage:
        ready = prepare(stage.measure, stage.frame, stage.parameters, stage.given.exceptions)
        if ready.job is None:
            return None
        with duckdb.connect() as connection:
            load(connection, stage.rows, stage.measure.reads, stage.given.as_of)
            return Judged(ready.job, stage.session.tally(ready.job), spark.relations(connection, folder))


def _there(cases: Mapping[str, Judged]) -> dict[str, Tally]:
    """What Spark makes of all `cases`. They are asked in one go, since starting is what costs; each has tables of its own."""
    from upheld.checks.engines import spark

    session = spark.session("local[1]", SMALL)
    names = list(cases)
    each = [
        session.sql(spark.asked(case.job, case.given, LIMITS)).selectExpr(f"{n} AS number", "*") for n, case in enumerate(cases.values())
    ]
    rows = {row.number: row for row in reduce(lambda one, other: one.unionAll(other), each).collect()}
    return {name: spark.told(rows[number], cases[name].job) for number, name in enumerate(names)}


def _said(tally: Tally) -> Tally:
    """The tally, of its error only how it begins: engines word them differently."""
    return replace(tally, error=tally.error[:16])
