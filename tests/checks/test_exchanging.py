"""What a query gives on rows as they were and as they are: only what is other is told, and whatever is wrong with it is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from upheld.checks.engines.exchanging import exchanged
from upheld.checks.engines.job import AFTER, BEFORE, Job
from upheld.checks.engines.tally import Limits, Tally

QUERY = "SELECT subject, upper(subject) AS label, ok, 'said' AS detail, CAST(NULL AS TIMESTAMP) AS flips_at FROM rows"
COLUMNS = ("subject", "label", "ok", "detail", "flips_at")
Places = dict[str, duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    """A connection to rows as they were, and one to them as they are."""
    with duckdb.connect() as connection:
        found = {}
        for name in (BEFORE, AFTER):
            connection.execute(f"ATTACH ':memory:' AS {name}")
            found[name] = connection.cursor()
            found[name].execute(f"USE {name}")
        yield found


def told(places: Places, was: str, is_: str, limits: Limits | None = None, **more: Path) -> Tally:
    for place, rows in ((BEFORE, was), (AFTER, is_)):
        places[place].execute(f"CREATE OR REPLACE TABLE rows AS SELECT * FROM (VALUES {rows}) AS made(subject, ok)")
    job = Job("x", QUERY, COLUMNS, on=AFTER)
    return exchanged(places, replace(job, on=BEFORE), replace(job, **more), limits or Limits(), set())


def test_only_what_is_other_is_told(places: Places) -> None:
    now = told(places, "('a', true), ('b', false), ('c', false)", "('a', true), ('b', true), ('c', false), ('d', NULL)")
    assert now.was is not None
    assert (now.population, now.passed, now.unknown, [each.subject for each in now.unknowns]) == (2, 1, 1, ["d"])
    assert (now.was.population, now.was.failed, [each.subject for each in now.was.failing]) == (1, 1, ["b"])


def test_where_nothing_is_other_nothing_is_told_nor_written(places: Places, tmp_path: Path) -> None:
    base, file = tmp_path / "base.parquet", tmp_path / "now.parquet"
    places[AFTER].execute(f"COPY (SELECT 'z' AS subject, 'Z' AS label, true AS ok) TO '{base}' (FORMAT parquet)")
    assert told(places, "('a', false)", "('a', false)", base=base, outcomes=file) == Tally(was=Tally()) and not file.exists()
    assert told(places, "('a', false)", "('a', true)", base=base, outcomes=file).passed == 1, "the control: this is other"
    assert places[AFTER].execute(f"SELECT subject FROM '{file}' ORDER BY 1").fetchall() == [("a",), ("z",)]


@pytest.mark.parametrize("is_", ["('a', true), ('a', false)", "('a', false), ('b', true), ('b', true)"], ids=["beside what stayed", "new"])
def test_a_subject_that_comes_twice_is_an_error(places: Places, is_: str) -> None:
    assert "rows for one subject" in told(places, "('a', false)", is_).error


def test_rows_without_a_subject_or_too_many_of_them_are_an_error(places: Places) -> None:
    assert told(places, "('a', true)", "('a', true), (NULL, true)").error == "the query gave 1 rows without a subject"
    many = "('a', true), ('b', true), ('c', true)"
    assert told(places, many, many, Limits(rows=2)).error == "the query gave more than 2 rows", "cut off, they would look alike"
