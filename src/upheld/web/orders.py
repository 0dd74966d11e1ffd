"""Orders to sources: how many minutes each kind takes until it is read back, and what was refused or is open."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upheld import clock
from upheld.sources.models import Enforcement
from upheld.sources.timing import Timing, not_done, timings
from upheld.web.page import answer

DAYS, MOST = 365, 100


@dataclass(frozen=True)
class OrdersPage:
    """What came of the orders of a year, by source and verb, and at most `MOST` of those that are not done."""

    times: tuple[Timing, ...]
    left: tuple[Enforcement, ...]
    more: int


@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """Show them."""
    since = clock.now() - timedelta(days=DAYS)
    left = not_done(since)
    return answer(request, "orders", OrdersPage(tuple(timings(since)), tuple(left[:MOST]), len(left[MOST:])), place="evidence")
