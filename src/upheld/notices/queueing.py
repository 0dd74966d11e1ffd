"""Telling somebody: a notice is queued in the transaction of what it tells of, so that neither is there without the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from upheld import clock
from upheld.ledger import identifier
from upheld.ledger.profile import Json
from upheld.notices.models import Notice, Webhook

MAIL, WEBHOOK = "mail", "webhook"
# What can wait is told once a day, at this hour (UTC).
DIGEST_AT = time(5, 0)


@dataclass(frozen=True)
class Told:
    """What is told: its `kind` ("finding.opened"), one line, more text, the path of the one thing to do, and facts for programs.

    `facts` name nobody: they go to programs whose readers are not known.
    """

    kind: str
    title: str
    text: str = ""
    link: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)


def mail(told: Told, *, to: str, person: str = "", at_once: bool = True) -> Notice:
    """Queue a mail to the address `to` of `person` (people.id); what is not said `at_once` goes into the next day's digest."""
    now = clock.now()
    return Notice.objects.create(
        **_said(told, now),
        channel=MAIL,
        to=to,
        person=person,
        in_digest=not at_once,
        not_before_at=now if at_once else next_digest(now),
    )


def programs(told: Told) -> list[Notice]:
    """Queue `told` for each webhook that wants its kind."""
    wanted = [each for each in webhooks() if not each.kinds or told.kind in each.kinds or told.kind.partition(".")[0] in each.kinds]
    return [program(told, each) for each in wanted]


def program(told: Told, webhook: Webhook) -> Notice:
    """Queue `told` for one webhook, whatever it wants."""
    now = clock.now()
    return Notice.objects.create(**_said(told, now), channel=WEBHOOK, to=webhook.name, not_before_at=now)


def webhooks() -> Iterable[Webhook]:
    """Return the webhooks in use, by name."""
    return Webhook.objects.filter(removed_at=None)


def next_digest(now: datetime) -> datetime:
    """Return when the next digest goes out."""
    today = datetime.combine(now.date(), DIGEST_AT, now.tzinfo)
    return today if now < today else today + timedelta(days=1)


def _said(told: Told, now: datetime) -> dict[str, object]:
    return {
        "id": identifier.new(now),
        "kind": told.kind,
        "title": told.title,
        "text": told.text,
        "link": told.link,
        "facts": dict(told.facts),
        "made_at": now,
    }
