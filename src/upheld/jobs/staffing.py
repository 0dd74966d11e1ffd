"""Cases of people who join, change jobs or leave, as a chore: looked after whenever sources were read; and first secrets that ran out."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max

from upheld import clock
from upheld.jobs.chore import Chore
from upheld.jobs.models import Turn
from upheld.registers.access.models import FirstSecret
from upheld.registers.access.secrets import sweep
from upheld.registers.authorization.keeping_cases import keep_cases
from upheld.sources.models import Collection

CASES = "cases"


def chores(now: datetime) -> Iterator[Chore]:
    """Yield looking after cases, due once something was read since, and deleting first secrets that can be opened no more."""
    read = Collection.objects.filter(tables__table__in=("people", "accounts")).aggregate(at=Max("finished_at"))["at"]
    yield Chore(CASES, now if read is not None and not _looked_after_since(read) else None, lambda: keep_cases(clock.now()))
    over = FirstSecret.objects.filter(link__expires_at__lte=now).exists()
    yield Chore("first secrets", now if over else None, lambda: f"{sweep()} deleted")


def _looked_after_since(read: datetime) -> bool:
    """Whether cases were looked after, with success, by a turn that began when `read` was over, or later."""
    return Turn.objects.filter(chore=CASES, failures=0, ended_at__isnull=False, began_at__gte=read).exists()
