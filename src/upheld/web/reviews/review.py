"""One screen on which a reviewer decides, by keyboard: what is with them, the next first, with what is to be looked at twice."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from upheld.accounts.person import Person, SignedInRequest
from upheld.actions.errors import Refused
from upheld.registers.authorization.kinds import Decision
from upheld.registers.authorization.review_models import AccessReview, ReviewItem
from upheld.registers.authorization.reviews import decide_items, undecided
from upheld.web.page import answer
from upheld.web.registers import finding
from upheld.web.reviews.printed import may_print

SHOWN = 25


@dataclass(frozen=True)
class ReviewPage:
    """A review as one reviewer sees it: how far it is, how far they are, and their next items."""

    review: AccessReview
    items: tuple[ReviewItem, ...]
    mine: int
    mine_left: int
    left: int
    said: str
    wrong: str
    may_finish: bool
    may_print: bool


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, number: int) -> HttpResponse:
    """Show a reviewer's next items, or decide about those that are chosen: the top one where none is."""
    person = cast(SignedInRequest, request).person
    found = cast(AccessReview, finding.record(person, AccessReview, number))
    if request.method != "POST":
        return answer(request, "reviews/review", page_of(found, person), place="registers")
    reason = request.POST.get("reason", "")[:2_000]
    try:
        _decide(request, found, person, reason)
    except Refused as error:
        return answer(request, "reviews/review", page_of(found, person, said=reason, wrong=str(error)), place="registers", status=422)
    return HttpResponseRedirect(reverse("review", args=[found.pk]))


def _decide(request: HttpRequest, found: AccessReview, person: Person, reason: str) -> None:
    chosen = [int(each) for each in request.POST.getlist("item") or request.POST.getlist("top") if each.isdecimal()]
    try:
        decision = Decision(request.POST.get("decision", ""))
    except ValueError as error:
        raise Refused("Press one of the buttons: keep or revoke.") from error
    decide_items(found, by=person, numbers=chosen, decision=decision, reason=reason or None)


def page_of(found: AccessReview, person: Person, *, said: str = "", wrong: str = "") -> ReviewPage:
    """Return what `person` is shown of `found`."""
    open_ones = undecided(found)
    mine = open_ones.filter(reviewer=person.ref)
    left = open_ones.count()
    return ReviewPage(
        review=found,
        items=tuple(mine.order_by("number")[:SHOWN]) if not found.finished_at else (),
        mine=found.items_of.filter(reviewer=person.ref).count(),
        mine_left=mine.count(),
        left=left,
        said=said,
        wrong=wrong,
        may_finish=not left and not found.finished_at,
        may_print=bool(found.finished_at) and may_print(person),
    )
