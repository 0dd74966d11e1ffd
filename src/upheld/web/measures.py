"""One measure: its state in three lines, its year, population, query, evidence, history and drill; and the list of all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upheld import clock, workspace
from upheld.checks import library
from upheld.checks.measure import Measure, read
from upheld.checks.parameters import Parameter
from upheld.checks.verdict import State
from upheld.documents import catalogue
from upheld.documents.catalogue import ToCome
from upheld.verdicts import explaining, standing
from upheld.verdicts.explaining import MeasureExplained
from upheld.verdicts.models import MeasureVerdict
from upheld.verdicts.standing import MeasureStanding
from upheld.web import drills, inputs
from upheld.web.history import stretches
from upheld.web.lines import Failing, MeasureLine, first_failing, measure_line, resting_on
from upheld.web.page import answer
from upheld.web.population import Population, page_number, population
from upheld.web.wording import clipped, headline
from upheld.web.year import Year, year


@dataclass(frozen=True)
class Chapter:
    """The measures of one chapter."""

    name: str
    measures: tuple[MeasureLine, ...]


@dataclass(frozen=True)
class MeasuresPage:
    """All measures; `judged` of `total` have a verdict."""

    chapters: tuple[Chapter, ...]
    judged: int
    total: int


@dataclass(frozen=True)
class Resting:
    """A promise that rests on the measure."""

    id: str
    text: str
    state: State


@dataclass(frozen=True)
class MeasurePage:
    """One measure. `measure` is None while it is still to come, and `coming` says what it will need; `verdict` None: never judged."""

    id: str
    title: str
    fact: str
    state: State
    reason: str
    verdict: MeasureVerdict | None
    measure: Measure | None
    coming: ToCome | None
    failing: tuple[Failing, ...]
    promises: tuple[Resting, ...]
    year: Year
    history: tuple[MeasureVerdict, ...]
    parameters: tuple[Parameter, ...]
    tables: tuple[inputs.TableRead, ...]
    pieces: tuple[inputs.Piece, ...]
    judgement: int | None
    population: Population | None
    drill: str | None


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List every measure, by chapter."""
    documents = standing.documents()
    known, verdicts, promises = catalogue.known(workspace.current().measures), standing.in_force(), resting_on(documents)
    by_chapter: dict[str, list[MeasureLine]] = {}
    for name, each in sorted(known.items(), key=lambda item: (item[1].chapter, not item[1].shipped, item[0])):
        verdict = verdicts.get(name)
        state, reason = (State(verdict.state), verdict.reason) if verdict else (State.UNPROVEN, standing.lacking(name, each))
        line = measure_line(MeasureStanding(name, each.fact, state, reason, verdict), known, {}, promises.get(name, ()))
        by_chapter.setdefault(each.chapter, []).append(line)
    chapters = tuple(Chapter(chapter, tuple(lines)) for chapter, lines in by_chapter.items())
    return answer(request, "measures", MeasuresPage(chapters, len(verdicts), len(known)), place="evidence")


@require_safe
def measure(request: HttpRequest, chapter: str, name: str) -> HttpResponse:
    """Show one measure in full; `q`, `show` and `page` in the address choose among its population."""
    found = explaining.explain(f"{chapter}/{name}")
    if found is None:
        raise Http404(f"There is no measure called {chapter}/{name}.")
    return answer(request, "measure", _page(found, request.GET), place="evidence")


def _page(found: MeasureExplained, asked: Mapping[str, str]) -> MeasurePage:
    space = workspace.current()
    stated = _stated(found.id) if found.query else None
    values = library.parameters_in_force(space.measures, space.parameters) if stated else None
    history = tuple(MeasureVerdict.objects.filter(measure=found.id).order_by("-from_at"))
    today = clock.now().astimezone(UTC).date()
    failing = tuple(first_failing([found.id]).get(found.id, ()))
    return MeasurePage(
        id=found.id,
        title=catalogue.known(space.measures)[found.id].title,
        fact=found.fact,
        state=found.state,
        reason=headline(found.reason, found.verdict.unknown) if failing and found.verdict else clipped(found.reason, 1200),
        verdict=found.verdict,
        measure=stated,
        coming=catalogue.to_come().get(found.id) if stated is None else None,
        failing=failing,
        promises=_promises(found.id),
        year=year(stretches(history), today),
        history=history,
        parameters=tuple(values.of(stated).values()) if values and stated else (),
        tables=inputs.tables_read(stated) if stated else (),
        pieces=inputs.pieces(found.verdict) if found.verdict else (),
        judgement=inputs.entry_number(found.verdict.judgement.entry_id) if found.verdict else None,
        population=_population(found.verdict, asked),
        drill=drills.breaks(found.id),
    )


def _stated(measure_id: str) -> Measure:
    """Return the measure with that id, which is known to have a query, from the file that states it."""
    own = workspace.current().measures / f"{measure_id}.sql"
    return read(own, shipped=False) if own.is_file() else read(library.SHIPPED / f"{measure_id}.sql")


def _population(verdict: MeasureVerdict | None, asked: Mapping[str, str]) -> Population | None:
    if verdict is None or not verdict.population:
        return None
    file = workspace.current().root / verdict.outcomes
    return population(file, words=asked.get("q", "")[:200], which=asked.get("show", ""), page=page_number(asked.get("page", "")))


def _promises(measure_id: str) -> tuple[Resting, ...]:
    return tuple(
        Resting(each.promise.id, each.promise.text, each.state)
        for document in standing.documents()
        for each in document.promises
        if any(measure.id == measure_id for measure in each.measures)
    )
