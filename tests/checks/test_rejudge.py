"""Judging again only what changed gives what judging everything gives, whatever changed and however much time passed."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.checks import here
from tests.stage import AS_OF, declared, shipped

from upheld.checks.front import MeasureError
from upheld.checks.judge import judge
from upheld.checks.keeping import Round, load
from upheld.checks.lint import refusal
from upheld.checks.measure import parse
from upheld.checks.rejudge import Way, rejudge
from upheld.evidence.collection import Collecting
from upheld.evidence.frame import ChangeFile, Frame, frame_at
from upheld.evidence.store import Store

Row = Mapping[str, Any]

BY_TIME = parse(
    "access/by_time",
    """/*---
title = "Used"
promise = "Every account is used within 30 days."
why = "An example of an outcome that time changes."
clauses = []
kind = "deadline"
severity = "low"
owner = "it-operations"
warn = "5 days"
scope = "row"
row = "accounts"
---*/
SELECT account.source || '/' || account.id AS subject, account.user_name AS label,
       account.last_login_at >= $as_of - INTERVAL 30 DAY AS ok,
       coalesce('last used ' || CAST(account.last_login_at AS DATE), 'unknown') AS detail,
       account.last_login_at + INTERVAL 30 DAY AS flips_at
FROM accounts AS account LEFT JOIN systems AS system ON system.id = account.system_id
WHERE system.in_operation AND account.enabled
""",
)
SYSTEMS = [{"id": "crm", "name": "CRM", "in_operation": True, "mfa_required": True}, {"id": "old", "in_operation": False}]


def accounts() -> st.SearchStrategy[list[Row]]:
    """Some of twelve accounts, each with what measures of row scope look at."""
    account = st.fixed_dictionaries(
        {
            "id": st.sampled_from([f"a{number}" for number in range(12)]),
            "system_id": st.sampled_from(["crm", "crm", "old"]),
            "user_name": st.just("somebody"),
            "identifier": st.just("somebody"),
            "kind": st.sampled_from(["person", "service"]),
            "enabled": st.sampled_from([True, True, False, None]),
            "can_sign_in": st.sampled_from([True, None]),
            "has_mfa": st.sampled_from([True, False, None]),
            "password_scheme": st.sampled_from(["yescrypt", "md5", None]),
            "last_login_at": st.none() | st.integers(0, 40).map(lambda days: AS_OF - timedelta(days=days)),
            "created_at": st.none() | st.integers(0, 40).map(lambda days: AS_OF - timedelta(days=days)),
            "password_changed_at": st.none() | st.integers(0, 40).map(lambda days: AS_OF - timedelta(days=days)),
        }
    )
    return st.lists(account, max_size=12, unique_by=lambda row: str(row["id"]))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days=st.lists(accounts(), min_size=2, max_size=3), hours=st.integers(1, 300))
def test_judging_again_gives_what_judging_everything_gives(days: list[list[Row]], hours: int) -> None:
    measures = [BY_TIME, *(each for each in shipped().values() if each.row == "accounts")]
    with TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as folder:
        kept: Round | None = None
        for frame in frames(Path(folder), days, hours):
            again = rejudge(measures, frame, declared(), {}, kept, engine=here.run)
            assert again.verdicts == judge(measures, frame, declared(), {}, engine=here.run)
            kept = load(again.kept.dump())


def test_what_did_not_change_is_taken_over_and_what_did_is_judged_by_its_rows(tmp_path: Path) -> None:
    days = [[used(0)], [used(0)], [used(31)]]
    kept: Round | None = None
    ways = []
    for frame in frames(tmp_path, days, 1):
        again = rejudge([BY_TIME], frame, declared(), {}, kept, engine=here.run)
        kept = again.kept
        ways.append(again.ways[BY_TIME.id])
    assert ways == [Way.WHOLE, Way.TAKEN_OVER, Way.BY_ROWS]
    assert again.verdicts[0].failed == 1


def test_a_subject_that_flips_meanwhile_is_found(tmp_path: Path) -> None:
    earlier, later = frames(tmp_path, [[used(0)], [used(0)]], 31 * 24)
    first = rejudge([BY_TIME], earlier, declared(), {}, None, engine=here.run)
    again = rejudge([BY_TIME], later, declared(), {}, first.kept, engine=here.run)
    assert (first.verdicts[0].failed, again.verdicts[0].failed, again.ways[BY_TIME.id]) == (0, 1, Way.BY_ROWS)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_where_more_flip_than_are_kept_all_are_judged(most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upheld.checks.rejudge.FLIPS", most)
    rows = [{**used(each), "id": f"a{each}"} for each in range(3)]
    earlier, later = frames(tmp_path, [rows, rows], 31 * 24)
    first = rejudge([BY_TIME], earlier, declared(), {}, None, engine=here.run)
    again = rejudge([BY_TIME], later, declared(), {}, first.kept, engine=here.run)
    assert again.verdicts == judge([BY_TIME], later, declared(), {}, engine=here.run)


def test_rows_that_come_and_go_count_where_no_column_is_read(tmp_path: Path) -> None:
    """Nothing of an account is read but that it is there."""
    counts = "SELECT 'all' AS subject, 'all' AS label, count(*) < 2 AS ok, count(*) || ' accounts' AS detail FROM accounts"
    many = replace(BY_TIME, id="access/many", query=counts)
    earlier, later = frames(tmp_path, [[used(0)], [used(0), used(0, "a2")]], 1)
    first = rejudge([many], earlier, declared(), {}, None, engine=here.run)
    again = rejudge([many], later, declared(), {}, first.kept, engine=here.run)
    assert (first.verdicts[0].failed, again.verdicts[0].failed) == (0, 1)


def test_row_scope_is_refused_where_rows_are_compared() -> None:
    grouped = replace(BY_TIME, query=BY_TIME.query.replace("WHERE", "GROUP BY ALL HAVING"))
    assert "so it is not of row scope" in refusal(grouped)


def test_row_scope_must_name_its_table() -> None:
    text = '/*---\ntitle="t"\npromise="p"\nwhy="w"\nclauses=[]\nkind="state"\nseverity="low"\nowner="o"\nscope="row"\n---*/\nSELECT 1'
    with pytest.raises(MeasureError, match="`scope` and `row` disagree"):
        parse("access/nothing", text)


def used(days: int, name: str = "a1") -> Row:
    """The account `name`, which was used `days` ago."""
    row = {"id": name, "system_id": "crm", "user_name": "ada", "identifier": "ada", "enabled": True}
    return {**row, "last_login_at": AS_OF - timedelta(days=days)}


def frames(folder: Path, days: Sequence[Sequence[Row]], hours: int) -> Iterator[Frame]:
    """The frame after each of `days` of accounts, `hours` apart."""
    files: list[ChangeFile] = []
    for number, rows in enumerate(days):
        seen_at = AS_OF + timedelta(hours=hours * number)
        brought = {"accounts": rows, "systems": SYSTEMS}
        into = Collecting("test", list(brought), seen_at)
        for name, each in brought.items():
            into.rows(name, each)
        told = Store(folder, files).record(into, f"collection-{number}", accept_vanishing=frozenset(brought))
        files += told.files
        yield frame_at(files, [each.filled(None) for each in told.tables.values()], seen_at)
