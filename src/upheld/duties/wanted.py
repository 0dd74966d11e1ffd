"""What is owed as of an instant: what the chapters' registers ask for, and what the duties of measures ask for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from upheld import workspace
from upheld.checks.measure import Measure
from upheld.duties.cycles import Cycle, cycles
from upheld.evidence.duck import lent, put_in
from upheld.registers import staff
from upheld.registers.owing import MONTH, duties, made_together
from upheld.verdicts.measures import measures_of
from upheld.verdicts.models import Finding, MeasureVerdict

Key = tuple[str, str, str]  # duty, subject, whose
Flipping = tuple[str, str, datetime | None]  # subject, label, when it fails next


@dataclass(frozen=True)
class Wanted:
    """What is owed under one key, and its cycles; `done` are the instants at which it was done, `may_pass` whether a deputy will do.

    `next_at` is when a subject that passes its measure fails next: it was done if that is later than it was.
    """

    key: Key
    do: str
    about: str
    owes: str
    role: str
    cycles: tuple[Cycle, ...]
    done: tuple[datetime, ...]
    may_pass: bool
    next_at: datetime | None = None

    def answered_at(self, from_at: datetime, planned_at: datetime) -> datetime | None:
        """Return when what counts from `from_at` and was planned for `planned_at` was done; None where it was not."""
        if self.next_at is not None and self.next_at <= planned_at:
            return None
        return min((at for at in self.done if at > from_at), default=None)


@dataclass(frozen=True)
class Looked:
    """All that is owed, by key, and the duties of which that is all there is: of others nothing is known now, so nothing of them ends."""

    wanted: dict[Key, Wanted]
    whole: frozenset[str]


def look(now: datetime, since: dict[tuple[str, str], datetime]) -> Looked:
    """Return all that is owed as of `now`; `since` is when the last known occurrence of a fixed sequence opened, by duty and subject."""
    found: dict[Key, Wanted] = {}
    whole = set()
    with staff.held(), made_together():
        for duty in duties():
            whole.add(duty.name)
            for owing in duty.owing(now):
                key = (duty.name, owing.subject, owing.owes if duty.by_each else "")
                due = tuple(cycles(duty, owing, now, since.get(key[:2])))
                found[key] = Wanted(key, duty.do, owing.about, owing.owes, owing.role, due, owing.done, not duty.by_each)
    judged = [(measure, verdict, subjects) for measure, verdict in _with_duty() if (subjects := _flipping(verdict)) is not None]
    failing = _failing([measure.id for measure, _verdict, _subjects in judged])
    for measure, verdict, subjects in judged:
        whole.add(measure.id)
        found |= {each.key: each for each in _of_measure(measure, verdict, failing[measure.id], subjects, now)}
    return Looked(found, frozenset(whole))


def _with_duty() -> Iterator[tuple[Measure, MeasureVerdict]]:
    """Yield the measures with a duty that no chapter's own duty stands for, each with the verdict in force."""
    covered = {name for duty in duties() for name in duty.measures}
    measures = {name: each for name, each in measures_of(workspace.current())[0].items() if each.duty and name not in covered}
    for verdict in MeasureVerdict.objects.filter(until_at=None, measure__in=list(measures)):
        yield measures[verdict.measure], verdict


def _failing(measures: list[str]) -> dict[str, list[Finding]]:
    """Return the open findings of `measures`, by measure."""
    found: dict[str, list[Finding]] = {name: [] for name in measures}
    for each in Finding.objects.filter(measure__in=measures, resolved_at=None):
        found[each.measure].append(each)
    return found


def _of_measure(
    measure: Measure, verdict: MeasureVerdict, failing: list[Finding], subjects: list[Flipping], now: datetime
) -> Iterator[Wanted]:
    for each in failing:
        # It is due since it fails. Where it was somebody's work before, that goes on.
        cycle = Cycle(f"since {each.first_seen_at.isoformat()}", each.first_seen_at, each.first_seen_at, each.first_seen_at)
        yield _wanted(measure, each.subject, each.label, (cycle,), (), None)
    ahead = measure.warn.about if measure.warn else MONTH
    for subject, label, flips_at in subjects:
        found: tuple[Cycle, ...] = ()
        if flips_at is not None and flips_at - ahead <= now:
            found = (Cycle(f"until {flips_at.isoformat()}", flips_at - ahead, flips_at - ahead, flips_at),)
        yield _wanted(measure, subject, label, found, (verdict.judged_until_at,), flips_at)


def _wanted(
    measure: Measure, subject: str, label: str, due: tuple[Cycle, ...], done: tuple[datetime, ...], next_at: datetime | None
) -> Wanted:
    assert measure.duty is not None
    return Wanted((measure.id, subject, ""), measure.duty.do, label, "", measure.owner, due, done, True, next_at)


def _flipping(verdict: MeasureVerdict) -> list[Flipping] | None:
    """Return the subjects that pass, with when each will fail if nothing happens; None where they are not known now."""
    file = workspace.current().root / verdict.outcomes
    if not verdict.outcomes or not verdict.population or not file.is_file():
        return None
    asked = put_in("SELECT subject, coalesce(label, subject), flips_at FROM read_parquet($file) WHERE ok ORDER BY subject", file=str(file))
    try:
        with lent() as connection:
            rows = connection.execute(asked).fetchall()
    except duckdb.Error:
        return None
    return [(subject, label, at.replace(tzinfo=UTC) if isinstance(at, datetime) else None) for subject, label, at in rows]
