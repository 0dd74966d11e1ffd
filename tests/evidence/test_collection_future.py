"""What tells of the past and lies ahead is not believed: it would keep a measure upheld for ever."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.evidence.made import MONDAY, account, accounts

from upheld.evidence.collection import AHEAD, Collecting, Coverage, Gap, GapKind
from upheld.evidence.table import ContractBroken, parse, tables

NEVER = datetime(2999, 1, 1, tzinfo=UTC)


def collecting(table: str = "accounts") -> Collecting:
    return Collecting("ldap", [table], MONDAY)


def test_a_last_sign_in_that_lies_ahead_is_unknown_and_said_once():
    into = collecting()
    into.rows("accounts", accounts(2, last_login_at=NEVER))
    into.rows("accounts", [account(7, last_login_at=NEVER)])
    assert {row["last_login_at"] for row in into.seen["accounts"].rows.values()} == {None}
    assert into.notes == ["3 values of accounts.last_login_at lie in the future and are taken as unknown"]
    assert into.coverage is Coverage.COMPLETE


def test_unknown_is_not_taken_for_never():
    into = collecting()
    into.rows("accounts", accounts(2, last_login_at=NEVER))
    assert into.gaps == [Gap("accounts", "last_login_at", GapKind.UNSUPPORTED, "some of its values lie in the future")]


@pytest.mark.parametrize(("ahead", "kept"), [(AHEAD, True), (AHEAD + timedelta(microseconds=1), False)])
def test_clocks_may_differ_by_an_hour(ahead, kept):
    into = collecting()
    into.rows("accounts", [account(1, last_login_at=MONDAY + ahead)])
    (row,) = into.seen["accounts"].rows.values()
    assert (row["last_login_at"] is not None, into.notes == []) == (kept, kept)


def test_what_is_about_the_future_stays():
    into = collecting()
    into.rows("accounts", [account(1, expires_at=NEVER)])
    (row,) = into.seen["accounts"].rows.values()
    assert (row["expires_at"], into.notes) == (NEVER, [])


def test_a_row_whose_instant_is_never_absent_is_left_out_and_the_table_is_not_whole():
    into = collecting("sign_ins")
    sign_in = {"system_id": "crm", "identifier": "ada", "succeeded": True}
    into.rows("sign_ins", [sign_in | {"id": "1", "at": NEVER}, sign_in | {"id": "2", "at": MONDAY}])
    seen = into.seen["sign_ins"]
    assert list(seen.rows) == [("2",)]
    assert (seen.cut_short, seen.coverage) == (["1 row of sign_ins is left out: its at lies in the future"], Coverage.PARTIAL)


@pytest.mark.parametrize(
    ("column", "days", "kept"),
    [
        ("confidentiality_signed_on", 0, True),
        ("confidentiality_signed_on", 2, False),
        ("started_on", 366, True),  # whoever was hired for next year
        ("started_on", 380, False),
        ("ended_on", 300_000, True),  # "for ever", as many lists write it
    ],
)
def test_a_day_is_believed_as_far_ahead_as_it_can_be_planned(column, days, kept):
    into = collecting("people")
    day = (MONDAY + timedelta(days=days)).date()
    into.rows("people", [{"id": "1", "kind": "employee", column: day}])
    (row,) = into.seen["people"].rows.values()
    assert row[column] == (day if kept else None)
    assert [gap.column for gap in into.gaps] == ([] if kept else [column])


def test_the_columns_that_may_lie_ahead_are_these():
    found = {
        f"{name}.{column.name}": column.ahead and column.ahead.days
        for name, table in tables().items()
        for column in table.columns.values()
        if column.ahead != timedelta(0)
    }
    without_limit = {name for name, days in found.items() if days is None}
    assert {name for name in without_limit if not name.endswith("_on")} == {
        "accounts.expires_at", "api_tokens.expires_at", "grants.expires_at", "keys.expires_at", "endpoints.valid_from_at",
        "endpoints.valid_until_at", "commits.authored_at", "commits.committed_at", "releases.tagged_at",
        "policies.acknowledge_until_at", "policies.review_due_at", "group_memberships.active_until_at",
        "protections.test_due_at", "visits.leave_by_at", "asset_permissions.from_at", "asset_permissions.until_at",
        "audit_windows.from_at", "audit_windows.until_at", "supplier_changes.takes_effect_at",
        "customer_information_requests.due_at", "subject_requests.due_at", "contract_ends.due_at",
        "secret_links.expires_at", "emergency_accesses.ends_at",
        "changes.from_at", "changes.until_at", "restore_requests.from_at", "restore_requests.until_at", "code_files.changed_at",
    }  # fmt: skip
    # Days to come that are agreed or planned. Where a measure counts from one, it says itself from when.
    assert {name.partition(".")[2] for name in without_limit if name.endswith("_on")} == {
        "accredited_until_on", "advised_until_on", "due_on", "ended_on", "from_on", "period_from_on", "period_until_on", "planned_on",
        "prohibited_until_on", "ready_on", "agreed_until_on", "expires_on", "keep_until_on",
        "retire_on", "until_on",
    }  # fmt: skip
    assert {name.partition(".")[2]: days for name, days in found.items() if days is not None} == {"from_on": 366, "started_on": 366}


def test_a_contract_says_in_words_how_far_ahead():
    with pytest.raises(ContractBroken, match="future is true, false, or a number of days"):
        parse(
            "thing",
            'title = "T"\nmeaning = "M"\nkey = ["id"]\n[columns]\nid = { type = "text", null = "never", meaning = "i", future = "soon" }',
        )
