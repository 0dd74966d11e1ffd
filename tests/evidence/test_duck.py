import duckdb
import pytest

from upheld.evidence.duck import lent, sharing


def test_databases_that_share_one_do_not_see_each_other_and_are_gone_afterwards():
    with sharing():
        with lent() as outer, lent() as inner:
            outer.execute("CREATE TABLE changes AS SELECT 1 AS a")
            inner.execute("CREATE TABLE changes AS SELECT 2 AS a")
            assert [each.execute("SELECT a FROM changes").fetchall() for each in (outer, inner)] == [[(1,)], [(2,)]]
        with lent() as later, pytest.raises(duckdb.CatalogException):
            later.execute("SELECT a FROM changes")


def test_what_went_wrong_within_is_what_is_heard_of():
    with sharing(), pytest.raises(KeyError, match="mine"), lent() as connection:
        connection.execute("BEGIN; CREATE TABLE changes AS SELECT 1 AS a")
        raise KeyError("mine")


def test_without_sharing_each_is_a_database_by_itself():
    with lent() as one, lent() as other:
        one.execute("CREATE TABLE changes AS SELECT 1 AS a")
        assert other.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
