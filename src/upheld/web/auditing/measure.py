"""One measure over an auditor's period: its query, its parameters, every interval, everybody who failed, and how it stood on any day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld import workspace
from upheld.accounts.role import Role
from upheld.actions.errors import Ill
from upheld.actions.errors import Refused as NotDone
from upheld.checks.measure import Measure
from upheld.checks.parameters import Parameter
from upheld.checks.verdict import State
from upheld.exports.bundle.prepared import named_to_auditors
from upheld.ledger import lookup
from upheld.registers.compliance.populations import population
from upheld.registers.compliance.space_models import AuditorRemark, AuditorSample
from upheld.registers.exchange.sheets import csv_lines
from upheld.verdicts import past
from upheld.verdicts.measures import measures_of
from upheld.verdicts.models import Finding, Judgement, MeasureVerdict
from upheld.web import inputs
from upheld.web.auditing.overview import Stood, remarks, samples, stands
from upheld.web.auditing.space import Space, forged, space
from upheld.web.page import answer
from upheld.web.sight import without_names

MOST_FAILING, MOST_CHANGES = 500, 50
NOT_NAMED = "Of this measure the company shows auditors how many pass and fail, and not who."
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Interval:
    """A stretch with one state, clipped to the period: what was found when it began, by the entry of the ledger that says so.

    `unseen_from` is since when nobody looked, where that is before its end.
    """

    state: State
    from_at: datetime
    until_at: datetime
    unseen_from: datetime | None
    entry: int | None
    counts: str


@dataclass(frozen=True)
class Failed:
    """One subject that failed in the period: from when until when (None: at its end still), and what was said of it by then."""

    subject: str
    label: str
    detail: str
    from_at: datetime
    until_at: datetime | None


@dataclass(frozen=True)
class OnDay:
    """How the measure stood at the end of one day of the period."""

    day: date
    verdict: MeasureVerdict | None
    failed: tuple[Failed, ...]


@dataclass(frozen=True)
class SpaceMeasurePage:
    """One measure in a space. `changes` are the instants from which other values of parameters held; `said` what is wrong with `on`."""

    space: Space
    id: str
    title: str
    fact: str
    stood: Stood
    promises: tuple[tuple[str, str], ...]
    measure: Measure | None
    parameters: tuple[tuple[Parameter, str], ...]
    changes: tuple[datetime, ...]
    intervals: tuple[Interval, ...]
    failed: tuple[Failed, ...]
    more: int
    named: bool
    on: OnDay | None
    said: str
    samples: tuple[AuditorSample, ...]
    remarks: tuple[AuditorRemark, ...]


@require_safe
def measure(request: HttpRequest, number: int, chapter: str, name: str) -> HttpResponse:
    """Show one measure; `on` in the address is the day to look at."""
    here, id = _found(request, number, chapter, name)
    rows = here.intervals([id]).get(id, [])
    file = measures_of(workspace.current())[0].get(id)
    named = _named(here, id)
    failing = _failing(here, id) if named else []
    on, said = _on(here, id, request.GET.get("on", ""), named=named)
    page = SpaceMeasurePage(
        space=here,
        id=id,
        title=here.known[id].title,
        fact=here.known[id].fact,
        stood=stands(here, id, here.known[id].title, rows, bool(forged(rows))),
        promises=tuple(
            (each.promise.id, each.promise.text)
            for document in here.documents()
            for each in document.promises
            if id in each.promise.measures
        ),
        measure=file,
        parameters=inputs.parameters_of(file)[0] if file else (),
        changes=tuple(_changes(here)),
        intervals=tuple(_intervals(here, rows)),
        failed=tuple(failing[:MOST_FAILING]),
        more=max(0, len(failing) - MOST_FAILING),
        named=named,
        on=on,
        said=said,
        samples=tuple(samples(here).filter(measure=id)[:20]),
        remarks=tuple(remarks(here).filter(about=id)[:20]),
    )
    return answer(request, "auditing/measure", page, place="audit-space")


@require_safe
def population_csv(request: HttpRequest, number: int, chapter: str, name: str) -> HttpResponse | StreamingHttpResponse:
    """Give the whole population as of the end of the day `on`, judged again on what had been collected by then."""
    here, id = _found(request, number, chapter, name)
    if not _named(here, id):
        return answer(request, "registers/refused", NOT_NAMED, place="audit-space", status=403)
    day = _day(here, request.GET.get("on", ""))
    if day is None:
        raise Http404(_("Give a day of the period, as in 2026-05-03."))
    try:
        found = population(id, _end_of(here, day))
    except (Ill, NotDone) as error:
        return answer(request, "registers/refused", str(error), place="audit-space", status=409)
    subjects = sorted(found.subjects.values(), key=lambda each: each.subject)
    lines = csv_lines([("subject", "label", "outcome"), *((each.subject, each.label, each.word) for each in subjects)])
    written = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    written.headers["Content-Disposition"] = f'attachment; filename="{chapter}-{name}-{day}.csv"'
    return written


def _found(request: HttpRequest, number: int, chapter: str, name: str) -> tuple[Space, str]:
    here, id = space(request, number), f"{chapter}/{name}"
    if id not in here.known:
        raise Http404(_("There is no measure called %(name)s in this scope.") % {"name": id})
    return here, id


def _named(here: Space, id: str) -> bool:
    """Whether whoever looks is shown who passes and fails: whoever leads always, an auditor where the company says so."""
    return here.held.role is not Role.AUDITOR or named_to_auditors()(id)


def _intervals(here: Space, rows: list[MeasureVerdict]) -> Iterator[Interval]:
    began = lookup.entries(row.entry_id for row in rows)
    numbers = lookup.numbers(row.entry_id for row in rows)
    for row in rows:
        until = min(row.until_at or here.end, here.end)
        body = began[row.entry_id]["body"] if row.entry_id in began else {}
        counts = ", ".join(f"{body[name]:,} {name}" for name in ("pass", "fail", "unknown", "excepted") if body.get(name))
        unseen = row.judged_until_at if row.judged_until_at < until else None
        yield Interval(State(row.state), max(row.from_at, here.from_at), until, unseen, numbers.get(row.entry_id), counts)


def _failing(here: Space, id: str) -> list[Failed]:
    """Return everybody who failed at any time of the period, also who was mended in it; what was said of them later is not told."""
    found = Finding.objects.filter(measure=id, first_seen_at__lt=here.until_at)
    return [
        _failed(here, each) for each in found.filter(Q(resolved_at=None) | Q(resolved_at__gt=here.from_at)).order_by("-first_seen_at", "pk")
    ]


def _failed(here: Space, each: Finding) -> Failed:
    over = each.resolved_at if each.resolved_at is not None and each.resolved_at <= here.end else None
    detail = each.detail if each.last_seen_at <= here.end else ""
    return Failed(each.subject, each.label, detail, max(each.first_seen_at, here.from_at), over)


def _changes(here: Space) -> Iterator[datetime]:
    """Yield since when other values of the company's own were judged by, as far as that lies in the period."""
    before: str | None = None
    judged = Judgement.objects.filter(as_of__lt=here.until_at).order_by("as_of", "id").values_list("as_of", "parameters")
    for as_of, digest in judged.iterator():
        if before is not None and digest != before and as_of >= here.from_at:
            yield as_of
        before = digest


def _day(here: Space, said: str) -> date | None:
    try:
        day = parse_date(said)
    except ValueError:
        return None
    return day if day is not None and here.from_at.date() <= day <= here.last_on else None


def _end_of(here: Space, day: date) -> datetime:
    return min(datetime.combine(day, time(), UTC) + DAY, here.until_at)


def _on(here: Space, id: str, said: str, *, named: bool) -> tuple[OnDay | None, str]:
    if not said:
        return None, ""
    day = _day(here, said)
    if day is None:
        return None, f"Give a day from {here.from_at.date()} to {here.last_on}, as in {here.last_on}."
    at = _end_of(here, day) - timedelta(microseconds=1)
    verdict = past.in_force_at(at).get(id)
    if not named:
        return OnDay(day, verdict and without_names(verdict), ()), ""
    failing = [each for each in _failing(here, id) if each.from_at <= at and (each.until_at is None or each.until_at > at)]
    return OnDay(day, verdict, tuple(failing[:MOST_FAILING])), ""
