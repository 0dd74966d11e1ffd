"""The access model's file: what it says becomes rows, and what is wrong in it is named by line."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from upheld.evidence.collection import Collecting, Coverage
from upheld.sources.access_model import ACCESS_MODEL
from upheld.sources.source import SourceError, complete

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
MODEL = """
[roles.accountant]
owner = "1001"
[roles.accountant.entitlements]
directory = ["finance", "payments"]
crm = "reader"

[roles."*".entitlements]
directory = "everybody"

[[grantors]]
person = "1002"
systems = ["directory", "crm"]
approved_by = "1001"
until = 2027-01-31

[[conflicts]]
id = "pay"
why = "one person could make and release a payment"
left = { system = "directory", entitlement = "payments-create" }
right = { system = "directory", entitlement = "payments-release" }

[[requests]]
id = "R-1"
person = "1003"
system = "crm"
entitlement = "admin"
approved_by = "1001"
approved = 2026-04-01
until = 2026-12-31

[[utilities]]
systems = "*"
path = "/usr/bin/sudo"
why = "administration"

[[deviations]]
systems = "web"
path = "/etc/ssh/sshd_config"
approved_by = "1001"
"""


def collected(tmp_path: Path, text: str) -> Collecting:
    path = tmp_path / "access.toml"
    path.write_text(text, encoding="utf-8")
    into = Collecting("model", ACCESS_MODEL.tables, NOON)
    ACCESS_MODEL.connect(complete(ACCESS_MODEL, {"file": str(path)})).collect(into)
    return into


def rows(into: Collecting, name: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in into.seen[name].rows.values()]


def test_everything_the_model_says_becomes_rows(tmp_path: Path) -> None:
    into = collected(tmp_path, MODEL)
    assert into.coverage is Coverage.COMPLETE
    assert rows(into, "role_entitlements") == [
        ("accountant", "directory", "finance", "1001"),
        ("accountant", "directory", "payments", "1001"),
        ("accountant", "crm", "reader", "1001"),
        ("*", "directory", "everybody", None),
    ]
    assert rows(into, "approved_grantors") == [
        ("1002", "directory", "1001", date(2027, 1, 31)),
        ("1002", "crm", "1001", date(2027, 1, 31)),
    ]
    assert rows(into, "conflict_rules") == [
        ("pay", "one person could make and release a payment", "directory", "payments-create", "directory", "payments-release")
    ]
    assert rows(into, "granted_requests") == [
        ("R-1", "1003", "crm", "admin", None, "1001", datetime(2026, 4, 1, tzinfo=UTC), date(2026, 12, 31))
    ]
    assert rows(into, "allowed_utilities") == [("*", "/usr/bin/sudo", "*", None, "administration")]
    assert rows(into, "approved_deviations") == [("web", "/etc/ssh/sshd_config", "1001", None, None)]


@pytest.mark.parametrize(
    ("wrong", "table", "says"),
    [
        ('[[grantors]]\nperson = "1"\n', "approved_grantors", "line 2, grantors entry 1: needs systems: text, or a list of texts"),
        (
            '[[grantors]]\nperson = "1"\nsystems = "a"\n[[grantors]]\nperson = 7\nsystems = "a"\n',
            "approved_grantors",
            "line 5, grantors entry 2: person is to be text in quotation marks, not 7",
        ),
        ('[roles.a]\nowned = "1"\n', "role_entitlements", "line 2, roles a: has an unknown key 'owned'"),
        ('roles = { a = 1 }\n', "role_entitlements", "section roles a: is not a table of keys and values"),
        ('[requests]\nid = "1"\n', "granted_requests", "section requests: its entries are written as [[requests]]"),
        (
            '[[deviations]]\nsystems = "a"\npath = "/b"\nuntil = "soon"\n',
            "approved_deviations",
            "line 2, deviations entry 1: until is to be a day such as 2027-01-31, not 'soon'",
        ),
        ('[[conflicts]]\nid = "x"\nleft = "a"\n', "conflict_rules", "line 2, conflicts entry 1: is not a table of keys and values"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_and_cuts_its_table_short(tmp_path: Path, wrong: str, table: str, says: str) -> None:
    into = collected(tmp_path, "\n" + wrong)
    assert into.seen[table].cut_short == [f"access.toml, {says}"]
    assert into.seen[table].coverage is Coverage.PARTIAL


@pytest.mark.parametrize(("text", "says"), [("[[grantor]]\n", "no section 'grantor'"), ("[roles\n", "line 1")])
def test_a_file_that_is_wrong_as_a_whole_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        collected(tmp_path, text)


def test_a_section_left_out_is_none_and_said(tmp_path: Path) -> None:
    into = collected(tmp_path, '[[grantors]]\nperson = "1"\nsystems = "a"\n')
    assert into.coverage is Coverage.COMPLETE
    assert "access.toml has no section conflicts: taken as none" in into.notes


def test_the_test_says_how_much_the_model_holds(tmp_path: Path) -> None:
    path = tmp_path / "access.toml"
    path.write_text(MODEL, encoding="utf-8")
    assert "4 role entitlements, 2 approved grantors" in ACCESS_MODEL.connect(complete(ACCESS_MODEL, {"file": str(path)})).test()


def test_a_model_that_nobody_saved_for_a_year_does_not_speak_for_today(tmp_path: Path) -> None:
    path = tmp_path / "access.toml"
    path.write_text(MODEL, encoding="utf-8")
    into = Collecting("model", ACCESS_MODEL.tables, datetime.fromtimestamp(path.stat().st_mtime, UTC) + timedelta(days=367))
    ACCESS_MODEL.connect(complete(ACCESS_MODEL, {"file": str(path)})).collect(into)
    assert {seen.coverage for seen in into.seen.values()} == {Coverage.PARTIAL}
    assert "look it through and save it again" in into.seen["conflict_rules"].cut_short[-1]
