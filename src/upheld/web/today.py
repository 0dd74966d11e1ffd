"""The first page: the honest line, what is broken, what will break, what one owes, and the documents with their year."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from upheld import clock, workspace
from upheld.accounts.person import Person
from upheld.checks.verdict import State
from upheld.duties.work import owed
from upheld.registers import staff
from upheld.verdicts.measures import known_of
from upheld.verdicts.standing import DocumentStanding, MeasureStanding
from upheld.web.history import by_measure, of_the_year
from upheld.web.lines import MeasureLine, Segment, bar, measure_line, resting_on
from upheld.web.mine import OwedLine, owed_lines
from upheld.web.page import answer
from upheld.web.sight import Sight, sight
from upheld.web.wording import figure, honest_line, listed
from upheld.web.year import Stretch, Year, rolled_up

FIRST_FEW = 5
LATELY, SOON = timedelta(days=7), timedelta(days=14)
T = TypeVar("T")
Past = Mapping[str, Sequence[Stretch]]  # by measure


@dataclass(frozen=True)
class Few(Generic[T]):
    """The first few of a list, and how many there are in all."""

    first: tuple[T, ...]
    total: int

    @classmethod
    def of(cls, several: Sequence[T]) -> "Few[T]":
        """Return `several` cut short."""
        return cls(tuple(several[:FIRST_FEW]), len(several))

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.first)


@dataclass(frozen=True)
class DocumentBar:
    """One document: its title and how many promises are in each state."""

    id: str
    title: str
    language: str
    version: str
    state: State
    total: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class TodayPage:
    """Of each list the first few are shown. `mine` is None for whom nobody can say what they owe."""

    line: str
    news: str
    broken: Few[MeasureLine]
    will_break: Few[MeasureLine]
    not_shown: Few[MeasureLine]
    mine: Few[OwedLine] | None
    documents: tuple[DocumentBar, ...]
    year: Year


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show what broke, what will, and what whoever looks owes."""
    seen, now = sight(request), clock.now()
    verdicts = of_the_year()
    past = by_measure(verdicts, seen)  # before the open ones are told as they speak now
    documents = seen.documents(each for each in verdicts if each.until_at is None)
    lines = _lines(documents, seen)
    counts: Counter[State] = Counter()
    for document in documents:
        counts.update(document.counts)
    named = {each.id for document in documents for promise in document.promises for each in promise.measures}
    past = {name: stretches for name, stretches in past.items() if name in named}
    broken = sorted((line for line in lines if line.state is State.BROKEN), key=_since, reverse=True)
    will_break = sorted((line for line in lines if line.state is State.AT_RISK), key=_flip)
    page = TodayPage(
        line=honest_line(counts),
        news=_news(documents, will_break, past, now),
        broken=Few.of(broken),
        will_break=Few.of(will_break),
        not_shown=Few.of([line for line in lines if line.state is State.UNPROVEN]),
        mine=_mine(seen.person, now),
        documents=tuple(document_bar(document) for document in documents),
        year=_year(past, untested=len(past) < len(named), now=now),
    )
    return answer(request, "today", page, place="today")


def _mine(person: Person, now: datetime) -> Few[OwedLine] | None:
    if not person.ref:
        return None
    with staff.held():
        found = owed(person, now)
        return Few(owed_lines(found[:FIRST_FEW], person, now), len(found))


def _news(documents: list[DocumentStanding], will_break: list[MeasureLine], past: Past, now: datetime) -> str:
    """Return what changed lately and what will soon, in a sentence; "" for nothing. What was never seen otherwise did not break now."""
    broke = sum(any(_broke(each, past, now) for each in promise.measures) for document in documents for promise in document.promises)
    soon = sum(_flip(line) <= (now + SOON).timestamp() for line in will_break)
    parts = []
    if broke:
        said = ngettext("%(number)s promise broke this week", "%(number)s promises broke this week", broke)
        parts.append(said % {"number": figure(broke)})
    if soon:
        said = ngettext("%(number)s measure will break within %(days)d days", "%(number)s measures will break within %(days)d days", soon)
        parts.append(said % {"number": figure(soon), "days": SOON.days})
    return f"{listed(parts)}." if parts else ""


def _broke(each: MeasureStanding, past: Past, now: datetime) -> bool:
    broken = each.state is State.BROKEN and each.verdict is not None and now - each.verdict.from_at <= LATELY
    return broken and len(past.get(each.id, ())) > 1


def _year(past: Past, *, untested: bool, now: datetime) -> Year:
    """Return the year of all promises together: each day as its worst measure."""
    day = now.astimezone(UTC).date()
    return rolled_up(list(past.values()), untested=untested, today=day)


def document_bar(document: DocumentStanding) -> DocumentBar:
    """Return `document` as its bar."""
    said = document.document
    return DocumentBar(said.id, said.title, said.language, said.version, document.state, len(document.promises), bar(document.counts))


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


def _since(line: MeasureLine) -> float:
    return line.verdict.from_at.timestamp() if line.verdict else 0.0


def _flip(line: MeasureLine) -> float:
    return line.verdict.flips_at.timestamp() if line.verdict and line.verdict.flips_at else float("inf")
