"""Finding everything that a person goes by: in the HR list, on systems, in the ledger. Who is meant is never guessed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Q

from upheld.evidence.frame import ChangeFile
from upheld.evidence.masking import files_of, opened_rows
from upheld.evidence.table import Row
from upheld.sources.belonging import ACCOUNT, MAIL, NAME, PERSON, SHARED, USER
from upheld.sources.frames import files
from upheld.vault.fence import Identifier, normalised
from upheld.vault.key import Scope, Whose
from upheld.vault.keys import Vault

FILE = "file"  # a file handed in, by its digest
SHORTEST_NAME, SHORTEST_NEEDLE = 5, 4


class Unclear(LookupError):
    """Nobody, or more than one person, is called so; the message says how to say it."""


@dataclass
class Person:
    """Somebody to erase. `identifiers` say of each whether rows found by it are the person's own; `ledger` are (type, id) in entries.

    `remarks` are sentences about what could not be attributed to this person and is left; `written` is how names are spelled.
    """

    said: str
    identifiers: dict[Identifier, bool] = field(default_factory=dict)
    ledger: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    written: set[str] = field(default_factory=set)

    def known_as(self, kind: str) -> set[str]:
        """The values, in the spelling that is compared, that the person goes by as `kind`."""
        return {each.normal.value for each in self.identifiers if each.kind == kind}

    def goes_by(self, kind: str, within: str, value: object, *, own: bool) -> None:
        """Add what the person goes by; nothing if there is nothing."""
        if isinstance(value, str) and normalised(value):
            self.written.add(value)
            identifier = Identifier(kind, within, value).normal
            self.identifiers[identifier] = own or self.identifiers.get(identifier, False)

    @property
    def needles(self) -> list[str]:
        """What to look for in files, as it may be written: no number, and nothing shorter than four letters."""
        numbers = self.known_as(ACCOUNT)
        values = {each.value for each in self.identifiers if each.kind != FILE} | self.written
        return sorted(
            value for value in values if len(value) >= SHORTEST_NEEDLE and not value.isdigit() and normalised(value) not in numbers
        )

    def as_json(self) -> dict[str, Any]:
        """Return it as a plan keeps it, sealed."""
        names = [[each.kind, each.within, each.value, own] for each, own in self.identifiers.items()]
        kept = {"said": self.said, "identifiers": names, "ledger": self.ledger, "remarks": self.remarks}
        return kept | {"written": sorted(self.written)}


def from_json(kept: Mapping[str, Any]) -> Person:
    """Return the person that `Person.as_json` kept."""
    names = {Identifier(kind, within, value): bool(own) for kind, within, value, own in kept["identifiers"]}
    return Person(kept["said"], names, [(type, id) for type, id in kept["ledger"]], list(kept["remarks"]), set(kept["written"]))


def find(said: str, vault: Vault) -> Person:
    """Return the person called `said`: a people.id, else a mail address or user name that only one person has, else one the ledger knows.

    Raises `Unclear`.
    """
    by_table = files_of(each for name in ("people", "accounts") for each in files(table_name=name))
    people = _rows(by_table, "people")
    person = Person(said)
    ids = _ids(said, people)
    for row in people:
        if row["id"] in ids:
            person.goes_by(PERSON, "", row["id"], own=True)
    _from_people(person, people, ids)
    if not ids:
        for kind in (PERSON, MAIL) if "@" in said else (PERSON,):
            person.goes_by(kind, "", said, own=True)
    found = _from_accounts(person, _rows(by_table, "accounts"), people, ids)
    _from_outside(person)
    _from_ledger(person, vault)
    if not (ids or found or person.ledger):
        raise Unclear(f"nobody is called {said!r}: give the person's number in the HR list, or an address that only they have")
    return person


def _rows(by_table: Mapping[tuple[str, str], list[ChangeFile]], name: str) -> list[Row]:
    return [row for (table, _), its in by_table.items() if table == name for row in opened_rows(its)]


def _ids(said: str, people: Iterable[Row]) -> set[str]:
    people = list(people)
    if ids := {str(row["id"]) for row in people if row["id"] == said}:
        return ids
    wanted = normalised(said)
    ids = {str(row["id"]) for row in people if wanted in (_normal(row["mail"]), _normal(row["user_name"]))}
    if len(ids) > 1:
        raise Unclear(f"{said!r} is {len(ids)} people in the HR list ({', '.join(sorted(ids))}): give one of these numbers")
    return ids


def _from_people(person: Person, people: Iterable[Row], ids: set[str]) -> None:
    others = [row for row in people if row["id"] not in ids]
    taken = {column: {_normal(row[column]) for row in others} for column in ("mail", "name", "user_name")}
    for row in people:
        if row["id"] not in ids:
            continue
        for column, kind in (("mail", MAIL), ("name", NAME), ("user_name", USER)):
            value, written = _normal(row[column]), row[column]
            if value and value in taken[column]:
                person.remarks.append(
                    f"somebody else in the HR list has the same {column.replace('_', ' ')}: it is left where it stands alone"
                )
            elif value and (kind is not NAME or (len(value) >= SHORTEST_NAME and " " in value)):
                person.goes_by(kind, "", written, own=kind is MAIL)
    person.remarks[:] = sorted(set(person.remarks))


def _from_accounts(person: Person, accounts: Iterable[Row], people: Iterable[Row], ids: set[str]) -> int:
    """Add the accounts that are the person's, and return how many; one that could be somebody else's is left, and said."""
    references = person.known_as(PERSON) | person.known_as(MAIL)
    mails, users = person.known_as(MAIL), {each.value for each in person.identifiers if each.kind == USER and not each.within}
    others = {_normal(row[column]) for row in people if row["id"] not in ids for column in ("id", "mail")}
    found: set[tuple[object, object]] = set()
    for row in accounts:
        refers = {_normal(row["person_ref"]), _normal(row["mail"])} - {""}
        named = bool(refers & references) or (not refers and _normal(row["identifier"]) in mails | users)
        if not named or row["kind"] in SHARED:
            continue
        if refers & others:
            person.remarks.append(f"account {row['user_name']} on {row['system_id']} could be somebody else's as well: it is left")
            continue
        found.add((row["system_id"], row["id"]))
        _account(person, row)
    person.remarks[:] = sorted(set(person.remarks))
    return len(found)


def _account(person: Person, row: Row) -> None:
    system = str(row["system_id"])
    person.goes_by(ACCOUNT, system, row["id"], own=True)
    person.goes_by(ACCOUNT, "", row["id"], own=False)
    for column in ("identifier", "user_name"):
        person.goes_by(USER, system, row[column], own=True)
        person.goes_by(USER, "", row[column], own=False)
    person.goes_by(MAIL, "", row["mail"], own=True)
    name = _normal(row["display_name"])
    if len(name) >= SHORTEST_NAME and " " in name:
        person.goes_by(NAME, "", row["display_name"], own=False)


def _from_outside(person: Person) -> None:
    """Add what somebody goes by whom no list of people has, as a customer's contact: records name them by their account."""
    account = apps.get_model("accounts", "Account")
    for each in account._default_manager.filter(person="", mail__in=person.known_as(MAIL)):
        person.goes_by(PERSON, "", str(each.pk), own=True)
        if len(each.name) >= SHORTEST_NAME and " " in each.name:
            person.goes_by(NAME, "", each.name, own=False)


def _from_ledger(person: Person, vault: Vault) -> None:
    if not vault.store.exists:
        return
    account = apps.get_model("accounts", "Account")
    accounts = account._default_manager.filter(Q(person__in=person.written) | Q(mail__in=person.known_as(MAIL)))
    person.written |= {str(each.pk) for each in accounts}
    names = person.written | person.known_as(MAIL) | {person.said}
    for type in vault.types():
        for name in sorted(names):
            if any(vault.of(Whose(scope, type, name)) for scope in (Scope.SUBJECT, Scope.ACTOR)) or vault.dossiers_naming(type, name):
                person.ledger.append((type, name))


def _normal(value: object) -> str:
    return normalised(value) if isinstance(value, str) else ""
