"""Who signs in, as the history of accounts knew them at that instant."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from upheld.cli.watched_logs import rules
from upheld.evidence.collection import Collecting
from upheld.evidence.frame import ChangeFile
from upheld.evidence.store import Store
from upheld.ledger import sequencer
from upheld.logs import scanning, watching
from upheld.logs.knowing import Accounts
from upheld.logs.models import Detection

MONDAY = datetime(2026, 5, 4, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def account(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "system_id": "web1", "user_name": name, "identifier": name, "enabled": True, **more}


def record(folder: Path, files: list[ChangeFile], at: datetime, table: str, *rows: dict[str, Any]) -> None:
    """Add what one collection of `table` saw to `files`."""
    into = Collecting(f"source of {table}", [table], at)
    into.rows(table, rows)
    (told,) = Store(folder, files).record(into, at.isoformat(), accept_vanishing=frozenset({table})).tables.values()
    assert told.file is not None
    files.append(told.file)


@pytest.fixture
def history(tmp_path: Path) -> list[ChangeFile]:
    """Bo's account is disabled at ten, Cy leaves on Sunday, Di's account expires at nine; Eve has none, and one elsewhere."""
    files: list[ChangeFile] = []
    rows = [
        account("Ada"),
        account("bo"),
        account("cy", person_ref="3"),
        account("di", expires_at=MONDAY + HOUR),
        account("eve", system_id="db"),
        account("gil"),
    ]
    record(tmp_path, files, MONDAY, "accounts", *rows)
    record(tmp_path, files, MONDAY, "people", {"id": "3", "name": "Cy", "ended_on": date(2026, 5, 3)})
    record(tmp_path, files, MONDAY + 2 * HOUR, "accounts", *[{**row, "enabled": row["id"] != "bo"} for row in rows if row["id"] != "gil"])
    return files


@pytest.mark.parametrize(
    ("name", "hours", "expected"),
    [
        ("ada", 0, "known"),
        ("ADA", 9, "known"),
        ("bo", 1.9, "known"),
        ("bo", 2, "disabled"),
        ("cy", 1, "left"),
        ("di", 0.9, "known"),
        ("di", 1, "expired"),
        ("eve", 1, "unknown"),
        ("gil", 1, "known"),
        ("gil", 3, "deleted"),
        ("ada", -1, ""),
    ],
)
def test_an_account_is_as_it_was_then(history: list[ChangeFile], name: str, hours: float, expected: str) -> None:
    assert Accounts("web1", history).state(name, MONDAY + hours * HOUR) == expected


def test_of_a_system_whose_accounts_nobody_reads_nothing_is_said(history: list[ChangeFile]) -> None:
    assert Accounts("other", history).told({"user": "bo"}, MONDAY + HOUR) == {"user": "bo"}
    assert Accounts("web1", []).told({"user": "bo"}, MONDAY + HOUR) == {"user": "bo"}


def test_history_that_was_merged_is_asked_at_the_very_instant(history: list[ChangeFile], tmp_path: Path) -> None:
    accounts = [file for file in history if file.table == "accounts"]
    merged = Store(tmp_path, accounts).compact("accounts", "source of accounts")
    known = Accounts("web1", [replace(merged)])
    assert [known.state("bo", MONDAY + hours * HOUR) for hours in (1, 3)] == ["known", "disabled"]


def test_sign_ins_of_accounts_that_nobody_may_use_are_found(history, workspace, noon, tmp_path, monkeypatch):
    sequencer.init("sample.example/ledger/main/1")
    monkeypatch.setattr(scanning, "files", lambda: history)
    log = watching.add("auth", str(tmp_path / "auth.log"), "syslog", system_id="web1", product="linux", service="auth")
    said = "2026-05-04T{}:30:00Z web1 sshd[1]: {} for {} from 192.0.2.1 port 1 ssh2\n"
    signed = [
        ("09", "Accepted publickey", "bo"),
        ("10", "Accepted publickey", "bo"),
        ("10", "Failed password", "cy"),
        ("10", "Accepted password", "eve"),
        ("10", "Accepted password", "gil"),
    ]
    (tmp_path / "auth.log").write_text("".join(said.format(*each) for each in [*signed, ("10", "Accepted password", "ada")]))
    scanning.Scanner(log, watching.rules()).scan()
    assert sorted((each.level, each.line[11:13], each.title) for each in Detection.objects.filter(level__in=("critical", "high"))) == [
        ("critical", "10", "An account that nobody may use any more signed in"),
        ("critical", "10", "The name of an account that is no longer there signed in"),
        ("high", "10", "A name that no account ever had signed in"),
        ("high", "10", "An account that nobody may use any more was tried"),
    ]


def test_sign_ins_from_devices_not_enrolled_are_found_as_they_were_then(workspace, noon, tmp_path, monkeypatch):
    files: list[ChangeFile] = []
    devices = [{"id": "D1", "name": "laptop-1", "in_use": True}, {"id": "D2", "name": "laptop-2", "in_use": False}, {"id": "D3"}]
    record(tmp_path, files, MONDAY, "devices", *devices)
    enrolled = {"id": "D3", "enrolled_at": MONDAY - HOUR}
    record(tmp_path, files, MONDAY, "enrolled_devices", enrolled, {"id": "P9"})
    record(tmp_path, files, MONDAY + 2 * HOUR, "enrolled_devices", enrolled | {"lost_at": MONDAY + 1.9 * HOUR}, {"id": "P9"})
    sequencer.init("sample.example/ledger/main/1")
    monkeypatch.setattr(scanning, "files", lambda: files)
    log = watching.add("signins", str(tmp_path / "signins.json"), "json", system_id="idp", product="azure", service="signinlogs")
    seen = [("09", "LAPTOP-1"), ("09", "d2"), ("09", "D3"), ("10", "D3"), ("09", "p9"), ("09", "attic-pc"), ("07", "attic-pc")]
    said = '{{"time": "2026-05-04T{}:30:00Z", "userPrincipalName": "bo", "deviceDetail": {{"deviceId": "{}"}}}}\n'
    (tmp_path / "signins.json").write_text("".join(said.format(*each) for each in seen) + '{"time": "2026-05-04T09:30:00Z", "n": 1}\n')
    scanning.Scanner(log, watching.rules()).scan()
    assert sorted((each.level, each.line[21:23], each.line.split('"')[-2]) for each in Detection.objects.all()) == [
        ("critical", "09", "d2"),
        ("critical", "10", "D3"),
        ("high", "09", "attic-pc"),
    ]


def test_which_rules_can_never_meet_is_said_of_each_log_with_what_they_lack(workspace, noon, tmp_path):
    sequencer.init("sample.example/ledger/main/1")
    log = watching.add("auth", str(tmp_path / "auth.log"), "syslog", system_id="web1", product="linux", service="auth")
    assert "no event of it was read yet" in CliRunner().invoke(rules, []).output
    (tmp_path / "auth.log").write_text("2026-05-04T10:30:00Z web1 sshd[1]: Accepted password for bo from 192.0.2.1 port 1 ssh2\n")
    scan = scanning.Scanner(log, watching.rules()).scan()
    (told,) = json.loads(CliRunner().invoke(rules, ["--json"]).output)["logs"]
    lacking = {each["title"]: each["lacking"] for each in told["never"]}
    assert lacking["An account that nobody may use any more signed in"] == ["account_state"]
    assert lacking["Somebody signed in from a device that was never enrolled"] == ["device_state"]
    assert (told["log"], len(lacking), "A sign-in failed" in lacking) == ("auth", scan.rules_blind, False)
