"""Chores about staff: cases of who joins, moves or leaves, requests to carry out, names to remember, first secrets that ran out."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max

from upheld import clock
from upheld.actions.models import Step
from upheld.jobs.chore import Chore
from upheld.jobs.models import Turn
from upheld.registers.access.models import FirstSecret
from upheld.registers.access.secrets import sweep
from upheld.registers.authorization.campaigns import keep_campaigns, wait
from upheld.registers.authorization.keeping_cases import keep_cases
from upheld.registers.authorization.naming import remember
from upheld.registers.authorization.provisioning import provision, waiting
from upheld.registers.authorization.request_models import EmergencyAccess
from upheld.registers.incidents.queueing import PRODUCT
from upheld.sources.models import Collection, Enforcement

_DECIDED = ("authorization.accessrequest", "authorization.emergencyaccess")
CASES, REQUESTS, NAMES, UNUSED = "cases", "requests", "log-on names", "unused credentials"


def chores(now: datetime) -> Iterator[Chore]:
    """Yield looking after cases, names and requests, due once something is new of them, and deleting first secrets that ran out."""
    read = Collection.objects.filter(tables__table__in=("people", "accounts")).aggregate(at=Max("finished_at"))["at"]
    news = read is not None and not _looked_after_since(CASES, read)
    yield Chore(CASES, now if news else None, lambda: keep_cases(clock.now()))
    yield Chore(NAMES, now if read is not None and not _looked_after_since(NAMES, read) else None, lambda: f"{remember():,} remembered")
    yield Chore(UNUSED, now if wait() else None, lambda: keep_campaigns(PRODUCT))
    yield Chore(REQUESTS, now if _requests_wait(read) else None, lambda: provision(PRODUCT))
    over = FirstSecret.objects.filter(link__expires_at__lte=now).exists()
    yield Chore("first secrets", now if over else None, lambda: f"{sweep()} deleted")


def _requests_wait(read: datetime | None) -> bool:
    """Whether requests or emergencies wait, and anything was decided, ordered or read since they were carried on with last, or ended."""
    if read is None or not waiting():
        return False
    decided = Step.objects.filter(register__in=_DECIDED).aggregate(at=Max("at"))["at"]
    settled = Enforcement.objects.filter(reason__regex="^(access-request|emergency-access):").aggregate(at=Max("settled_at"))["at"]
    over = EmergencyAccess.objects.filter(ends_at__lte=clock.now()).aggregate(at=Max("ends_at"))["at"]
    day = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return not _looked_after_since(REQUESTS, max(at for at in (read, decided, settled, over, day) if at is not None))


def _looked_after_since(chore: str, at: datetime) -> bool:
    """Whether `chore` was done, with success, by a turn that began at `at`, or later."""
    return Turn.objects.filter(chore=chore, failures=0, ended_at__isnull=False, began_at__gte=at).exists()
