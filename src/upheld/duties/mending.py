"""Findings to mend: who takes care of each, and by when: so many working days after it was first seen, by its severity."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery

from upheld import clock, workspace
from upheld.checks.measure import Measure
from upheld.due import working_days
from upheld.duties.policy import Policy, policy
from upheld.registers.findings.models import Care, RiskAccepted, State
from upheld.verdicts.measures import measures_of
from upheld.verdicts.models import Finding


@dataclass(frozen=True)
class Mending:
    """Something to mend by a day: one finding that somebody takes care of, or the `count` findings of a measure that nobody does."""

    about: str
    due_on: date
    finding: int | None
    measure: str
    count: int


def due_on(severity: str, first_seen_at: datetime, agreed: date | None, said: Policy) -> date:
    """Return the day: the one that was `agreed`, else so many working days after it was first seen."""
    if agreed is not None:
        return agreed
    return working_days(first_seen_at.date(), said.mend_within.get(severity, said.mend_within["medium"]), said.is_free)


def owned(person: str, words: Collection[str]) -> Iterator[Mending]:
    """Yield what `person` has to mend, who answers for `words`: what they take care of, and what falls to the owner of its measure."""
    measures, said = measures_of(workspace.current())[0], policy()
    yield from _cared_for(person, measures, said)
    mine = [name for name, each in measures.items() if said.answers(each) in words]
    if mine:
        yield from _of_measures(mine, measures, said)


def _cared_for(person: str, measures: Mapping[str, Measure], said: Policy) -> Iterator[Mending]:
    """The findings that `person` takes care of, looked up from what they do: a few of many."""
    theirs = Care.objects.filter(person=person)
    same = theirs.filter(measure=OuterRef("measure"), subject=OuterRef("subject"))
    rows = Finding.objects.filter(Exists(same), resolved_at=None, subject__in=theirs.values("subject"))
    for finding in not_excepted(rows).annotate(agreed_on=Subquery(same.values("due_on"))):
        day = due_on(_severity(finding.measure, measures), finding.first_seen_at, finding.agreed_on, said)
        yield Mending(f"{finding.label}: {finding.detail}", day, finding.pk, finding.measure, 1)


def _of_measures(names: Collection[str], measures: Mapping[str, Measure], said: Policy) -> Iterator[Mending]:
    """The findings of `names` that nobody was said to take care of, together by measure; due is the oldest."""
    same = {"measure": OuterRef("measure"), "subject": OuterRef("subject")}
    rows = Finding.objects.filter(~Exists(Care.objects.filter(**same)), resolved_at=None, measure__in=names)
    grouped = (
        not_excepted(rows)
        .order_by()
        .values("measure")
        .annotate(count=Count("pk"), oldest=Min("first_seen_at"), one=Min("pk"), label=Min("label"))
    )
    for row in grouped:
        title = measures[row["measure"]].title
        day = due_on(_severity(row["measure"], measures), row["oldest"], None, said)
        about = f"{title}: {row['label']}" if row["count"] == 1 else title
        yield Mending(about, day, row["one"] if row["count"] == 1 else None, row["measure"], row["count"])


def not_excepted(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Return those of `findings` that no approved exception accepts today."""
    accepted = RiskAccepted.objects.filter(
        measure=OuterRef("measure"), subject=OuterRef("subject"), state=State.APPROVED, until_on__gte=clock.now().date()
    )
    return findings.filter(~Exists(accepted))


def _severity(measure: str, measures: Mapping[str, Measure]) -> str:
    return measures[measure].severity if measure in measures else ""
