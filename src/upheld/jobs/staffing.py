"""Cases of people who join, change jobs or leave, as a chore: looked after whenever sources were read; and first secrets that ran out."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max

from upheld import clock
from upheld.jobs.chore import Chore
from upheld.registers.access.models import FirstSecret
from upheld.registers.access.secrets import sweep
from upheld.registers.authorization.keeping_cases import keep_cases
from upheld.sources.models import Collection


class _Kept:
    """When this process looked after cases last; after a start they are looked after once more, which changes nothing."""

    at: datetime | None = None


def chores(now: datetime) -> Iterator[Chore]:
    """Yield looking after cases, due once something was read since, and deleting first secrets that can be opened no more."""
    read = Collection.objects.filter(tables__table__in=("people", "accounts")).aggregate(at=Max("finished_at"))["at"]
    yield Chore("cases", now if read is not None and (_Kept.at is None or read > _Kept.at) else None, _keep)
    over = FirstSecret.objects.filter(link__expires_at__lte=now).exists()
    yield Chore("first secrets", now if over else None, lambda: f"{sweep()} deleted")


def _keep() -> str:
    begun = clock.now()
    said = keep_cases(begun)
    _Kept.at = begun
    return said
