"""One promise: what was promised, what was found, since when, its year, and the measures it rests on."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld import clock, workspace
from upheld.checks.verdict import State
from upheld.documents.document import Document, Promise
from upheld.registers.rules import LEADS
from upheld.registers.trust.models import PromiseShown, TrustCenter
from upheld.verdicts.measures import known_of
from upheld.verdicts.standing import DocumentStanding, PromiseStanding
from upheld.web.history import by_measure, of_the_year
from upheld.web.lines import MeasureLine, measure_line
from upheld.web.page import answer
from upheld.web.sight import Sight, sight
from upheld.web.wording import clipped
from upheld.web.year import Year, rolled_up


@dataclass(frozen=True)
class PromisePage:
    """One promise of `document`, under the heading `section`. `sources` are those that its measures were judged on.

    `shown` says how much of it is shown to whom, None where that is nothing to whoever looks.
    """

    document: Document
    promise: Promise
    section: str
    state: State
    reason: str
    since: datetime | None
    sources: tuple[str, ...]
    year: Year
    measures: tuple[MeasureLine, ...]
    shown: PromiseShown | TrustCenter | None


@require_safe
def promise(request: HttpRequest, promise_id: str) -> HttpResponse:
    """Show one promise in full."""
    seen = sight(request)
    for document in seen.documents(only=lambda promise: promise.id == promise_id):
        for each in document.promises:
            if each.promise.id == promise_id:
                return answer(request, "promise", _page(document, each, seen), place="promises")
    raise Http404(_("There is no promise called %(promise_id)s.") % {"promise_id": promise_id})


def _page(document: DocumentStanding, found: PromiseStanding, seen: Sight) -> PromisePage:
    names = [each.id for each in found.measures]
    known, failing, past = known_of(workspace.current()), seen.failing(names), by_measure(of_the_year(names), seen)
    today = clock.now().astimezone(UTC).date()
    return PromisePage(
        document=document.document,
        promise=found.promise,
        section=next(each.title for each in document.document.sections if each.number == found.promise.section),
        state=found.state,
        reason=clipped(found.reason, 800),
        since=found.since,
        sources=tuple(sorted({piece["source"] for each in found.measures if each.verdict for piece in each.verdict.evidence})),
        year=rolled_up(list(past.values()), untested=len(past) < len(names), today=today),
        measures=tuple(measure_line(each, known, failing) for each in found.measures),
        shown=_shown(found.promise) if seen.person.roles & set(LEADS) else None,
    )


def _shown(promise: Promise) -> PromiseShown | TrustCenter | None:
    """Return what says how much of `promise` is shown to whom; None where no Trust Center is open."""
    opened = TrustCenter.objects.filter(closed_at=None).first()
    return (PromiseShown.objects.filter(promise=promise.id).first() or opened) if opened else None
