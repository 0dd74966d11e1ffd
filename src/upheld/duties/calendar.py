"""What somebody owes as a calendar (RFC 5545) that their own program reads by a secret link."""

import hashlib
import secrets
from collections.abc import Iterable

from django.db import transaction
from icalendar import Calendar, Event

from upheld import clock
from upheld.accounts.models import Account
from upheld.accounts.person import Person, person_of
from upheld.duties.models import CalendarLink
from upheld.duties.work import Owed
from upheld.ledger.append import append


def make_link(person: Person) -> str:
    """Return a new secret for `person`'s calendar; it is shown once, and the one before ends."""
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    with transaction.atomic():
        CalendarLink.objects.filter(account=person.account_id, ended_at=None).update(ended_at=now)
        CalendarLink.objects.create(account=person.account_id, digest=_digest(secret), made_at=now)
        append("calendar.link-made", subject=("person", person.actor.id), actor=person.actor, body={})
    return secret


def whose(secret: str) -> Person | None:
    """Return whose calendar the link with `secret` shows; None for one forged or ended, or of an account that ended."""
    link = CalendarLink.objects.filter(digest=_digest(secret), ended_at=None).first()
    account = Account.objects.filter(pk=link.account, is_active=True).first() if link else None
    return person_of(account, via="web") if account else None


def _digest(secret: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()


def ics(owed: Iterable[Owed], address: str) -> bytes:
    """Return those of `owed` that have a day as a calendar; `address` is the page that lists them."""
    calendar = Calendar()
    calendar.add("prodid", "-//Upheld//EN")
    calendar.add("version", "2.0")
    calendar.add("name", "Upheld")
    for each in owed:
        if each.due_at is not None:
            calendar.add_component(_event(each, address))
    written: bytes = calendar.to_ical()
    return written


def _event(each: Owed, address: str) -> Event:
    event = Event()
    name = "/".join((each.action, str(each.record), str(each.finding)))
    event.add("uid", f"{hashlib.sha256(name.encode()).hexdigest()[:32]}@upheld")
    event.add("dtstamp", clock.now())
    assert each.due_at is not None
    event.add("dtstart", each.due_at.date())
    event.add("summary", f"{each.what}: {each.about}")
    event.add("url", address)
    return event
