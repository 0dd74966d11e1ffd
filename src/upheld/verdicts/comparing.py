"""Why a verdict is another than it was: what entered and left the failing subjects between two instants, and which inputs changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet, Sum

from upheld.registers.findings.models import RiskAccepted, State
from upheld.sources.models import CollectedTable
from upheld.verdicts.models import Finding, Judgement, MeasureVerdict

MOST_NAMED = 500  # subjects of each kind


@dataclass(frozen=True)
class Input:
    """A table as one source told it: rows at both instants (None: never told by then), and what became of rows in between.

    `short` counts collections in between that did not see all of it.
    """

    table: str
    source: str
    rows_before: int | None
    rows_after: int | None
    opened: int
    changed: int
    ended: int
    short: int

    @property
    def is_changed(self) -> bool:
        """Whether anything of it is another than it was, or was not seen whole."""
        return bool(self.opened or self.changed or self.ended or self.short) or self.rows_before != self.rows_after


@dataclass(frozen=True)
class Comparison:
    """One measure at two instants. `before` and `after` are the intervals it was in; None where it was not judged then.

    `entered` fail now and did not; `left` failed and do not; `stayed` counts those that fail at both. `query` and `parameters` say whether
    these changed, None where one of the two is not known. `accepted` and `lapsed` are exceptions that began or ended in between.
    """

    measure: str
    since_at: datetime
    until_at: datetime
    before: MeasureVerdict | None
    after: MeasureVerdict | None
    entered: tuple[Finding, ...]
    left: tuple[Finding, ...]
    entered_count: int
    left_count: int
    stayed: int
    query: bool | None
    parameters: bool | None
    inputs: tuple[Input, ...]
    accepted: tuple[RiskAccepted, ...]
    lapsed: tuple[RiskAccepted, ...]


def compare(measure: str, since_at: datetime, until_at: datetime) -> Comparison:
    """Return how `measure` stood at `since_at` and at `until_at`, and what changed in between; a fixed number of queries."""
    before, after = _at(measure, since_at), _at(measure, until_at)
    then, now = _failing(since_at), _failing(until_at)
    findings = Finding.objects.filter(measure=measure)
    entered, left = findings.filter(now).exclude(then), findings.filter(then).exclude(now)
    return Comparison(
        measure=measure,
        since_at=since_at,
        until_at=until_at,
        before=before,
        after=after,
        entered=tuple(entered.order_by("first_seen_at", "label")[:MOST_NAMED]),
        left=tuple(left.order_by("resolved_at", "label")[:MOST_NAMED]),
        entered_count=entered.count(),
        left_count=left.count(),
        stayed=findings.filter(then & now).count(),
        query=_differs(before, after, "measure"),
        parameters=_parameters(since_at, until_at),
        inputs=tuple(_inputs([each for each in (before, after) if each], since_at, until_at)),
        accepted=tuple(_exceptions(measure).filter(decided_at__gt=since_at, decided_at__lte=until_at)[:MOST_NAMED]),
        lapsed=tuple(_exceptions(measure).filter(until_on__gte=since_at.date(), until_on__lt=until_at.date())[:MOST_NAMED]),
    )


def _at(measure: str, at: datetime) -> MeasureVerdict | None:
    """Return the interval that `measure` was in at `at`, if it was judged so at or after that instant, or still is."""
    found = MeasureVerdict.objects.filter(measure=measure, from_at__lte=at).order_by("-from_at").first()
    return found if found is not None and (found.until_at is None or found.until_at > at) else None


def _failing(at: datetime) -> Q:
    """The condition on findings that were open at `at`."""
    return Q(first_seen_at__lte=at) & (Q(resolved_at=None) | Q(resolved_at__gt=at))


def _differs(before: MeasureVerdict | None, after: MeasureVerdict | None, what: str) -> bool | None:
    """Whether the digest of `what` is another; an interval knows that of its last judgement alone, so of one interval nothing is known."""
    if before is None or after is None or before.pk == after.pk:
        return None
    return bool(before.digests.get(what) != after.digests.get(what))


def _parameters(since_at: datetime, until_at: datetime) -> bool | None:
    """Whether the company's own values were others, in whatever measure's parameters; None where nothing was judged by then."""
    said = [Judgement.objects.filter(as_of__lte=at).values_list("parameters", flat=True).last() for at in (since_at, until_at)]
    return None if None in said else said[0] != said[1]


def _exceptions(measure: str) -> QuerySet[RiskAccepted]:
    """Return the exceptions of `measure` that were approved once."""
    approved = RiskAccepted.objects.filter(measure=measure, state__in=(State.APPROVED, State.ENDED)).exclude(decided_at=None)
    return approved.order_by("decided_at")


def _inputs(verdicts: Iterable[MeasureVerdict], since_at: datetime, until_at: datetime) -> list[Input]:
    read = sorted({(piece["table"], piece["source"]) for verdict in verdicts for piece in verdict.evidence})
    tables, sources = {table for table, _ in read}, {source for _, source in read}
    told = CollectedTable.objects.filter(table__in=tables, collection__source__name__in=sources).order_by()
    between = told.filter(collection__started_at__gt=since_at, collection__started_at__lte=until_at)
    counted = between.values_list("table", "collection__source__name").annotate(
        Sum("opened"), Sum("changed"), Sum("ended"), short=Count("pk", filter=~Q(coverage="complete"))
    )
    became = {(table, source): counts for table, source, *counts in counted}
    before, after = _rows(told, since_at), _rows(told, until_at)
    return [Input(*key, before.get(key), after.get(key), *became.get(key, (0, 0, 0, 0))) for key in read]


def _rows(told: QuerySet[CollectedTable], at: datetime) -> dict[tuple[str, str], int]:
    """Return how many rows each table had by each source, as last told completely by `at`."""
    whole = told.filter(collection__started_at__lte=at, coverage="complete").values("table", "collection__source__name")
    last = CollectedTable.objects.filter(pk__in=whole.annotate(last=Max("pk")).values("last"))
    return {(table, source): rows for table, source, rows in last.values_list("table", "collection__source__name", "rows")}
