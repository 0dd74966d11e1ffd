"""The first page: the honest line, what is broken, what will break, what could not be shown, and the documents."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upheld import workspace
from upheld.checks.verdict import State
from upheld.sources import configured
from upheld.verdicts.measures import known_of
from upheld.verdicts.models import Judgement
from upheld.verdicts.standing import DocumentStanding, MeasureStanding
from upheld.web.lines import MeasureLine, Segment, bar, measure_line, resting_on
from upheld.web.page import answer
from upheld.web.sight import Sight, sight
from upheld.web.wording import honest_line


@dataclass(frozen=True)
class DocumentBar:
    """One document: its title and how many promises are in each state."""

    id: str
    title: str
    version: str
    state: State
    total: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class TodayPage:
    """`judged` says whether there was ever a judgement; without one, `sources` decides what to do next."""

    line: str
    judged: bool
    sources: int
    broken: tuple[MeasureLine, ...]
    will_break: tuple[MeasureLine, ...]
    not_shown: tuple[MeasureLine, ...]
    documents: tuple[DocumentBar, ...]


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show what broke, what will, and where to look."""
    seen = sight(request)
    documents = seen.documents()
    lines = _lines(documents, seen)
    counts: Counter[State] = Counter()
    for document in documents:
        counts.update(document.counts)
    will_break = [line for line in lines if line.state is State.AT_RISK]
    page = TodayPage(
        line=honest_line(counts),
        judged=Judgement.objects.exists(),
        sources=len(configured.in_use()),
        broken=tuple(line for line in lines if line.state is State.BROKEN),
        will_break=tuple(sorted(will_break, key=_flip)),
        not_shown=tuple(line for line in lines if line.state is State.UNPROVEN),
        documents=tuple(document_bar(document) for document in documents),
    )
    return answer(request, "today", page, place="today")


def document_bar(document: DocumentStanding) -> DocumentBar:
    """Return `document` as its bar."""
    said = document.document
    return DocumentBar(said.id, said.title, said.version, document.state, len(document.promises), bar(document.counts))


def _lines(documents: list[DocumentStanding], seen: Sight) -> list[MeasureLine]:
    """Return every judged measure that is not simply upheld, the longest so first."""
    judged: dict[str, MeasureStanding] = {
        each.id: each for document in documents for promise in document.promises for each in promise.measures if each.verdict
    }
    known = known_of(workspace.current())
    failing, promises = seen.failing(), resting_on(documents)
    worth = [each for each in judged.values() if each.state is not State.UPHELD]
    worth.sort(key=lambda each: (each.verdict.from_at.timestamp() if each.verdict else 0.0, each.id))
    return [measure_line(each, known, failing, promises[each.id]) for each in worth]


def _flip(line: MeasureLine) -> float:
    return line.verdict.flips_at.timestamp() if line.verdict and line.verdict.flips_at else float("inf")
