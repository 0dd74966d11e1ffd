"""The chore that reads the mailbox in which people report: each mail becomes an event, once, within limits."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from upheld import clock
from upheld.actions.asking import ask
from upheld.actions.declaring import declared
from upheld.actions.errors import Refused
from upheld.actions.models import Step
from upheld.jobs.chore import Chore, Unsuccessful
from upheld.notices import inbox
from upheld.notices.errors import NoticesMisconfigured
from upheld.registers.incidents.models import SecurityEvent
from upheld.registers.incidents.queueing import PRODUCT
from upheld.secret import NoSecret

EVERY = timedelta(minutes=1)
# So that whoever knows the address can neither drown what others report nor fill the queue: what is beyond stays unread for an hour.
MOST_FROM_ONE, MOST_AN_HOUR = 10, 100
ACTION = "incidents.note-report"
_looked: dict[str, datetime] = {}


def chores(now: datetime) -> Iterator[Chore]:
    """Yield the chore, where the workspace names a mailbox."""
    if inbox.is_set_up():
        last = _looked.get("at")
        yield Chore("read mail", now if last is None or last > now else last + EVERY, read)


def read() -> str:
    """Let each unread mail be an event, and say how many there were. Raises `Unsuccessful`."""
    now = clock.now()
    _looked["at"] = now
    reported = Counter(_of_the_last_hour(now))
    done: Counter[str] = Counter()
    try:
        with inbox.opened(inbox.inbox()) as mailbox:
            for letter in mailbox.unread():
                what = "left out" if letter.automatic else _report(letter, reported)
                done[what] += 1
                if what != "left for later":
                    mailbox.keep_read(letter)
    except (inbox.NotRead, NoSecret, NoticesMisconfigured) as error:
        raise Unsuccessful(f"the mailbox for reports was not read: {error}") from error
    return ", ".join(f"{number} {what}" for what, number in sorted(done.items())) or "nothing new"


def _of_the_last_hour(now: datetime) -> Iterator[str]:
    steps = Step.objects.filter(action=ACTION, by=PRODUCT.ref, at__gt=now - timedelta(hours=1)).values_list("record", flat=True)
    yield from SecurityEvent.objects.filter(pk__in=[int(each) for each in steps]).values_list("contact", flat=True)


def _report(letter: inbox.Letter, reported: Counter[str]) -> str:
    contact = f"Mail from {letter.sender}"
    if reported[contact] >= MOST_FROM_ONE or reported.total() >= MOST_AN_HOUR:
        return "left for later"
    try:
        ask(declared()[ACTION], {"what": letter.text, "contact": contact}, by=PRODUCT, key=f"mail/{letter.key}")
    except Refused as error:
        raise Unsuccessful(f"a mail could not be made an event: {error}") from error
    reported[contact] += 1
    return "reported"
