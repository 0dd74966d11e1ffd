"""Spark as the engine of a judgement: the same verdicts and the same populations as DuckDB's; without Java nothing is kept."""

import os
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest
from tests.checks.example import account, measure
from tests.judged import AS_OF
from tests.stage import declared

from upheld.checks.choosing import chosen
from upheld.checks.engines import duckdb as duckdb_engine
from upheld.checks.judge import Engine, judge
from upheld.checks.verdict import State
from upheld.evidence.rows import rows_frame

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(
        find_spec("pyspark") is None and os.environ.get("UPHELD_REQUIRE_LAB") != "1",
        reason="pyspark is not installed: pip install '.[spark]'",
    ),
]
NOBODY_KNOWS = "SELECT id AS subject, user_name AS label, CASE WHEN id = '' THEN true END AS ok, 'y' AS detail, id AS more FROM accounts"
MEASURES = [measure(), measure(name="access/other"), measure(NOBODY_KNOWS, name="access/third")]


def spark() -> Engine:
    engine = chosen("spark")
    assert engine is not None
    return engine


def test_verdicts_and_populations_are_those_of_duckdb(tmp_path: Path) -> None:
    rows = [account("ada", enabled=True), account("bob", enabled=False), account("carl"), account("dora", enabled=False)]
    frame = rows_frame({"accounts": rows}, AS_OF, folder=tmp_path / "history")
    excepted = {"access/example": {"dora": AS_OF + timedelta(days=3)}}
    engines = {"duckdb": duckdb_engine.run, "spark": spark()}
    judged = {name: judge(MEASURES, frame, declared(), excepted, outcomes=tmp_path / name, engine=each) for name, each in engines.items()}
    assert judged["spark"] == judged["duckdb"]
    assert [each.state for each in judged["spark"]] == [State.BROKEN, State.BROKEN, State.UNPROVEN]
    files = {name: sorted(str(each.relative_to(tmp_path / name)) for each in (tmp_path / name).rglob("*.parquet")) for name in engines}
    assert files["spark"] == files["duckdb"] == ["access/example.parquet", "access/other.parquet", "access/third.parquet"]
    for file in files["spark"]:
        one, other = (duckdb.sql(f"SELECT * FROM '{tmp_path / name / file}'") for name in engines)
        columns = sorted(one.columns)
        assert columns == sorted(other.columns)
        one, other = (each.select(*columns).order("subject") for each in (one, other))
        assert (one.types, one.fetchall()) == (other.types, other.fetchall())


def test_nobody_is_an_empty_population(tmp_path: Path) -> None:
    frame = rows_frame({"accounts": []}, AS_OF, folder=tmp_path / "history")
    (verdict,) = judge([measure()], frame, declared(), {}, outcomes=tmp_path / "spark", engine=spark())
    assert (verdict.state, verdict.population) == (State.UNPROVEN, 0)
    assert duckdb.sql(f"SELECT count(*) FROM '{tmp_path}/spark/access/example.parquet'").fetchone() == (0,)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "An error occurred.\norg.apache.spark.SparkException: awaited\n\tat a.B\nModuleNotFoundError: No module named 'upheld'\n",
            "ModuleNotFoundError: No module named 'upheld'",
        ),
        ("An error.\norg.x.SparkException: awaited\nCaused by: java.io.IOException: no disk\n", "java.io.IOException: no disk"),
        ("Something else\nat all", "Something else"),
    ],
)
def test_what_failed_on_spark_is_told_in_the_words_that_it_began_with(said, told):
    from upheld.checks.engines.spark import cause

    assert cause(Exception(said)) == told
