"""What stands in DuckDB after a frame is loaded: types, pruning, sources, gaps, and the time each row was seen from and until."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from tests.evidence.made import DAY, MONDAY, Archive, account, accounts, seen

from upheld.evidence.collection import Collecting, Coverage
from upheld.evidence.frame import Frame, frame_at
from upheld.evidence.rows import history_frame, rows_frame
from upheld.evidence.table import ContractBroken

TUESDAY = MONDAY + DAY


def types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in connection.execute(f"DESCRIBE {relation}").fetchall()}


def loaded(frame: Frame, *tables: str, **options: object) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    frame.load(connection, tables, **options)
    return connection


def test_a_table_that_nobody_fills_is_empty_and_has_its_types(tmp_path: Path) -> None:
    empty = loaded(rows_frame({}, MONDAY, folder=tmp_path), "accounts", history=["accounts"])
    full = loaded(rows_frame({"accounts": accounts(1)}, MONDAY, folder=tmp_path), "accounts", history=["accounts"])
    for relation in ("accounts", "history.accounts"):
        assert types(empty, relation) == types(full, relation)
        assert empty.execute(f"SELECT count(*) FROM {relation}").fetchone() == (0,)
    assert types(empty, "accounts")["last_login_lag"] == "INTERVAL"
    assert types(empty, "accounts")["created_at"] == "TIMESTAMP"


def test_only_the_columns_that_are_read_are_loaded(tmp_path: Path) -> None:
    frame = rows_frame({"accounts": [account(1, enabled=True)]}, MONDAY, folder=tmp_path)
    connection = loaded(frame, "accounts", history=["accounts"], columns={"accounts": ["enabled"], "history.accounts": ["user_name"]})
    assert list(types(connection, "accounts")) == ["enabled", "source", "seen_from_at"]
    # What is open is a view of the history, where both are read.
    assert list(types(connection, "history.accounts")) == ["user_name", "enabled", "source", "seen_from_at", "seen_until_at", "ended"]
    assert connection.execute("SELECT * FROM accounts").fetchall() == [(True, "test", MONDAY.replace(tzinfo=None))]


def test_a_row_says_since_when_it_is_as_it_is_and_by_whom(tmp_path: Path) -> None:
    days = [(MONDAY, {"accounts": [account(1), account(2)]}), (TUESDAY, {"accounts": [account(1, locked=True), account(2)]})]
    connection = loaded(history_frame(days, TUESDAY + DAY, folder=tmp_path), "accounts")
    found = connection.execute("SELECT id, locked, source, seen_from_at FROM accounts ORDER BY id").fetchall()
    monday, tuesday = MONDAY.replace(tzinfo=None), TUESDAY.replace(tzinfo=None)
    assert found == [("a1", True, "test", tuesday), ("a2", None, "test", monday)]


def test_history_says_until_when_and_why(tmp_path: Path) -> None:
    days = [
        (MONDAY, {"accounts": [account(1), account(2)]}),
        (TUESDAY, {"accounts": [account(1, locked=True)]}),
        (TUESDAY + DAY, {"accounts": [account(1, locked=True), account(2)]}),
    ]
    connection = loaded(history_frame(days, TUESDAY + DAY, folder=tmp_path), history=["accounts"])
    found = connection.execute("SELECT id, seen_from_at, seen_until_at, ended FROM history.accounts ORDER BY id, seen_from_at").fetchall()
    monday, tuesday, wednesday = (instant.replace(tzinfo=None) for instant, _ in days)
    assert found == [
        ("a1", monday, tuesday, "changed"),
        ("a1", tuesday, None, None),
        ("a2", monday, tuesday, "vanished"),
        ("a2", wednesday, None, None),
    ]


def test_what_ended_later_still_stood_at_the_instant_asked_about(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.record(seen(accounts(2)))
    archive.record(seen(accounts(1), TUESDAY))
    connection = archive.loaded(MONDAY + DAY / 2, history=["accounts"])
    assert connection.execute("SELECT DISTINCT seen_until_at, ended FROM history.accounts").fetchall() == [(None, None)]


def test_an_instant_before_the_first_collection_has_no_rows(archive: Archive) -> None:
    archive.record(seen(accounts(2)))
    assert archive.ids(MONDAY - timedelta(microseconds=1)) == set()
    assert archive.ids(MONDAY) == {"a0", "a1"}


def test_durations_come_as_intervals(tmp_path: Path) -> None:
    lag = timedelta(days=14, hours=3, microseconds=5)
    frame = rows_frame({"accounts": [account(1, last_login_lag=lag, last_login_at=MONDAY)]}, MONDAY, folder=tmp_path)
    found = loaded(frame, "accounts").execute("SELECT last_login_lag, last_login_at + last_login_lag FROM accounts").fetchall()
    assert found == [(lag, MONDAY.replace(tzinfo=None) + lag)]


def test_gaps_and_cuts_are_rows(tmp_path: Path) -> None:
    frame = rows_frame({"accounts": accounts(1)}, MONDAY, folder=tmp_path, partial=["accounts"], denied=["accounts.has_mfa"])
    found = loaded(frame, "accounts").execute("SELECT table_name, source, column_name, kind, why FROM gaps ORDER BY kind").fetchall()
    assert found == [
        ("accounts", "test", None, "cut short", "cut short on purpose"),
        ("accounts", "test", "has_mfa", "denied", "denied on purpose"),
    ]


def test_without_gaps_the_table_of_gaps_is_empty(tmp_path: Path) -> None:
    connection = loaded(rows_frame({"accounts": []}, MONDAY, folder=tmp_path))
    assert connection.execute("SELECT count(*) FROM gaps").fetchone() == (0,)


def test_a_frame_of_rows_says_how_fresh_and_whole_they_are(tmp_path: Path) -> None:
    at = MONDAY - DAY / 2
    frame = rows_frame(
        {"accounts": accounts(3), "people": [], "grants": []}, MONDAY, folder=tmp_path, seen_at=at, stale=["people"], partial=["grants"]
    )
    (whole,), (old,), (part,) = (frame.filled[name] for name in ("accounts", "people", "grants"))
    assert (whole.coverage, whole.rows, whole.complete_at, whole.stale_at > MONDAY) == (Coverage.COMPLETE, 3, at, True)
    assert (old.coverage, old.stale_at <= MONDAY) == (Coverage.COMPLETE, True)
    assert (part.coverage, part.complete_at) == (Coverage.PARTIAL, None)


def test_rows_that_share_a_key_make_no_frame(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"rows of accounts share a key \(id\)"):
        rows_frame({"accounts": [account(1), account(1, enabled=True)]}, MONDAY, folder=tmp_path)


def test_what_was_seen_after_the_instant_is_not_in_its_frame(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing seen then is in the frame"):
        rows_frame({"accounts": []}, MONDAY, folder=tmp_path, seen_at=TUESDAY)
    archive = Archive(tmp_path)
    archive.record(seen(accounts(1)))
    archive.record(seen(accounts(2), TUESDAY))
    assert [file.seen_at for file in frame_at(archive.files, [], MONDAY).files["accounts"]] == [MONDAY]


def test_a_table_that_there_is_not_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContractBroken, match="there is no table 'acounts'"):
        loaded(rows_frame({}, MONDAY, folder=tmp_path), "acounts")


def test_a_column_that_a_contract_gains_is_null_in_what_was_written_before(archive: Archive) -> None:
    told = archive.record(seen(accounts(2))).tables["accounts"]
    file = archive.files[0]
    older = file.path.with_name("older.parquet")
    duckdb.execute(f"COPY (SELECT * EXCLUDE (has_mfa, mail, last_login_lag) FROM '{file.path}') TO '{older}' (FORMAT parquet)")
    older.replace(file.path)
    archive.store.verify("accounts", "ldap", MONDAY, told.digest)
    assert archive.loaded(MONDAY).execute("SELECT DISTINCT has_mfa, mail, last_login_lag FROM accounts").fetchall() == [(None, None, None)]
    archive.record(seen([account(0, has_mfa=True), account(1)], TUESDAY))
    found = archive.loaded(TUESDAY).execute("SELECT id, has_mfa FROM accounts ORDER BY id").fetchall()
    assert found == [("a0", True), ("a1", None)]


def test_history_can_be_asked_without_this_product(archive: Archive) -> None:
    page = (Path(__file__).parents[2] / "docs" / "design" / "evidence.md").read_text(encoding="utf-8")
    (query,) = re.findall(r"^    (SELECT \* FROM read_parquet.*?)\n\n", page, re.M | re.S)
    for day in range(4):
        archive.record(seen([account(number, uid_number=number * day) for number in range(6 - day)], MONDAY + day * DAY))
    asked = query.replace("'history/accounts/*.parquet'", "$files").replace("TIMESTAMP '2026-05-03'", "$as_of")
    for day in range(4):
        bound = {"files": [str(file.path) for file in archive.files], "as_of": (MONDAY + day * DAY).replace(tzinfo=None)}
        found = duckdb.execute(f"SELECT id FROM ({asked})", bound).fetchall()
        assert {id for (id,) in found} == archive.ids(MONDAY + day * DAY)


def test_a_table_can_have_a_column_named_like_what_history_keeps(archive: Archive) -> None:
    long_ago = datetime(2001, 2, 3, tzinfo=MONDAY.tzinfo)
    commit = {"id": "r:1", "repository_id": "r", "oid": "1", "branch": "main", "author": "a@example.org", "seen_at": long_ago}
    into = Collecting("git", ["commits"], MONDAY)
    into.rows("commits", [commit])
    archive.record(into)
    found = archive.loaded(MONDAY, tables=["commits"]).execute("SELECT seen_at, seen_from_at FROM commits").fetchall()
    assert found == [(long_ago.replace(tzinfo=None), MONDAY.replace(tzinfo=None))]
