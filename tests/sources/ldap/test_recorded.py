"""Recorded answers of an OpenLDAP and of a Samba domain to rows, where no server can be started."""

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from upheld.sources.ldap import ad_shape, policies, shape
from upheld.sources.ldap.access_rules import writers
from upheld.sources.ldap.active_directory import grantor_rows, is_powerful
from upheld.sources.ldap.client import Entry
from upheld.sources.ldap.configuration import configuration
from upheld.sources.ldap.descriptor import sid
from upheld.sources.ldap.members import Group, Index, grant_rows, group_number, named
from upheld.sources.ldap.sight import Sight
from upheld.sources.ldap.values import folded

RECORDED = Path(__file__).parents[2] / "recorded" / "ldap"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASE = "dc=example,dc=org"


def recorded(name: str) -> dict[str, list[Entry]]:
    said = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return {part: [_entry(entry) for entry in entries] for part, entries in said.items()}


def _entry(said: dict[str, dict[str, list[str]]]) -> Entry:
    return Entry(str(said["dn"]), {name: [b64decode(value) for value in values] for name, values in said["attributes"].items()})


def by_name(rows: object) -> dict[object, dict[str, object]]:
    return {row["user_name"]: row for row in rows}  # type: ignore[attr-defined]


def test_openldap_accounts_from_what_was_recorded() -> None:
    view = shape.View("directory", NOON, Index("directory"), rule="default", root=frozenset([f"cn=admin,{BASE}"]))
    rows = by_name(shape.account_rows(recorded("openldap")["accounts"], view))
    assert {name: (row["kind"], row["person_ref"], row["enabled"], row["privileged"]) for name, row in rows.items()} == {
        "admin": ("person", "1", True, True),
        "reader": ("service", None, True, False),
        "ada": ("person", "1001", True, False),
        "bob": ("person", "1002", False, False),
    }
    assert rows["ada"]["last_login_at"] == datetime(2026, 1, 1, tzinfo=UTC)
    assert rows["ada"]["password_changed_at"] == datetime(2024, 1, 1, tzinfo=UTC)
    assert rows["reader"]["owner_ref"] == "1"
    assert {row["password_scheme"] for row in rows.values()} == {"argon2"}


def test_what_is_denied_is_unknown_in_each_row() -> None:
    denied = Sight(denied={"pwdaccountlockedtime", "pwdreset", "employeenumber", "userpassword"})
    entry = Entry(f"uid=eve,{BASE}", {"entryuuid": [b"1"], "uid": [b"Eve"], "objectclass": [b"inetOrgPerson"]})
    (row,) = shape.account_rows([entry], shape.View("directory", NOON, Index("directory"), sight=denied))
    unknown = ("enabled", "locked", "password_must_change", "person_ref", "password_scheme", "can_sign_in", "privileged")
    assert [row[name] for name in unknown] == [None] * len(unknown)
    assert row["identifier"] == "eve"


def test_a_lock_ends_by_itself_after_the_rules_time() -> None:
    locked = {"entryuuid": [b"1"], "uid": [b"e"], "pwdaccountlockedtime": [b"20261122114500Z"]}
    for span, still in ((timedelta(minutes=10), False), (timedelta(minutes=20), True), (None, True)):
        view = shape.View("directory", NOON, Index("directory"), rule="r", locked_for={"r": span})
        (row,) = shape.account_rows([Entry("uid=e", locked)], view)
        assert (row["enabled"], row["locked"]) == (True, still)


def openldap_groups(index: Index) -> list[Group]:
    entries = recorded("openldap")["groups"]
    whole = [(str(entry.text("entryuuid")), entry, group_number(entry)) for entry in entries]
    index.groups = {folded(entry.dn): group_id for group_id, entry, _ in whole}
    return named(whole, {}, index, "owner")


def test_nesting_and_writers_from_what_was_recorded() -> None:
    index, answers = Index("directory"), recorded("openldap")
    rows = by_name(shape.account_rows(answers["accounts"], shape.View("directory", NOON, index)))
    groups = openldap_groups(index)
    held = {(row["holder_kind"], row["entitlement"]) for row in grant_rows(groups, index)}
    assert held == {("account", "admins"), ("group", "outer")}
    outer = next(group.id for group in groups if group.name == "outer")
    assert index.everybody_in([outer]) == {rows["ada"]["id"]}
    told = configuration(answers["configuration"], BASE, None)
    assert told is not None
    assert (told.root, told.last_bind, told.has_policies, told.scheme) == (frozenset([f"cn=admin,{BASE}"]), True, True, "argon2")
    assert {row["account_id"] for row in writers(told.access, index).rows} == {rows["admin"]["id"]}


def test_openldap_policies_from_what_was_recorded() -> None:
    (row,) = policies.policy_rows(recorded("openldap")["policies"], "directory", "argon2")
    assert (row["minimum_length"], row["history"], row["quality_checked"], row["locks_after"]) == (14, 10, True, 5)
    assert (row["locked_for"], row["maximum_age"]) == (timedelta(minutes=15), timedelta(days=365))


def test_active_directory_accounts_from_what_was_recorded() -> None:
    answers = recorded("active_directory")
    view = ad_shape.View("directory", NOON, Index("directory"), domain_rule="domain")
    rows = by_name(ad_shape.account_rows(answers["accounts"], view))
    assert (rows["ada"]["person_ref"], rows["ada"]["enabled"], rows["bob"]["enabled"]) == ("1001", True, False)
    assert str(rows["ada"]["password_rule_id"]).startswith("cn=strict,")
    assert rows["bob"]["password_rule_id"] == "domain"
    assert rows["bob"]["last_login_at"] is None
    assert {rows[name]["kind"] for name in ("krbtgt", "Guest")} == {"system"}
    (strict,) = policies.settings_rows(answers["settings"], "directory")
    assert (strict["minimum_length"], strict["maximum_age"], strict["locked_for"]) == (20, None, timedelta(minutes=30))
    assert policies.domain_row(answers["domain"][0], "directory")["history"] == 24


def test_active_directory_grantors_from_what_was_recorded() -> None:
    answers, index = recorded("active_directory"), Index("directory")
    rows = by_name(ad_shape.account_rows(answers["accounts"], ad_shape.View("directory", NOON, index)))
    whole = [
        (str(UUID(bytes_le=entry.attributes["objectguid"][0])), entry, int(sid(entry.attributes["objectsid"][0]).rsplit("-", 1)[1]))
        for entry in answers["groups"]
    ]
    index.groups = {folded(entry.dn): group_id for group_id, entry, _ in whole}
    groups = named(whole, {group_id: is_powerful(entry) for group_id, entry, _ in whole}, index, "managedby")
    assert {row["entitlement"] for row in grant_rows(groups, index)} == {
        "Domain Users",
        "Administrators",
        "Domain Admins",
        "helpers",
        "outer",
    }
    found = [row for row in grantor_rows(groups, index) if not isinstance(row, str)]
    assert {(row["account_id"], row["way"]) for row in found} == {
        (rows["Administrator"]["id"], "member of Administrators"),
        (rows["Administrator"]["id"], "member of Domain Admins"),
        (rows["bob"]["id"], "manager of group outer"),
    }
