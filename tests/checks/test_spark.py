"""The same files give the same outcomes on Spark: every case of every shipped measure, outcome by outcome."""

import os
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest
from tests.judged import Case, read
from tests.rows import load
from tests.stage import LIMITS, Stage, shipped

from upheld.checks.engines.tally import Tally
from upheld.checks.judge import prepare

HERE = Path(__file__).parents[1]
FILES = sorted((HERE / "measures").glob("*/test_*.py"))

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(
        find_spec("pyspark") is None and os.environ.get("UPHELD_REQUIRE_LAB") != "1",
        reason="pyspark is not installed: pip install '.[spark]'",
    ),
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem.removeprefix('test_')}")
def test_every_case_gives_the_same_outcomes_on_spark(file: Path, tmp_path: Path) -> None:
    module = import_module(".".join(file.relative_to(HERE.parent).with_suffix("").parts))
    different = {}
    for number, (name, case) in enumerate(module.CASES.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        here, there = _both(module.MEASURE, case, folder)
        if here != there:
            different[name] = (here, there)
    assert different == {}


def _both(measure: str, case: Case, folder: Path) -> tuple[Tally, Tally]:
    """What DuckDB and Spark make of one case."""
    from upheld.checks.engines import spark

    with Stage(shipped()[measure], read(case.given)) as stage:
        ready = prepare(stage.measure, stage.frame, stage.parameters, stage.given.exceptions)
        if ready.job is None:
            return Tally(), Tally()
        here = stage.session.tally(ready.job)
        connection = duckdb.connect()
        load(connection, stage.rows, stage.measure.reads, stage.given.as_of)
        there = spark.judged(connection, [ready.job], LIMITS, folder)[measure]
        return (replace(here, error=here.error[:16]), replace(there, error=there.error[:16]))
