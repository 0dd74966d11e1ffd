"""Measures and promises as lines of a list: what several pages show of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from upheld.checks.verdict import State
from upheld.documents.catalogue import Known
from upheld.verdicts.models import Finding, MeasureVerdict
from upheld.verdicts.standing import DocumentStanding, MeasureStanding
from upheld.web import wording

FIRST_FEW = 3


@dataclass(frozen=True)
class Failing:
    """One subject that fails."""

    label: str
    detail: str


@dataclass(frozen=True)
class MeasureLine:
    """One measure: how it stands and why, and the first few subjects that fail."""

    id: str
    chapter: str
    name: str
    title: str
    fact: str
    state: State
    reason: str
    verdict: MeasureVerdict | None
    failing: tuple[Failing, ...] = ()
    promises: tuple[str, ...] = ()

    @property
    def not_shown(self) -> int:
        """How many failing subjects are not among the first few."""
        return (self.verdict.failed if self.verdict else 0) - len(self.failing)


@dataclass(frozen=True)
class Segment:
    """A piece of a state bar, in hundredths of its width."""

    state: State
    count: int
    x: float
    width: float


def measure_line(
    standing: MeasureStanding,
    known: Mapping[str, Known],
    failing: Mapping[str, Sequence[Failing]],
    promises: Iterable[str] = (),
) -> MeasureLine:
    """Return `standing` as a line; `failing` are the first few failing subjects of each measure."""
    chapter, _, name = standing.id.partition("/")
    title = known[standing.id].title if standing.id in known else name.replace("_", " ")
    return MeasureLine(
        id=standing.id,
        chapter=chapter,
        name=name,
        title=title[:1].upper() + title[1:],
        fact=standing.fact,
        state=standing.state,
        reason=_reason(standing, standing.id in failing),
        verdict=standing.verdict,
        failing=tuple(failing.get(standing.id, ())),
        promises=tuple(promises),
    )


def _reason(standing: MeasureStanding, listed: bool) -> str:
    unknown = standing.verdict.unknown if standing.verdict else 0
    return wording.headline(standing.reason, unknown) if listed else wording.clipped(standing.reason, 600)


def first_failing(measures: Iterable[str] | None = None) -> dict[str, list[Failing]]:
    """Return the first few open findings of each of `measures` (all where None), by measure; one query."""
    findings = Finding.objects.filter(resolved_at=None)
    if measures is not None:
        findings = findings.filter(measure__in=list(measures))
    place = Window(RowNumber(), partition_by=F("measure"), order_by=("first_seen_at", "subject"))
    found: dict[str, list[Failing]] = {}
    for finding in findings.annotate(place=place).filter(place__lte=FIRST_FEW).order_by("measure", "place"):
        found.setdefault(finding.measure, []).append(Failing(wording.clipped(finding.label, 120), wording.clipped(finding.detail, 200)))
    return found


def bar(counts: Mapping[State, int]) -> tuple[Segment, ...]:
    """Return `counts` as the segments of a bar, best state first."""
    total = sum(counts.values()) or 1
    segments, x = [], 0.0
    for state in reversed(State):
        if counts.get(state):
            width = round(100 * counts[state] / total, 2)
            segments.append(Segment(state, counts[state], round(x, 2), width))
            x += width
    return tuple(segments)


def margin(measures: Sequence[MeasureStanding], now: datetime) -> tuple[str, ...]:
    """Return what stands beside a promise: when it was looked at, how many subjects, from how many sources; nothing if never."""
    judged = [each.verdict for each in measures if each.verdict]
    if not judged:
        return ()
    sources = {seen["source"] for verdict in judged for seen in verdict.evidence}
    looked = min(verdict.judged_until_at for verdict in judged)
    subjects = sum(verdict.population for verdict in judged)
    proven = all(each.state not in (State.UNPROVEN, State.BROKEN) for each in measures)
    return (
        (_("proven %(ago)s") if proven else _("looked at %(ago)s")) % {"ago": wording.ago(looked, now)},
        wording.counted(subjects, "subject"),
        wording.counted(len(sources), "source"),
    )


def resting_on(documents: Iterable[DocumentStanding]) -> dict[str, list[str]]:
    """Return the ids of the promises that rest on each measure, by measure."""
    found: dict[str, list[str]] = {}
    for document in documents:
        for promise in document.promises:
            for measure in promise.measures:
                found.setdefault(measure.id, []).append(promise.promise.id)
    return found
