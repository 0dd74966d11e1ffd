"""One measure: its state in three lines, its year, population, query, evidence, history and drill; and the list of all."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld import clock, workspace
from upheld.checks.measure import Measure
from upheld.checks.parameters import Parameter
from upheld.checks.verdict import State
from upheld.documents.catalogue import Known
from upheld.ledger import lookup
from upheld.verdicts import standing
from upheld.verdicts.measures import known_of, measures_of
from upheld.verdicts.models import MeasureVerdict
from upheld.verdicts.standing import MeasureStanding
from upheld.web import drills, inputs, table
from upheld.web.history import stretches
from upheld.web.lines import Failing, MeasureLine, measure_line, resting_on
from upheld.web.page import answer
from upheld.web.population import Population, everyone, page_number, population
from upheld.web.sight import Sight, sight
from upheld.web.unaltered import alteration
from upheld.web.wording import clipped, headline
from upheld.web.wrong import WrongPage
from upheld.web.year import Year, year

LONGEST_SEARCH = 200


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
    """One measure. `measure` is None where its file cannot be read.

    `verdict` is None where it was never judged. Parameters come with their floors, in words; where
    the file that sets them is wrong there are none, and `parameters_wrong` says why. `named` says whether subjects may be seen.
    """

    id: str
    title: str
    fact: str
    state: State
    reason: str
    verdict: MeasureVerdict | None
    measure: Measure | None
    failing: tuple[Failing, ...]
    promises: tuple[Resting, ...]
    year: Year
    history: tuple[MeasureVerdict, ...]
    parameters: tuple[tuple[Parameter, str], ...]
    parameters_wrong: str
    tables: tuple[inputs.TableRead, ...]
    pieces: tuple[inputs.Piece, ...]
    judgement: int | None
    population: Population | None
    named: bool
    drill: str | None


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List every measure, by chapter."""
    seen = sight(request)
    documents = seen.documents()
    known, verdicts, promises = known_of(workspace.current()), standing.in_force(), resting_on(documents)
    by_chapter: dict[str, list[MeasureLine]] = {}
    for name, each in sorted(known.items(), key=lambda item: (item[1].chapter, item[0])):
        if not seen.measure(name):
            continue
        verdict = seen.told(verdicts[name]) if name in verdicts else None
        state, reason = (State(verdict.state), verdict.reason) if verdict else (State.UNPROVEN, standing.lacking(name, each))
        line = measure_line(MeasureStanding(name, each.fact, state, reason, verdict), known, {}, promises.get(name, ()))
        by_chapter.setdefault(each.chapter, []).append(line)
    chapters = tuple(Chapter(chapter, tuple(lines)) for chapter, lines in by_chapter.items())
    shown = [line for each in chapters for line in each.measures]
    page = MeasuresPage(chapters, sum(line.verdict is not None for line in shown), len(shown))
    return answer(request, "measures", page, place="measures")


@require_safe
def measure(request: HttpRequest, chapter: str, name: str) -> HttpResponse:
    """Show one measure in full; `q`, `show` and `page` in the address choose among its population."""
    known, seen = known_of(workspace.current()).get(f"{chapter}/{name}"), sight(request)
    if known is None or not seen.measure(known.id):
        raise Http404(_("There is no measure called %(name)s.") % {"name": f"{chapter}/{name}"})
    return answer(request, "measure", _page(known, request.GET, seen), place="measures")


@require_safe
def population_csv(request: HttpRequest, chapter: str, name: str) -> HttpResponse | StreamingHttpResponse:
    """Give the population of a measure as CSV; `q` and `show` in the address choose, as on its page."""
    seen = sight(request)
    if not seen.measure(f"{chapter}/{name}") or not seen.names(f"{chapter}/{name}"):
        raise Http404(_("No population of %(name)s is kept.") % {"name": f"{chapter}/{name}"})
    verdict = standing.in_force().get(f"{chapter}/{name}")
    file = workspace.current().root / verdict.outcomes if verdict and verdict.outcomes else None
    if verdict is None or file is None or not file.is_file():
        raise Http404(_("No population of %(name)s is kept.") % {"name": f"{chapter}/{name}"})
    if altered := alteration(file, verdict):
        return answer(request, "wrong", WrongPage(_("This population was altered"), altered, english=True), place="measures", status=409)
    subjects = everyone(file, words=request.GET.get("q", "")[:LONGEST_SEARCH], which=request.GET.get("show", ""))
    written = StreamingHttpResponse(table.csv_lines(subjects), content_type="text/csv; charset=utf-8")
    written.headers["Content-Disposition"] = f'attachment; filename="{chapter}-{name}.csv"'
    return written


def _page(known: Known, asked: Mapping[str, str], seen: Sight) -> MeasurePage:
    today = clock.now().astimezone(UTC).date()
    stated = measures_of(workspace.current())[0].get(known.id)
    parameters, wrong = inputs.parameters_of(stated) if stated else ((), "")
    history = seen.history(MeasureVerdict.objects.filter(measure=known.id).select_related("judgement").order_by("-from_at"))
    verdict = next((standing.aged(copy(each), clock.now()) for each in history if each.until_at is None), None)
    state = State(verdict.state) if verdict else State.UNPROVEN
    failing = tuple(seen.failing([known.id]).get(known.id, ()))
    return MeasurePage(
        id=known.id,
        title=known.title,
        fact=known.fact,
        state=state,
        reason=_reason(known, verdict, bool(failing)),
        verdict=verdict,
        measure=stated,
        failing=failing,
        promises=_promises(known.id, seen),
        year=year(stretches(history), today, _flips_at(verdict, state)),
        history=history,
        parameters=parameters,
        parameters_wrong=wrong,
        tables=inputs.tables_read(stated) if stated else (),
        pieces=inputs.pieces(verdict) if verdict else (),
        judgement=_judgement(verdict),
        population=_population(verdict, asked) if seen.names(known.id) else None,
        named=seen.names(known.id),
        drill=drills.breaks(known.id),
    )


def _reason(known: Known, verdict: MeasureVerdict | None, listed: bool) -> str:
    if verdict is None:
        return standing.lacking(known.id, known)
    return headline(verdict.reason, verdict.unknown) if listed else clipped(verdict.reason, 1200)


def _flips_at(verdict: MeasureVerdict | None, state: State) -> datetime | None:
    """Return when the measure breaks if nothing happens; None where it is broken already, or nothing is known."""
    return verdict.flips_at if verdict and state in (State.UPHELD, State.AT_RISK) else None


def _judgement(verdict: MeasureVerdict | None) -> int | None:
    """Return the number of the ledger's entry about the judgement."""
    return lookup.numbers([verdict.judgement.entry_id]).get(verdict.judgement.entry_id) if verdict else None


def _population(verdict: MeasureVerdict | None, asked: Mapping[str, str]) -> Population | None:
    if verdict is None or not verdict.population:
        return None
    file = workspace.current().root / verdict.outcomes
    if file.is_file() and (altered := alteration(file, verdict)):
        return Population(altered=altered)
    return population(file, words=asked.get("q", "")[:LONGEST_SEARCH], which=asked.get("show", ""), page=page_number(asked.get("page", "")))


def _promises(measure_id: str, seen: Sight) -> tuple[Resting, ...]:
    return tuple(
        Resting(each.promise.id, each.promise.text, each.state)
        for document in seen.documents(only=lambda promise: measure_id in promise.measures)
        for each in document.promises
        if any(measure.id == measure_id for measure in each.measures)
    )
