"""One screen on which a reviewer decides, by keyboard: what is with them, the next first, with what is to be looked at twice."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from upheld.accounts.person import Person, SignedInRequest
from upheld.actions.errors import Refused
from upheld.actions.models import Step
from upheld.ledger import lookup, store
from upheld.registers.authorization.kinds import Decision
from upheld.registers.authorization.review_models import AccessReview, ReviewItem
from upheld.registers.authorization.reviews import decide_items, undecided
from upheld.registers.staff import names
from upheld.web.page import answer
from upheld.web.registers import finding
from upheld.web.reviews.printed import may_print

SHOWN = 25


@dataclass(frozen=True)
class Finish:
    """By whom and when a review was finished, and what proves it: its entry, and the checkpoint that has it.

    `entry` is None as long as the entry waits to be placed, and `size` as long as no checkpoint has it.
    """

    by: str
    at: datetime
    entry: int | None
    size: int | None
    signed_at: datetime | None
    kept: int
    revoked: int


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
    finish: Finish | None


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
        finish=_finish(found) if found.finished_at else None,
    )


def _finish(found: AccessReview) -> Finish:
    assert found.finished_at is not None, "the caller looked"
    steps = Step.objects.filter(register=found.register(), record=str(found.pk)).order_by("pk")
    written = next((step.entry_id for step in steps if "finished_at" in step.changes), "")
    entry, checkpoint = _proven(written)
    counts = Counter(found.decisions.values_list("decision", flat=True))
    return Finish(
        by=names({found.finished_by}).get(found.finished_by, found.finished_by),
        at=found.finished_at,
        entry=entry,
        size=checkpoint[0] if checkpoint else None,
        signed_at=checkpoint[1] if checkpoint else None,
        kept=counts[Decision.KEEP],
        revoked=counts[Decision.REVOKE],
    )


def _proven(written: str) -> tuple[int | None, tuple[int, datetime] | None]:
    """Return where the entry `written` stands in the ledger that runs, and the last checkpoint, if that has it: size and instant."""
    log = store.current()
    index = lookup.numbers([written]).get(written) if written else None
    # Numbers are those of all ledgers there ever were; a checkpoint speaks of its own alone.
    if log is None or index is None or index >= log.size() or written.encode() not in log.entry(index):
        return None, None
    last = next(iter(log.checkpoints(1)), None)
    return index, last if last and index < last[0] else None
