"""What an action wrote, as the ledger's entry and the records' own history tell it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from upheld.accounts.person import Person
from upheld.actions.declaring import Action
from upheld.actions.errors import OutsideAction
from upheld.actions.files import Kept
from upheld.actions.models import Call, Record, Step
from upheld.ledger.append import Draft
from upheld.ledger.profile import Json

MOST_ROWS = 200  # an entry has 65,535 bytes; each row takes some 200 of them


@dataclass(frozen=True)
class Written:
    """One row that an action wrote, with what changed in it; not known yet while it is `pending`."""

    record: Record
    reference: str
    version: int
    digest: str
    changes: Mapping[str, list[Any]]
    gone: bool = False
    pending: bool = False


@dataclass
class Act:
    """An action that is being done."""

    name: str
    at: datetime
    written: list[Written] = field(default_factory=list)


@dataclass(frozen=True)
class Request:
    """What was done: the action, who did it, what it was told and wrote, what it is about, and the key of the request, "" for none.

    `acted_on` is the record that it was done to, where that did not change itself.
    """

    action: Action[..., Any]
    by: Person
    about: Record
    done: Act
    given: Mapping[str, Any]
    acted_on: Record | None
    key: str
    digest: str

    def draft(self) -> Draft:
        """Return the entry of the ledger that tells of it."""
        if len(self.done.written) > MOST_ROWS:
            raise OutsideAction(f"{self.action.name} wrote {len(self.done.written)} rows; an action writes at most {MOST_ROWS}")
        given = self.given
        said = {each.name: each for each in self.action.parameters if given.get(each.name) is not None}
        rows: list[Json] = [
            {"record": each.reference, "version": each.version, "digest": each.digest or None, "changed": sorted(each.changes)}
            for each in self.done.written
        ]
        told: dict[str, Json] = {name: each.kind.logged(given[name]) for name, each in said.items() if not each.personal}
        personal = {_entered_as(name): each.kind.logged(given[name]) for name, each in said.items() if each.personal}
        on: dict[str, Json] = {"on": self.acted_on.reference} if self.acted_on is not None else {}
        return Draft(
            self.action.name,
            {"rows": rows, "given": told, **on},
            ("record", self.about.reference),
            self.by.actor,
            personal=personal,
            evidence=[value.evidence for value in given.values() if isinstance(value, Kept)],
        )

    def steps(self, entry_id: str) -> list[Step]:
        """Return the steps that tell of it, with the id of its entry."""
        told = list(self.done.written)
        if self.acted_on is not None:
            told.append(Written(self.acted_on, self.acted_on.reference, self.acted_on.version, "", {}))
        return [
            Step(
                action=self.done.name,
                register=each.record.register(),
                record=each.reference.rpartition("/")[2],
                version=each.version,
                target=each.reference == self.about.reference,
                wrote=each.record is not self.acted_on,
                gone=each.gone,
                at=self.done.at,
                by=self.by.actor.id,
                via=self.by.via,
                changes=each.changes,
                entry_id=entry_id,
            )
            for each in told
        ]

    def call(self, entry_id: str) -> list[Call]:
        """Return what answers the same request again; nothing where it had no key."""
        record = self.about.reference
        one = Call(key=self.key, request=self.digest, by=self.by.actor.id, at=self.done.at, record=record, entry_id=entry_id)
        return [one] if self.key else []


def _entered_as(name: str) -> str:
    """Return what the entry calls the parameter `name`: two names are taken by the entry's own actor and subject."""
    return f"given.{name}" if name in ("actor", "subject") else name
