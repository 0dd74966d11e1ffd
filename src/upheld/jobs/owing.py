"""Chores: looking up what falls due, once something was done or judged, when something is late, and every hour; and telling people."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Min

from upheld import clock
from upheld.actions.models import Step
from upheld.duties.models import Occurrence, State
from upheld.duties.occurrences import last_look, materialise
from upheld.duties.tell import is_anything_untold, tell_all
from upheld.jobs.chore import Chore
from upheld.verdicts.models import Judgement

EVERY = timedelta(hours=1)


def chores(now: datetime) -> Iterator[Chore]:
    """Yield looking what falls due, and telling people of it."""
    yield Chore("duties", due_at(now), _look)
    yield Chore("tell", now if is_anything_untold() else None, _tell)


def due_at(now: datetime) -> datetime | None:
    """Return when to look next: now if something was done or judged since, at the next day of something open, or in an hour.

    None where nothing was ever done or judged: nobody can owe anything then.
    """
    done_at = Step.objects.order_by("-pk").values_list("at", flat=True).first()
    judged_at = Judgement.objects.order_by("-pk").values_list("judged_at", flat=True).first()
    changed, looked_at = (done_at, judged_at), last_look()
    if not any(changed):
        return None
    if looked_at is None:
        return now
    if any(at and at > looked_at for at in changed):
        return now
    falls_due: datetime | None = Occurrence.objects.filter(state=State.OPEN, due_at__gt=looked_at).aggregate(at=Min("due_at"))["at"]
    return min(looked_at + EVERY, falls_due or looked_at + EVERY)


def _look() -> str:
    return str(materialise(clock.now()))


def _tell() -> str:
    told = 0
    while some := tell_all(clock.now()):  # a few thousand at a time, each in a transaction of its own
        told += some
    return f"{told:,} mails and messages"
