"""What whoever looks owes, and the link by which their own calendar shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upheld import clock, workspace
from upheld.accounts.person import Person, SignedInRequest
from upheld.duties.calendar import ics, make_link, whose
from upheld.duties.occurrences import last_look
from upheld.duties.places import address_of
from upheld.duties.work import Owed, may, owed
from upheld.notices import mail
from upheld.notices.wishes import How, choose, wish_of
from upheld.registers import staff
from upheld.registers.owing import duties
from upheld.web.page import answer
from upheld.web.population import page_number

PER_PAGE = 50
BEHIND = timedelta(days=1)  # the worker looks far more often; this says that there is none


@dataclass(frozen=True)
class OwedLine:
    """One thing to do, and where it is done ("": their roles do not let them, though they owe it).

    `owes` is who owes it, where that is somebody else, and `give` where it is given away.
    """

    owed: Owed
    address: str
    overdue: bool
    owes: str
    give: str


@dataclass(frozen=True)
class MinePage:
    """What one owes. `tied` says whether the account is somebody's in the list of people; `link` is shown this once.

    `looked_at` is when the worker last looked what falls due, None for never; `behind` says that this is long ago. `how` and `language`
    are how they are told by mail, `has_mail` whether this workspace sends any.
    """

    lines: tuple[OwedLine, ...]
    page: Page  # type: ignore[type-arg]  # generic in the stubs alone
    tied: bool
    link: str
    looked_at: datetime | None
    behind: bool
    how: How
    language: str
    languages: tuple[tuple[str, str], ...]
    has_mail: bool


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Show what one owes; make a link for one's calendar."""
    person = cast(SignedInRequest, request).person
    link = ""
    if request.method == "POST":
        if "how" in request.POST:
            return _choose(request, person)
        link = request.build_absolute_uri(reverse("calendar", args=[make_link(person)]))
    now = clock.now()
    with staff.held():
        shown = Paginator(owed(person, now), PER_PAGE).get_page(page_number(request.GET.get("page", "")))
        lines = owed_lines(list(shown.object_list), person, now)
    looked_at = last_look()
    page = MinePage(
        lines=lines,
        page=shown,
        tied=bool(person.ref),
        link=link,
        looked_at=looked_at,
        behind=looked_at is None or now - looked_at > BEHIND,
        how=wish_of(person),
        language=getattr(request.user, "language", "") or "en",
        languages=tuple(settings.LANGUAGES),
        has_mail=(workspace.current().root / mail.FILE).is_file(),
    )
    return answer(request, "registers/mine", page, place="mine")


def owed_lines(found: Sequence[Owed], person: Person, now: datetime) -> tuple[OwedLine, ...]:
    """Return `found`, of what `person` owes, each with where it is done."""
    others = {each.owes for each in found} - {"", person.ref}
    who = staff.names(others) if others else {}
    return tuple(_line(each, person, now, who) for each in found)


def _choose(request: HttpRequest, person: Person) -> HttpResponse:
    """Take how somebody wants to be told, and in which language; what is neither changes nothing."""
    how, language = request.POST["how"], request.POST.get("language", "")
    if how in list(How) and language in dict(settings.LANGUAGES):
        choose(person, How(how), language)
    return HttpResponseRedirect(f"{reverse('mine')}#told")


def _line(each: Owed, person: Person, now: datetime, who: Mapping[str, str]) -> OwedLine:
    give = f"{reverse('act', args=['duties.delegate'])}?{urlencode({'occurrence': each.occurrence})}" if _can_be_given(each) else ""
    address = address_of(each) if may(person, each) else ""
    return OwedLine(each, address, each.due_at is not None and each.due_at < now, who.get(each.owes, ""), give)


def _can_be_given(each: Owed) -> bool:
    return each.occurrence is not None and each.action not in {duty.name for duty in duties() if duty.by_each}


@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """Return what the owner of the link owes, as a calendar."""
    person = whose(secret)
    if person is None:
        raise Http404(_("There is no such calendar."))
    written = ics(owed(person, clock.now()), request.build_absolute_uri(reverse("mine")))
    return HttpResponse(written, content_type="text/calendar; charset=utf-8")
