import os
from contextvars import Context

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
    def seen_of_another() -> int:
        with lent() as one, lent() as other:
            one.execute("CREATE TABLE changes AS SELECT 1 AS a")
            return len(other.execute("SELECT * FROM duckdb_tables()").fetchall())

    assert Context().run(seen_of_another) == 0  # tests share one, but not in a context of their own
    with lent() as connection:
        assert connection.execute("SELECT current_database()").fetchone() != ("memory",)


def test_one_that_broke_is_not_lent_again():
    with sharing(), pytest.raises(duckdb.FatalException), lent():
        raise duckdb.FatalException("it is gone")
    with lent() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_copy_of_the_process_starts_its_own():
    with lent() as connection:
        connection.execute("CREATE TABLE changes AS SELECT 1 AS a")
        child = os.fork()
        if child == 0:
            with lent() as own:
                os._exit(len(own.execute("SELECT * FROM duckdb_databases() WHERE NOT internal").fetchall()))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
