"""Actions on keys: register, change, rotate with two people, destroy in front of witnesses."""

from datetime import date, datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Text
from upheld.registers.cryptography.models import CryptoKey, KeyDestruction, KeyPurpose, KeyWitness
from upheld.registers.rules import LEADS, STAFF, all_known, fill, in_order, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Place = Annotated[Name | None, "the short name of the system it is on"]
Retire = Annotated[date | None, "the day it is to be retired; by its purpose's period if not given"]
LEAST = 2  # of those who watch, beside whoever does it
When = Annotated[datetime | None, "when; now if not given"]


def _there(key: CryptoKey) -> str:
    return "This key is destroyed." if key.destroyed_at else ""


@action(by=KEEPERS, makes=CryptoKey)
def register_key(
    *,
    by: Person,
    fingerprint: Annotated[str, Text(200), "SHA-256 of the public key, as sources show it; of a secret key, its identifier there"],
    title: Line,
    purpose: KeyPurpose,
    owner: PersonId,
    activated_on: Annotated[date, "the day it went into use"],
    system: Place = None,
    retire_on: Retire = None,
) -> CryptoKey:
    """Register a key that the company uses. Never enter the key itself."""
    if "PRIVATE KEY" in fingerprint:
        raise ill(fingerprint="This is a private key. Enter its fingerprint, and replace the key: it was shown.")
    if CryptoKey.objects.filter(fingerprint=fingerprint).exists():
        raise ill(fingerprint="There is a key with this fingerprint already.")
    made = CryptoKey(fingerprint=fingerprint, purpose=purpose, activated_on=activated_on)
    return keep(_said(made, title=title, owner=owner, system=system, retire_on=retire_on))


@action(by=KEEPERS, when=_there)
def change_key(key: CryptoKey, *, by: Person, title: Line, owner: PersonId, system: Place = None, retire_on: Retire = None) -> CryptoKey:
    """Say anew what `key` is called, who answers for it, where it is, and when it is to be retired."""
    return keep(_said(key, title=title, owner=owner, system=system, retire_on=retire_on))


def _said(key: CryptoKey, *, system: str | None, retire_on: date | None, **others: object) -> CryptoKey:
    all_known("system", [system] if system else [], "System")
    in_order(key.activated_on, retire_on, "retire_on")
    return fill(key, system=system, retire_on=retire_on, **others)


@action(by=KEEPERS, when=lambda key: _there(key) or ("It is retired already." if key.retired_at else ""))
def rotate_key(key: CryptoKey, *, by: Person, successor: CryptoKey) -> CryptoKey:
    """Say that another key took over from `key`. Somebody else confirms it; then `key` is retired."""
    if successor.pk == key.pk or successor.purpose != key.purpose or successor.destroyed_at or successor.retired_at:
        raise ill(successor="Another key that is in use for the same purpose has to take over.")
    key.successor = successor
    return keep(key)


@action(
    by=KEEPERS,
    apart_from=["rotate-key"],
    why_apart="a change of keys is seen by two people",
    when=lambda key: _there(key) or ("It is retired already." if key.retired_at else "" if key.successor_id else "No key took over yet."),
)
def confirm_rotation(key: CryptoKey, *, by: Person) -> CryptoKey:
    """Confirm that everything uses the successor of `key`, which is retired with that."""
    key.retired_at = clock.now()
    return keep(key)


@action(by=KEEPERS, makes=KeyDestruction, when=_there)
def destroy_key(
    key: CryptoKey,
    *,
    by: Person,
    how: Annotated[Prose, "how every copy of it was destroyed"],
    witnesses: Annotated[list[PersonId], "who watched, beside you: two at least"],
    protocol: Annotated[Kept | None, "the protocol, as a file"] = None,
    at: When = None,
) -> KeyDestruction:
    """Say that you destroyed every copy of `key`. Those who watched then say so themselves."""
    if len(set(witnesses) - {by.ref}) < LEAST:
        raise ill(witnesses="Two others have to watch.")
    key.destroyed_at = not_ahead(at)
    if key.destroyed_at.date() < key.activated_on:
        raise ill(at="This lies before the day on which it went into use.")
    keep(key)
    made = keep(KeyDestruction(key=key, person=by.ref, at=key.destroyed_at, how=how, protocol=protocol.sha256 if protocol else ""))
    for person in sorted(set(witnesses) - {by.ref}):
        keep(KeyWitness(destruction=made, person=person))
    return made


@action(by=KEEPERS, makes=KeyWitness)
def name_witness(destruction: KeyDestruction, *, by: Person, person: Annotated[PersonId, "who else watched"]) -> KeyWitness:
    """Name somebody else who watched how the key was destroyed, where one of the others cannot say so any more."""
    if person == destruction.person:
        raise ill(person="Nobody is witness to what they do themselves.")
    if destruction.witnesses.filter(person=person).exists():
        raise ill(person=f"{person} is named already.")
    return keep(KeyWitness(destruction=destruction, person=person))


@action(by=STAFF, when=lambda witness: "It is said already." if witness.at else "")
def witness_destruction(
    witness: KeyWitness, *, by: Person, note: Annotated[Prose | None, "what you saw"] = None, at: When = None
) -> KeyWitness:
    """Say that you saw how every copy of the key was destroyed."""
    if by.ref != witness.person:
        raise NotAllowed("Whoever watched says so, and nobody for them.")
    when = not_ahead(at)
    if when < witness.destruction.at:
        raise ill(at="This lies before the destruction.")
    return keep(fill(witness, at=when, note=note))
