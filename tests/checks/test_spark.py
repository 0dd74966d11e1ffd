"""The same files give the same outcomes on Spark: every case of every shipped measure, outcome by outcome."""

import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

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
    from tests.checks.on_spark import here, there

    module = import_module(".".join(file.relative_to(HERE.parent).with_suffix("").parts))
    cases = {name: judged for name, case in module.CASES.items() if (judged := here(module.MEASURE, case))}
    assert cases and there(cases, tmp_path) == {name: case.tally for name, case in cases.items()}


def test_a_large_table_goes_over_as_a_file(tmp_path: Path) -> None:
    from tests.checks.on_spark import here, there
    from tests.measures.backup.test_restore_proven import CASES, MEASURE

    cases = {name: here(MEASURE, CASES[name]) for name in ("upheld", "never", "too slow")}
    given = there(cases, tmp_path, few=0)
    assert list(tmp_path.rglob("*.parquet")) and given == {name: case.tally for name, case in cases.items()}
