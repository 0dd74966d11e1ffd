"""The plan of an erasure: who is meant, what there is of them and where, and what keeps it from being done."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import Q

from upheld.erasure import handed_in, in_logs, populations, records, rows, sealed, texts
from upheld.erasure import person as people
from upheld.erasure.handed_in import HandedIn
from upheld.erasure.known import Meant
from upheld.erasure.person import FILE, Person
from upheld.erasure.records import Naming
from upheld.erasure.rows import Rows
from upheld.erasure.sealed import Sealed
from upheld.evidence.duck import sharing
from upheld.sources.belonging import MAIL, PERSON, text
from upheld.vault import fence, holds
from upheld.vault.fence import Identifier
from upheld.vault.holds import Hold
from upheld.vault.keys import Vault


class Refused(RuntimeError):
    """The erasure must not be done now; the message says why, and what to do."""


@dataclass(frozen=True)
class Plan:
    """What is to be erased. `records` are rewritten; of `logs` lines and rows are masked.

    `elsewhere` counts rows that are left: how a source is reached.
    """

    person: Person
    rows: tuple[Rows, ...]
    texts: Mapping[str, int]
    records: tuple[Naming, ...]
    elsewhere: Mapping[str, int]
    populations: tuple[Path, ...]
    logs: Mapping[str, int]
    files: tuple[HandedIn, ...]
    sealed: Sealed
    holds: tuple[Hold, ...]
    accounts: int

    @property
    def standing(self) -> list[str]:
        """The sources that still show the person."""
        return sorted({each.source for each in self.rows if each.masked})

    @property
    def going(self) -> list[HandedIn]:
        """The files that are deleted."""
        return [each for each in self.files if Identifier(FILE, "", each.file.sha256) in self.person.identifiers]

    def counts(self) -> dict[str, Any]:
        """Return what there is, by place, without naming anybody."""
        return {
            "history": [asdict(each) for each in self.rows],
            "texts": dict(self.texts),
            "records": records.counted(self.records),
            "populations": len(self.populations),
            "logs": dict(self.logs),
            "files": len(self.going),
            "files_left": len(self.files) - len(self.going),
            "openings": self.sealed.openings,
            "shared_texts": self.sealed.texts,
            "keys": len(self.sealed.own) + len(self.sealed.dossiers),
            "not_changed": dict(self.elsewhere),
        }

    def require_allowed(self, basis: str) -> None:
        """Raise `Refused` if a legal hold, an account that can sign in, or a `basis` that names the person stands against it."""
        if self.holds:
            reasons = "; ".join(f"{hold.reason} (hold {hold.id}, until {hold.until:%Y-%m-%d})" for hold in self.holds)
            raise Refused(f"a legal hold keeps this person from being erased: {reasons}. Nothing was changed")
        if self.accounts:
            raise Refused("this person can still sign in here: end their account first (upheld accounts end). Nothing was changed")
        if not basis.strip() or text(basis, Meant(self.person, bytes(32))) != basis:
            raise Refused("the basis is logged in the clear: give one that names nobody, such as 'GDPR 17(1)(b)'. Nothing was changed")


@sharing()
def plan(said: str, vault: Vault, *, with_files: bool = False) -> Plan:
    """Return what there is of the person called `said`; changes nothing. Raises `Unclear`, `Damaged` or `KeyLost`.

    Files handed in with records about the person go; `with_files`, those as well in which their name can be read.
    """
    person = people.find(said, vault)
    known = Meant(person, fence.new_secret())
    files = tuple(handed_in.planned(known, person.needles))
    for each in files:
        if each.theirs or with_files:
            person.identifiers[Identifier(FILE, "", each.file.sha256)] = False
    known = Meant(person, fence.new_secret())
    return Plan(
        person=person,
        rows=tuple(rows.planned(known)),
        texts=texts.found(known),
        records=tuple(records.naming(known)),
        elsewhere=texts.elsewhere(known) | in_logs.elsewhere(known),
        populations=tuple(populations.naming(person.needles, numbers(person))),
        logs=in_logs.found(known),
        files=files,
        sealed=sealed.planned(vault, person, known),
        holds=tuple(holds.on(vault, held_as(person))),
        accounts=_active(person),
    )


def held_as(person: Person) -> list[tuple[str, str]]:
    """Return the names, as (type, id), under which a legal hold on `person` is found."""
    by_kind = [(kind, value) for kind in (PERSON, MAIL) for value in person.known_as(kind)]
    return sorted({*person.ledger, *by_kind, *((PERSON, written) for written in person.written)})


def numbers(person: Person) -> list[str]:
    """Return what the person goes by that is only a number, or too short to look for in a text."""
    return sorted(value for value in person.known_as(PERSON) if value not in person.needles)


def digest(erasure: str, salt: bytes, kept: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hex, of a plan: salted, since whom it names could be guessed."""
    return hashlib.sha256(salt + erasure.encode() + json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _active(person: Person) -> int:
    account = apps.get_model("accounts", "Account")
    named = Q(person__in=person.written) | Q(mail__in=person.known_as(MAIL))
    return int(account._default_manager.filter(named, is_active=True).count())
