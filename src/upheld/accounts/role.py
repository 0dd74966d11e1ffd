"""Roles, how far a right reaches, and the one table of what each role may see and do. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

FILE = Path(__file__).with_name("rights.toml")


class Role(StrEnum):
    """What somebody is here for. One person may hold several; each is given by somebody, and can end."""

    ADMINISTRATOR = "administrator"
    SECURITY_LEAD = "security-lead"
    DPO = "dpo"
    MANAGER = "manager"
    OWNER = "owner"
    EMPLOYEE = "employee"
    AUDITOR = "auditor"
    CUSTOMER = "customer"


class Reach(StrEnum):
    """How far a right goes: whatever there is, what lies in the scope of the role given, what one's people own, what one owns."""

    ALL = "all"
    SCOPE = "scope"
    TEAM = "team"
    OWN = "own"


class Verb(StrEnum):
    """Seeing, or doing: whatever changes something."""

    SEE = "see"
    DO = "do"


class NoSuchRight(LookupError):
    """Code asked for a right that `rights.toml` does not list."""


@dataclass(frozen=True)
class Right:
    """One row of the table: who may `verb` the `thing`, and how far. Roles that are not listed may not at all.

    `changes` are those who change something of the company's by it; others only add what is their own.
    """

    verb: Verb
    thing: str
    means: str
    reach: Mapping[Role, Reach]
    changes: frozenset[Role]


@cache
def rights() -> Mapping[tuple[Verb, str], Right]:
    """Return the table, read once; raises `ValueError` for a verb, role or reach that does not exist."""
    said = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = {}
    for verb in Verb:
        for thing, row in said.get(verb.value, {}).items():
            reach = {Role(role): Reach(far) for role, far in row.items() if role not in ("means", "changes")}
            changes = frozenset(map(Role, row.get("changes", reach))) if verb is Verb.DO else frozenset()
            found[verb, thing] = Right(verb, thing, row["means"], MappingProxyType(reach), changes)
    return MappingProxyType(found)


def right(verb: Verb, thing: str) -> Right:
    """Return the row for `thing`; for `registers/incidents` its own row, else that of `registers`. Raises `NoSuchRight`."""
    table = rights()
    general = thing.partition("/")[0]
    for name in (thing, general):
        if (verb, name) in table:
            return table[verb, name]
    raise NoSuchRight(f"{FILE.name} does not say who may {verb} {thing}")


def changes_something(role: Role) -> bool:
    """Return whether `role` may do anything beyond reading: its holders need a second factor."""
    return any(role in row.changes for row in rights().values())
