"""The auditor's space at a glance: every measure in scope with how it stood over the period, and what was asked and drawn."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld import clock
from upheld.accounts.person import SignedInRequest
from upheld.accounts.role import Role
from upheld.checks.verdict import State
from upheld.exports.bundle import prepared
from upheld.registers.compliance.space_models import AuditorBundle, AuditorRemark, AuditorSample
from upheld.verdicts.models import MeasureVerdict
from upheld.web import wording
from upheld.web.auditing.space import Space, forged, space, spaces
from upheld.web.page import answer
from upheld.web.registers import finding
from upheld.web.year import Year, year

MOST, FEW = 50, 5


@dataclass(frozen=True)
class Stood:
    """How one measure stood over a period: its state at the end, its days, how often it broke, for how long, how often it was mended."""

    id: str
    title: str
    state: State
    year: Year
    breaks: int
    broken: timedelta
    mended: int
    forged: bool
    last_on: date

    @property
    def words(self) -> str:
        """Its days in words."""
        until = _("the 365 days until %(day)s") % {"day": wording.day(self.last_on)}
        return self.year.words.replace(_("the last 365 days"), until)

    @property
    def chapter(self) -> str:
        """Its chapter."""
        return self.id.partition("/")[0]

    @property
    def name(self) -> str:
        """Its name within the chapter."""
        return self.id.partition("/")[2]


@dataclass(frozen=True)
class BundleLine:
    """A bundle that was asked for: how far it is while it is made, and whether it can still be fetched."""

    bundle: AuditorBundle
    far: str
    there: bool


@dataclass(frozen=True)
class OverviewPage:
    """One space. `asks` is whether whoever looks is an auditor, who may draw and ask; `today` for clocks; `masked`, whether some
    measures show auditors how many pass and fail, and not who."""

    space: Space
    others: tuple[Space, ...]
    chapters: tuple[tuple[str, tuple[Stood, ...]], ...]
    counts: tuple[tuple[State, int], ...]
    breaks: int
    remarks: tuple[AuditorRemark, ...]
    samples: tuple[AuditorSample, ...]
    bundles: tuple[BundleLine, ...]
    masked: bool
    asks: bool
    today: date


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the first space of whoever asks."""
    found = spaces(cast(SignedInRequest, request).person)
    if not found:
        return answer(request, "registers/refused", "The auditor's space is for whoever audits or leads.", place="audits", status=403)
    return HttpResponseRedirect(reverse("audit-space", args=[found[0].number]))


@require_safe
def overview(request: HttpRequest, number: int) -> HttpResponse:
    """Show one space."""
    here = space(request, number)
    rows = here.intervals()
    false = forged(row for its in rows.values() for row in its)
    stood = [stands(here, name, each.title, rows.get(name, []), name in false) for name, each in sorted(here.known.items())]
    by_chapter: dict[str, list[Stood]] = {}
    for each in stood:
        by_chapter.setdefault(each.chapter, []).append(each)
    page = OverviewPage(
        space=here,
        others=tuple(each for each in spaces(here.person) if each.number != number),
        chapters=tuple((chapter, tuple(its)) for chapter, its in by_chapter.items()),
        counts=tuple((state, sum(each.state is state for each in stood)) for state in reversed(State)),
        breaks=sum(each.breaks for each in stood),
        remarks=tuple(remarks(here)[:MOST]),
        samples=tuple(samples(here)[:MOST]),
        bundles=tuple(_bundles(here)),
        masked=not all(map(prepared.named_to_auditors(), here.known)),
        asks=Role.AUDITOR in here.person.roles,
        today=clock.now().date(),
    )
    return answer(request, "auditing/overview", page, place="audit-space")


def _bundles(here: Space) -> Iterator[BundleLine]:
    fresh = clock.now() - prepared.KEPT_FOR
    for each in cast("QuerySet[AuditorBundle]", finding.seen(here.person, AuditorBundle))[:FEW]:
        there = each.made_at is not None and each.made_at >= fresh and prepared.place(each).is_file()
        yield BundleLine(each, prepared.said(each), there)


def stands(here: Space, name: str, title: str, rows: list[MeasureVerdict], is_forged: bool) -> Stood:
    """Return how the measure `name` stood over the period, by its intervals `rows`."""
    broken = [row for row in rows if row.state == State.BROKEN]
    length = sum((min(row.until_at or here.end, here.end) - max(row.from_at, here.from_at) for row in broken), timedelta())
    mended = sum(row.until_at is not None and row.until_at <= here.end for row in broken)
    state = _at_end(here, rows) if not is_forged else State.UNPROVEN
    return Stood(name, title, state, year(here.stretches(rows), here.last_on), len(broken), length, mended, is_forged, here.last_on)


def _at_end(here: Space, rows: Iterable[MeasureVerdict]) -> State:
    """Return the state at the period's end: what was last judged too long before proves nothing any more."""
    last = next((row for row in reversed(list(rows)) if row.until_at is None or row.until_at > here.end), None)
    if last is None:
        return State.UNPROVEN
    stale = last.judged_until_at <= here.end and any(at and at <= here.end for at in (last.stale_at, last.flips_at))
    return State.UNPROVEN if stale and last.state != State.BROKEN else State(last.state)


def remarks(here: Space) -> QuerySet[AuditorRemark]:
    """Return what was noted and asked, as far as whoever looks may see it."""
    return cast("QuerySet[AuditorRemark]", finding.seen(here.person, AuditorRemark))


def samples(here: Space) -> QuerySet[AuditorSample]:
    """Return the samples that were drawn, as far as whoever looks may see them."""
    return cast("QuerySet[AuditorSample]", finding.seen(here.person, AuditorSample))
