"""The same files give the same outcomes on Spark: every case of every shipped measure, outcome by outcome."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
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
    here = {}
    for number, (name, case) in enumerate(module.CASES.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        if judged := _here(module.MEASURE, case, folder):
            here[name] = judged
    there = _there(here)
    different = {name: (case.here, there[name]) for name, case in here.items() if _said(case.here) != _said(there[name])}
    assert here and different == {}


def test_a_large_table_goes_over_as_a_file(tmp_path: Path) -> None:
    from tests.measures.backup.test_restore_proven import CASES, MEASURE

    case = _here(MEASURE, CASES["upheld"], tmp_path, few=0)
    assert case and "parquet" in "".join(case.given.values())
    assert _there({"upheld": case}) == {"upheld": case.here}


def _here(measure: str, case: Case, folder: Path, few: int = 1_000) -> Judged | None:
    """What DuckDB makes of a case, None where there is no evidence to judge. Tables of more than `few` rows go into `folder`."""
    from upheld.checks.engines import spark

    with Stage(shipped()[measure], read(case.given)) as stage:
        ready = prepare(stage.measure, stage.frame, stage.parameters, stage.given.exceptions)
        if ready.job is None:
            return None
        with duckdb.connect(config={"threads": 1}) as connection:
            load(connection, stage.rows, stage.measure.reads, stage.given.as_of)
            return Judged(ready.job, stage.session.tally(ready.job), spark.relations(connection, folder, few))


def _there(cases: Mapping[str, Judged]) -> dict[str, Tally]:
    """What Spark makes of all `cases`, ten asked at a time: starting is what costs, until a plan is large. Each has tables of its own."""
    from upheld.checks.engines import spark

    session = spark.session("local[1]", SMALL)
    there: dict[str, Tally] = {}
    names = iter(cases)
    while some := list(islice(names, 10)):
        rows = session.sql(spark.asked([(cases[name].job, cases[name].given) for name in some], LIMITS)).collect()
        there |= zip(some, spark.told(rows, [cases[name].job for name in some]), strict=True)
    return there


def _said(tally: Tally) -> Tally:
    """The tally, of its error only how it begins: engines word them differently."""
    return replace(tally, error=tally.error[:16])
