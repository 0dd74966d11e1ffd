"""Telling somebody: a notice is queued in the transaction of what it tells of, so that neither is there without the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from hashlib import sha256

from upheld import clock
from upheld.ledger import identifier
from upheld.ledger.profile import Json
from upheld.notices.models import Notice, Webhook

MAIL, WEBHOOK = "mail", "webhook"
# What can wait is told once a day, at this hour (UTC).
DIGEST_AT = time(5, 0)
_AT_ONCE = 500


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


@dataclass(frozen=True)
class Telling:
    """What is told to whom, in which language: `cause` names what it is about, so that one receiver is told of it once."""

    told: Told
    cause: str
    channel: str
    to: str
    receiver: str
    person: str = ""
    language: str = ""
    at_once: bool = True

    @property
    def key(self) -> str:
        """SHA-256, in hex, of cause and receiver."""
        return sha256(f"{self.channel}\0{self.receiver}\0{self.cause}".encode()).hexdigest()


def queue(tellings: Iterable[Telling]) -> int:
    """Queue those of `tellings` that never were, and return how many; what was queued before, sent or not, is not told again."""
    wanted = {each.key: each for each in tellings}
    keys = list(wanted)
    for start in range(0, len(keys), _AT_ONCE):
        for key in Notice.objects.filter(key__in=keys[start : start + _AT_ONCE]).values_list("key", flat=True):
            del wanted[str(key)]
    now = clock.now()
    fresh = [_notice(each, now) for each in wanted.values()]
    Notice.objects.bulk_create(fresh, batch_size=_AT_ONCE, ignore_conflicts=True)
    return len(fresh)


def _notice(each: Telling, now: datetime) -> Notice:
    return Notice(
        **_said(each.told, now),
        channel=each.channel,
        to=each.to,
        person=each.person,
        language=each.language,
        key=each.key,
        in_digest=not each.at_once,
        not_before_at=now if each.at_once else next_digest(now),
    )


def programs(told: Told) -> list[Notice]:
    """Queue `told` for each webhook that wants its kind."""
    return [program(told, each) for each in wanting(told.kind)]


def wanting(kind: str) -> list[Webhook]:
    """Return the webhooks in use that want to be told of `kind`: by its whole name, or by what that begins with, up to a dot."""
    parts = kind.split(".")
    names = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
    return [each for each in webhooks() if not each.kinds or names & set(each.kinds)]


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
