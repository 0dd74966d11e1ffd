"""Actions on first secrets: made by the product, sealed for one person, opened once by them, and never told to anybody else."""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.kinds import Number, Text
from upheld.registers.access.models import FirstSecret, SecretLink
from upheld.registers.access.resetting import is_being_made, not_set, set_there
from upheld.registers.rules import LEADS, STAFF, all_known
from upheld.registers.staff import PersonId, known
from upheld.sources.enforcing import Holder
from upheld.vault import keys, sealing
from upheld.vault.key import Key, KeyDestroyed, KeyUnknown, Scope, Whose

SHOWN_FOR = timedelta(minutes=10)  # a page that was lost on the way can be asked for again
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that reads like another


def made() -> str:
    """Return a new secret: five groups of four letters and digits, some 115 bits, with a small one, a capital and a digit among them."""
    while True:
        drawn = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(5))
        if any(map(str.islower, drawn)) and any(map(str.isupper, drawn)) and any(map(str.isdigit, drawn)):
            return drawn


@action(by=LEADS, makes=SecretLink)
def hand_over_secret(
    *,
    by: Person,
    person: Annotated[PersonId, "who is to have it; only they can open it"],
    system: Annotated[str, Text(60), "the system's short name in the list of systems"],
    account: Annotated[str, Text(200), "the name that the account signs in with"],
    hours: Annotated[int, Number(1, 168), "for how long it can be opened"] = 72,
) -> SecretLink:
    """Make a first secret for an account and seal it for whom it is for. Nobody else sees it, and it is to be changed at first use.

    Where a source can, it is set on the system by the same step, and opens only once it was seen there.
    """
    if person == by.ref:
        raise ill(person="Somebody else hands over yours.")
    all_known("system", [system], "System")
    return make_link(by, person, system, account, hours)


def make_link(by: Person, person: str, system: str, account: str, hours: int) -> SecretLink:
    """Make and seal a secret within an action, and let it be set on its system where a source can."""
    link = sealed_link(by, person, system, account, hours)
    set_there(link, by)
    return link


def sealed_link(by: Person, person: str, system: str, account: str, hours: int) -> SecretLink:
    """Make and seal a secret within an action; earlier ones of the account that nobody opened are withdrawn."""
    now = clock.now()
    for earlier in SecretLink.objects.filter(system=system, account=account, opened_at=None, withdrawn_at=None, expires_at__gt=now):
        if is_being_made(earlier):
            raise ill(account="It is being made, with a first secret that its person has; wait until its system was read.")
        earlier.withdrawn_at = now
        keep(earlier)
    link = SecretLink(person=person, system=system, account=account, made_by=by.ref, made_at=now, expires_at=now + timedelta(hours=hours))
    link.opens = sha256(secrets.token_bytes(32)).hexdigest()
    keep(link)
    FirstSecret.objects.create(link=link, box=sealing.seal(_key(person), _bound(link), made().encode()))
    return link


def _closed(link: SecretLink) -> str:
    if link.withdrawn_at:
        return "It is withdrawn."
    if link.opened_at:
        return "It was opened already."
    return "Its time is over; ask for another." if link.expires_at <= clock.now() else ""


@action(by=STAFF, when=lambda link: _closed(link) or not_set(link))
def open_secret(secret_link: SecretLink, *, by: Person) -> SecretLink:
    """Open the secret that was sealed for you: its page then shows it for ten minutes, and never again."""
    if by.ref != secret_link.person:
        raise NotAllowed("Only the person for whom it was sealed opens it.")
    secret_link.opened_at, secret_link.opened_by = clock.now(), by.ref
    return keep(secret_link)


@action(by=LEADS, when=_closed)
def withdraw_secret(secret_link: SecretLink, *, by: Person) -> SecretLink:
    """Let nobody open it any more."""
    secret_link.withdrawn_at = clock.now()
    FirstSecret.objects.filter(link=secret_link).delete()
    return keep(secret_link)


def shown(link: SecretLink, person: str) -> str:
    """Return the secret, to who opened it and within ten minutes of that; raises `Refused` otherwise. What is over is deleted."""
    over = link.opened_at is not None and link.opened_at + SHOWN_FOR <= clock.now()
    if over:
        FirstSecret.objects.filter(link=link).delete()
    box = FirstSecret.objects.filter(link=link).first()
    if box is None or link.opened_at is None or person != link.person or person != link.opened_by:
        raise Refused("This secret is not shown to you, or not any more; ask for another.")
    try:
        return sealing.unseal(_key(person), _bound(link), bytes(box.box)).decode()
    except (KeyDestroyed, KeyUnknown, sealing.NotOpening) as error:
        raise Refused("This secret cannot be opened any more; ask for another.") from error


def sealed_for(reason: str) -> str:
    """Return the secret that an order for `reason` is to set; "" where it is no first secret, or its link is over: nobody has it then."""
    kind, _, number = reason.partition(":")
    box = FirstSecret.objects.filter(link__pk=int(number)).select_related("link").first() if kind == "first-secret" else None
    try:
        return sealing.unseal(_key(box.link.person), _bound(box.link), bytes(box.box)).decode() if box else ""
    except (KeyDestroyed, KeyUnknown, sealing.NotOpening, Refused):
        return ""


def account_of(reason: str) -> Holder | None:
    """Return whose account an order for `reason` is to make; None where it is for no first secret, or its person is gone."""
    kind, _, number = reason.partition(":")
    link = SecretLink.objects.filter(pk=int(number)).first() if kind == "first-secret" else None
    somebody = known().get(link.person) if link else None
    return Holder(link.person, somebody.name, somebody.mail) if link and somebody else None


def sweep() -> int:
    """Delete sealed secrets that were opened, withdrawn or ran out; return how many."""
    now = clock.now()
    over = FirstSecret.objects.filter(link__expires_at__lte=now) | FirstSecret.objects.filter(link__opened_at__lte=now - SHOWN_FOR)
    return over.delete()[0]


def _key(person: str) -> Key:
    whose = Whose(Scope.SUBJECT, "person", person)
    found = keys.here().made_for([whose])[whose]
    if found is None:
        raise ill(person="This person was erased.")
    return found


def _bound(link: SecretLink) -> bytes:
    return f"first secret {link.opens}".encode()
