"""Asking a directory of the lab, for tests."""

from datetime import UTC, datetime

from tests.labs import require_module

from upheld.evidence.collection import Collecting, GapKind
from upheld.lab.samba import SambaAD
from upheld.lab.slapd import Slapd
from upheld.sources.ldap import LDAP, LdapSource
from upheld.sources.source import complete

Directory = Slapd | SambaAD


def source(lab: Directory, **settings: str) -> LdapSource:
    told = {"system": "directory", "admin_groups": "admins"} | lab.settings | settings
    password = told.pop("password")
    if told.get("client") == "python-ldap":
        require_module("ldap")
    return LDAP.connect(complete(LDAP, told) | {"password": password})


def collected(lab: Directory, **settings: str) -> Collecting:
    into = Collecting("ldap", LDAP.tables, datetime.now(UTC))
    source(lab, **settings).collect(into)
    return into


def rows(into: Collecting, table: str, *columns: str) -> set[tuple[object, ...]]:
    return {tuple(row[column] for column in columns) for row in into.seen[table].rows.values()}


def of(into: Collecting, name: str) -> dict[str, object]:
    return next(row for row in into.seen["accounts"].rows.values() if row["user_name"] == name)


def gaps(into: Collecting, kind: GapKind = GapKind.DENIED) -> set[str]:
    return {f"{gap.table}.{gap.column}" for gap in into.gaps if gap.kind is kind}
