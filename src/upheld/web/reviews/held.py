"""Who had access to what at an instant, and why: as a page, as CSV and as JSON, answered from history."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld import clock
from upheld.accounts.person import SignedInRequest
from upheld.accounts.role import Verb
from upheld.registers.authorization.asof import COLUMNS, MOST, Asked, access_at
from upheld.web.page import answer


@dataclass(frozen=True)
class HeldPage:
    """What was asked, and what was found: at most `MOST` rows, and how many there are in all."""

    asked: Asked
    at: datetime
    rows: tuple[Mapping[str, str], ...]
    count: int
    wrong: str = ""

    @property
    def more(self) -> int:
        """How many rows are not shown."""
        return self.count - len(self.rows)


@require_safe
def held(request: HttpRequest, form: str = "") -> HttpResponse:
    """Show who had access as of an instant; `form` csv or json hands out all of it."""
    person = cast(SignedInRequest, request).person
    if not person.may(Verb.SEE, "evidence"):
        raise Http404(_("There is no such page."))
    wanted, wrong = _instant(request.GET.get("at", "")), ""
    if wanted is None or wanted > clock.now():
        wanted, wrong = clock.now(), "Write the day or instant as in 2026-05-03 or 2026-05-03T12:00, not later than now."
    asked = Asked(*(request.GET.get(name, "").strip()[:200] for name in ("person", "system", "entitlement")))
    rows, count = access_at(wanted, asked, most=0 if form else MOST)
    if form == "json":
        return JsonResponse({"at": wanted.isoformat(), "count": count, "access": rows, **({"error": wrong} if wrong else {})})
    if form == "csv":
        return _csv(rows, wanted)
    page = HeldPage(asked, wanted, tuple(rows), count, wrong if request.GET.get("at") else "")
    return answer(request, "reviews/held", page, place="held")


def _instant(said: str) -> datetime | None:
    """Return the end of the day `said`, or the instant, in UTC; now for nothing, None for something else."""
    if not said:
        return clock.now()
    try:
        if day := parse_date(said):
            return min(datetime.combine(day, time.max, UTC), clock.now()) if day <= clock.now().date() else None
        instant = parse_datetime(said)
    except ValueError:
        return None
    return instant.replace(tzinfo=instant.tzinfo or UTC) if instant else None


def _csv(rows: list[dict[str, str]], at: datetime) -> HttpResponse:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    found = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    found["Content-Disposition"] = f'attachment; filename="access-{at:%Y-%m-%d}.csv"'
    return found


def _harmless(value: str) -> str:
    """Return `value` such that no spreadsheet takes it for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
