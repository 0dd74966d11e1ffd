"""What keeps things longer than a rule says: measures that look back, auditors whose period is open, and legal holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from upheld import clock, workspace
from upheld.accounts.models import RoleGiven
from upheld.checks import library
from upheld.checks.reach import reach
from upheld.evidence.table import Table
from upheld.registers.compliance.audit_models import Audit, AuditState
from upheld.vault import holds
from upheld.vault.keys import here
from upheld.verdicts.measures import measures_of

# A parameter in months is compared by the mean month, which is at most this much off; and what was read late was over sooner.
MARGIN = timedelta(days=35)


@dataclass(frozen=True)
class Needs:
    """What is needed now. `back`: how far back each table is read, None for from the beginning, with the measure that does.

    `audited_from` is the first day that an auditor whose work is open looks back on; `held` says how many people are under a hold.
    """

    back: dict[str, tuple[timedelta | None, str]]
    audited_from: datetime | None
    held: int

    def of(self, table: Table, rule_at: datetime, now: datetime) -> tuple[datetime | None, str]:
        """Return until when rows of `table` may have ended to be forgotten, at most `rule_at`, and why not later; None: none may."""
        if self.held and any(column.personal for column in table.columns.values()):
            return None, "a legal hold lasts, and it may name whom that is about"
        if (found := self.back.get(table.name)) is None:
            return self.audited(rule_at)
        span, measure = found
        if span is None:
            return None, f"{measure} reads it from the beginning"
        at, why = self.audited(rule_at)
        reached = now - span - MARGIN
        return (reached, f"{measure} looks back as far") if reached < at else (at, why)

    def audited(self, rule_at: datetime) -> tuple[datetime, str]:
        """Return `rule_at`, or the first instant of an auditor's open period if that is earlier, and why."""
        if self.audited_from is not None and self.audited_from < rule_at:
            return self.audited_from, "an auditor's work on that time is not closed"
        return rule_at, ""


def needs() -> Needs:
    """Return what is needed now. Raises `MeasureError` for parameters that are wrong: then nothing may go."""
    now, space = clock.now(), workspace.current()
    parameters = library.parameters_in_force(space.measures, space.parameters if space.parameters.is_file() else None)
    back: dict[str, tuple[timedelta | None, str]] = {}
    for measure in measures_of(space)[0].values():
        for table, span in reach(measure, parameters).items():
            known = back.get(table)
            if known is None or (known[0] is not None and (span is None or span > known[0])):
                back[table] = (span, measure.id)
    return Needs(back, _earliest(_audited(now)), sum(each.lasts(now) for each in holds.listed(here())))


def _audited(now: datetime) -> Iterable[date | None]:
    open_ = Audit.objects.filter(state__in=[AuditState.PLANNED, AuditState.RUNNING, AuditState.REPORTED])
    yield from open_.values_list("period_from_on", flat=True)
    given = RoleGiven.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), taken_at=None, account__is_active=True)
    yield from given.exclude(since_on=None).values_list("since_on", flat=True)


def _earliest(days: Iterable[date | None]) -> datetime | None:
    first = min((day for day in days if day), default=None)
    return datetime.combine(first, time(), UTC) if first else None
