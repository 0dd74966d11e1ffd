"""Every measure that ships, judged again by nothing but DuckDB, from its own text: what only our translation can read is no proof."""

import duckdb
import pytest

from upheld.checks import library
from upheld.ledger.verify.bundle import engine

MEASURES = library.shipped()


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def test_a_text_that_duckdb_cannot_read_is_noticed(database: duckdb.DuckDBPyConnection):
    """The control: `at` is a word of DuckDB's own where a column is meant."""
    with pytest.raises(duckdb.ParserException):
        engine._select(database, "SELECT id, at, at - lag(at) OVER (ORDER BY at) FROM signs")


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_duckdb_reads_the_text_as_it_is_written(name: str, database: duckdb.DuckDBPyConnection):
    assert engine._select(database, MEASURES[name].query)
