"""The access model's sections to rows, each entry that is wrong named by section and line."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from upheld.evidence.table import Value
from upheld.sources.access_model.get import Model

Row = dict[str, Value]


class WrongEntryError(ValueError):
    """An entry lacks something, or says something that it cannot; the message says what."""


@dataclass
class Shaped:
    """Rows of one table, and the entries that gave none."""

    rows: list[Row] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Entry:
    """One table of the TOML file, read key by key, so that a misspelt key is found."""

    def __init__(self, said: object) -> None:
        if not isinstance(said, dict):
            raise WrongEntryError("is not a table of keys and values")
        self.left: dict[str, Any] = dict(said)

    def text(self, key: str) -> str:
        """Return the text at `key`; raises `WrongEntryError` when it is missing or something else."""
        found = self.maybe(key)
        if found is None:
            raise WrongEntryError(f"needs {key}")
        return found

    def maybe(self, key: str) -> str | None:
        """Return the text at `key`, None when it is missing."""
        found = self.left.pop(key, None)
        if found is not None and (not isinstance(found, str) or not found.strip()):
            raise WrongEntryError(f"{key} is to be text in quotation marks, not {found!r}")
        return found.strip() if found else None

    def texts(self, key: str) -> list[str]:
        """Return the text or the list of texts at `key`, never empty."""
        found = self.left.pop(key, None)
        many = [found] if isinstance(found, str) else found
        if not isinstance(many, list) or not many or not all(isinstance(one, str) and one.strip() for one in many):
            raise WrongEntryError(f"needs {key}: text, or a list of texts")
        return [one.strip() for one in many]

    def day(self, key: str) -> date | None:
        """Return the day at `key`, None when it is missing."""
        found = self.left.pop(key, None)
        if found is not None and type(found) is not date:
            raise WrongEntryError(f"{key} is to be a day such as 2027-01-31, not {found!r}")
        return found

    def instant(self, key: str) -> datetime | None:
        """Return the day or instant at `key` as an instant in UTC, None when it is missing."""
        found = self.left.pop(key, None)
        if type(found) is date:
            return datetime(found.year, found.month, found.day, tzinfo=UTC)
        if found is not None and (not isinstance(found, datetime) or found.tzinfo is None):
            raise WrongEntryError(f"{key} is to be a day, or an instant with its zone such as 2027-01-31T09:00:00Z, not {found!r}")
        return found.astimezone(UTC) if found else None

    def refuse_unread(self) -> None:
        """Raise `WrongEntryError` for a key that nothing read."""
        if self.left:
            raise WrongEntryError(f"has an unknown key {next(iter(self.left))!r}")


def shaped(model: Model, table: str) -> Shaped:
    """Return the rows that `model` gives for `table`, and what is wrong with the entries that give none."""
    section = SECTIONS[table]
    said = model.said.get(section, {} if section == "roles" else [])
    found = Shaped()
    if isinstance(said, dict) != (section == "roles"):
        wanted = "[roles.NAME]" if section == "roles" else f"[[{section}]]"
        found.errors.append(f"section {section}: its entries are written as {wanted}")
        return found
    entries = said.items() if isinstance(said, dict) else ((str(number), entry) for number, entry in enumerate(said))
    for name, entry in entries:
        line = model.line(section, name=name) if section == "roles" else model.line(section, int(name))
        where = f"line {line}, {section}" if line else f"section {section}"
        try:
            found.rows.extend(_SHAPES[table](name, entry))
        except WrongEntryError as error:
            found.errors.append(f"{where} {name if section == 'roles' else 'entry ' + str(int(name) + 1)}: {error}")
    return found


def _role(name: str, said: object) -> Iterator[Row]:
    role = Entry(said)
    owner = role.maybe("owner")
    systems = Entry(role.left.pop("entitlements", {}))
    role.refuse_unread()
    for system in list(systems.left):
        for entitlement in systems.texts(system):
            yield {"role": name, "system_id": system, "entitlement": entitlement, "owner_id": owner}


def _grantor(name: str, said: object) -> Iterator[Row]:
    entry = Entry(said)
    person, systems, approver, until = entry.text("person"), entry.texts("systems"), entry.maybe("approved_by"), entry.day("until")
    entry.refuse_unread()
    for system in systems:
        yield {"person_id": person, "system_id": system, "approved_by": approver, "until_on": until}


def _conflict(name: str, said: object) -> Iterator[Row]:
    entry = Entry(said)
    row: Row = {"id": entry.text("id"), "why": entry.maybe("why")}
    for side in ("left", "right"):
        place = Entry(entry.left.pop(side, None))
        row[f"{side}_system_id"], row[f"{side}_entitlement"] = place.text("system"), place.text("entitlement")
        place.refuse_unread()
    entry.refuse_unread()
    yield row


def _request(name: str, said: object) -> Iterator[Row]:
    entry = Entry(said)
    row: Row = {
        "id": entry.text("id"),
        "person_id": entry.text("person"),
        "system_id": entry.text("system"),
        "entitlement": entry.text("entitlement"),
        "requested_by": entry.maybe("requested_by"),
        "approved_by": entry.maybe("approved_by"),
        "approved_at": entry.instant("approved"),
        "until_on": entry.day("until"),
    }
    entry.refuse_unread()
    yield row


def _utility(name: str, said: object) -> Iterator[Row]:
    entry = Entry(said)
    holders = entry.texts("holders") if "holders" in entry.left else ["*"]
    systems, path, approver, why = entry.texts("systems"), entry.text("path"), entry.maybe("approved_by"), entry.maybe("why")
    entry.refuse_unread()
    for system in systems:
        for holder in holders:
            yield {"system_id": system, "path": path, "holder": holder, "approved_by": approver, "why": why}


def _deviation(name: str, said: object) -> Iterator[Row]:
    entry = Entry(said)
    systems, path, approver, why, until = (
        entry.texts("systems"), entry.text("path"), entry.maybe("approved_by"), entry.maybe("why"), entry.day("until"),
    )  # fmt: skip
    entry.refuse_unread()
    for system in systems:
        yield {"system_id": system, "path": path, "approved_by": approver, "why": why, "until_on": until}


SECTIONS: Mapping[str, str] = {
    "role_entitlements": "roles",
    "approved_grantors": "grantors",
    "conflict_rules": "conflicts",
    "granted_requests": "requests",
    "allowed_utilities": "utilities",
    "approved_deviations": "deviations",
}
_SHAPES: Mapping[str, Callable[[str, object], Iterator[Row]]] = {
    "role_entitlements": _role,
    "approved_grantors": _grantor,
    "conflict_rules": _conflict,
    "granted_requests": _request,
    "allowed_utilities": _utility,
    "approved_deviations": _deviation,
}
