"""Actions on how long this product keeps what ended. Nothing goes by a rule that is below the floor, or that nobody else approved."""

from typing import Annotated

from django.apps import apps

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.models import Record
from upheld.checks.span import Span
from upheld.evidence.table import tables
from upheld.registers.privacy.retention_models import Kept, Retention
from upheld.registers.rules import LEADS, fill
from upheld.registers.words import Line, Prose

# A year that pages draw and auditors look back on, and a month for them to come.
HISTORY_FLOOR = Span(400, "day")
# Claims lapse three years after the year in which they arose (BGB 195, 199).
FILES_FLOOR = Span(4, "year")
FLOORS = {Kept.HISTORY: HISTORY_FLOOR, Kept.FILES: FILES_FLOOR}


def _in_force(rule: Retention) -> str:
    return "This is in force no longer." if rule.ended_at else ""


def _waits(rule: Retention) -> str:
    return _in_force(rule) or ("This is approved already." if rule.approved_at else "")


@action(by=LEADS, makes=Retention)
def set_retention(
    *,
    by: Person,
    kind: Kept,
    keep_for: Annotated[Span, "for how long after its end; history at least 400 days, files at least 4 years"],
    why: Annotated[Prose, "why it need not be kept longer"],
    what: Annotated[Line | None, "the table, or the register; each without a rule of its own if not given"] = None,
) -> Retention:
    """Say for how long something is kept after it ended. Nothing goes before somebody else approved that."""
    if keep_for.about < FLOORS[kind].about:
        raise ill(keep_for=f"At least {FLOORS[kind]}: less is kept for nobody who looks back on a year.")
    known = tables() if kind is Kept.HISTORY else registers_with_files()
    if what and what not in known:
        raise ill(
            what=f"There is no such {'table' if kind is Kept.HISTORY else 'register whose files may go'}: {', '.join(sorted(known))}."
        )
    if Retention.objects.filter(kind=kind, what=what or "", ended_at=None).exists():
        raise ill(what="There is a rule on it already; end that first.")
    return keep(fill(Retention(set_by=by.ref, set_at=clock.now()), kind=kind, what=what, keep=keep_for, why=why))


@action(
    by=LEADS,
    apart_from=["set-retention"],
    why_apart="what is gone is gone: two people agree to it",
    when=_waits,
)
def approve_retention(retention: Retention, *, by: Person) -> Retention:
    """Approve `retention`: from now on what it no longer keeps goes, once a day, and the ledger says so."""
    return keep(fill(retention, approved_by=by.ref, approved_at=clock.now()))


@action(by=LEADS, when=_in_force)
def end_retention(retention: Retention, *, by: Person) -> Retention:
    """Go by `retention` no longer. What went by it does not come back."""
    return keep(fill(retention, ended_at=clock.now()))


def registers_with_files() -> dict[str, type[Record]]:
    """Return the registers whose records say when their files are needed no longer, by name."""
    return {each.register(): each for each in apps.get_models() if issubclass(each, Record) and each.files_over}
