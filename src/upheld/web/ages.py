"""Open findings by age, as bars: how many failed for how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upheld.verdicts.models import Finding

_LIMITS = (7, 30, 90, 365)  # days


@dataclass(frozen=True)
class Age:
    """So many findings of an age, in words; `width` is how long their bar is, of 100 for the most."""

    words: str
    number: int
    width: int


def ages(found: QuerySet[Finding], now: datetime) -> tuple[Age, ...]:
    """Return the findings `found` by how long they have been open at `now`, the youngest first; one query."""
    edges = [now - timedelta(days=days) for days in _LIMITS]
    younger, older = (None, *edges), (*edges, None)
    numbers = found.order_by().aggregate(
        **{
            f"age{place}": Count(
                "pk",
                filter=(Q(first_seen_at__lte=until) if until else Q()) & (Q(first_seen_at__gt=since) if since else Q(pk__isnull=False)),
            )
            for place, (until, since) in enumerate(zip(younger, older, strict=True))
        }
    )
    counts = [numbers[f"age{place}"] for place in range(len(younger))]
    most = max(counts) or 1
    return tuple(Age(_words(place), count, -(-100 * count // most)) for place, count in enumerate(counts))


def _words(place: int) -> str:
    if place == len(_LIMITS):
        return _("longer")
    return ngettext("up to %(number)d day", "up to %(number)d days", _LIMITS[place]) % {"number": _LIMITS[place]}
