"""Queries of a bundle are a stranger's: what they may not do is refused, ends nothing but themselves, and is told."""

import multiprocessing
from pathlib import Path

import pytest

from upheld.ledger.verify.bundle import engine
from upheld.ledger.verify.bundle.contracts import Contract
from upheld.ledger.verify.bundle.engine import Limits, Question, Table
from upheld.ledger.verify.bundle.reperform import _answers

LIMITS = Limits(seconds=2.0, memory_bytes=256 << 20, rows=1000, load_seconds=30)
PERSON = {"id": "1", "took": 1_000_000, "share": "inf", "source": "hr", "seen_from_at": "2026-05-04T12:00:00.000000Z"}
PEOPLE = Table(Contract("people", {"id": "text", "took": "duration", "share": "real"}), [PERSON], None)
EVIL = (("evil", "SELECT * FROM read_text('/etc/passwd')"),)
GOOD = "SELECT id AS subject, took = INTERVAL '1 second' AND isinf(share) AS ok FROM people"


def asked(query: str, *, ran: str = "", derived: tuple[tuple[str, str], ...] = ()) -> engine.Tally:
    return _answers([PEOPLE], [Question("a/b", query, ran, derived, (), ())], LIMITS)["a/b"]


def test_a_query_of_a_measure_runs(tmp_path):
    assert asked(GOOD) == engine.Tally(population=1, passed=1)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT content AS subject, true AS ok FROM read_text('/etc/passwd')",
        "SELECT column0 AS subject, true AS ok FROM '/etc/passwd'",
        "SELECT 'x' AS subject, true AS ok FROM read_csv('https://example.com/x.csv')",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "ATTACH '/tmp/x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "DROP TABLE people",
        "SELECT 1 AS subject, true AS ok; DROP TABLE people",
        "SELECT 'x' AS subject, true AS ok) AS t; DROP TABLE people; SELECT * FROM (SELECT 'y' AS subject, true AS ok",
        "CREATE TABLE evil AS SELECT 1",
        "CALL pragma_version()",
        "EXPORT DATABASE '/tmp/x'",
        "SELECT * FROM os",
        "SELECT subject FROM nowhere",
        "SELECT 'a' AS subject, true AS ok UNION ALL SELECT 'a', true",
        "SELECT NULL AS subject, true AS ok",
        "SELECT CAST(range AS VARCHAR) AS subject, true AS ok FROM range(5000)",
        "not SQL at all",
        "",
    ],
)
def test_what_no_measure_does_is_refused(query):
    assert "could not be loaded" not in asked(query).error != ""


def test_a_query_without_end_is_ended():
    endless = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT CAST(max(n) AS VARCHAR) AS subject, true AS ok FROM t"
    assert "stopped after 2 seconds" in asked(endless).error or "memory" in asked(endless).error.lower()


def test_a_hostile_derived_table_spoils_nothing_but_what_reads_it():
    assert asked(GOOD, derived=EVIL).passed == 1
    assert "could not be derived" in asked("SELECT content AS subject, true AS ok FROM evil", derived=EVIL).error


def test_the_environment_is_not_there_to_be_read(monkeypatch):
    monkeypatch.setenv("UPHELD_SECRET", "swordfish")
    found = asked("SELECT coalesce(getenv('UPHELD_SECRET'), 'none') AS subject, false AS ok")
    assert "swordfish" not in str(found.subjects)


def test_a_process_that_dies_is_told_as_such(monkeypatch):
    def dies(tables, questions, limits):
        import os

        os.abort()

    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("needs fork")
    monkeypatch.setattr(engine, "run", dies)
    assert "crashed, hung or took too much" in asked(GOOD).error
    assert Path("/etc/passwd").exists()
