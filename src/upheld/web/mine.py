"""What whoever looks owes, and the link by which their own calendar shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from upheld import clock
from upheld.accounts.person import SignedInRequest
from upheld.duties.calendar import ics, make_link, whose
from upheld.duties.work import Owed, owed
from upheld.web.page import answer


@dataclass(frozen=True)
class OwedLine:
    """One thing to do, and where it is done."""

    owed: Owed
    address: str
    overdue: bool


@dataclass(frozen=True)
class MinePage:
    """What one owes. `tied` says whether the account is somebody's in the list of people; `link` is shown this once."""

    lines: tuple[OwedLine, ...]
    tied: bool
    link: str


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Show what one owes; make a link for one's calendar."""
    person = cast(SignedInRequest, request).person
    link = request.build_absolute_uri(reverse("calendar", args=[make_link(person)])) if request.method == "POST" else ""
    now = clock.now()
    lines = tuple(_line(each, now) for each in owed(person, now))
    return answer(request, "registers/mine", MinePage(lines, bool(person.ref), link), place="mine")


def _line(each: Owed, now: datetime) -> OwedLine:
    if each.finding is not None:
        address = reverse("finding", args=[each.finding])
    elif each.action == "governance.acknowledge-policy":
        address = reverse("policy-text", args=[each.record])
    else:
        address = f"{reverse('act', args=[each.action])}?{urlencode({'record': each.record})}"
    return OwedLine(each, address, each.due_at is not None and each.due_at < now)


@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """Return what the owner of the link owes, as a calendar."""
    person = whose(secret)
    if person is None:
        raise Http404("There is no such calendar.")
    written = ics(owed(person, clock.now()), request.build_absolute_uri(reverse("mine")))
    return HttpResponse(written, content_type="text/calendar; charset=utf-8")
