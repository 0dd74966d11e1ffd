"""Cases are opened, looked at, carried out and closed by the product itself, by the same actions as people do."""

from datetime import date, datetime, timedelta

from upheld.actions.errors import Refused
from upheld.registers.authorization.case_models import StaffCase
from upheld.registers.authorization.cases import (
    carry_out_case,
    carry_out_gains,
    close_case,
    differs,
    look_at_case,
    move_case,
    open_case,
    open_ones,
    to_order,
    withdraw_case,
)
from upheld.registers.authorization.kinds import CaseKind
from upheld.registers.authorization.looking import look, told, watching, works_here
from upheld.registers.incidents.queueing import PRODUCT
from upheld.registers.ordering import tried
from upheld.registers.owing import interval

AGAIN = timedelta(days=31)  # a case of the same person about a day that is nearer than this is the same


def keep_cases(now: datetime) -> str:
    """Open the cases that the lists of people ask for, look at all that are open, and close those that are done; say what that came to."""
    opened = sum(_opened(each.kind, each.person, each.due_on, each.former_role) for each in told(now))
    with watching():
        closed = sum(_looked_at(case, now) for case in open_ones())
    return f"{opened} opened, {closed} closed, {open_ones().count()} open"


def _opened(kind: CaseKind, person: str, due_on: date, former_role: str) -> bool:
    near = (due_on - AGAIN, due_on + AGAIN)
    if kind != CaseKind.MOVER:
        _moved(kind, person, due_on)
    if StaffCase.objects.filter(kind=kind, person=person, due_on__range=near, withdrawn_at=None).exists():
        return False
    said = "as the list of people tells"
    try:
        open_case(by=PRODUCT, kind=kind, person=person, due_on=due_on, why=said, former_role=former_role or None)
    except Refused:
        return False  # one is open about another day: somebody moved the day, and looks after it
    return True


def _moved(kind: CaseKind, person: str, due_on: date) -> None:
    """Move the day of a case that the list of people opened, where the list says another by now; a person's own case is theirs."""
    for case in open_ones().filter(kind=kind, person=person, opened_by=PRODUCT.ref).exclude(due_on=due_on):
        move_case(case, by=PRODUCT, due_on=due_on)


def _looked_at(case: StaffCase, now: datetime) -> bool:
    """Look at `case`, and close it where everything is as it must be; and carry out what a source can, from its day on."""
    if case.kind == CaseKind.LEAVER and case.opened_by == PRODUCT.ref and takes_from(case) <= now.date() and works_here(case.person):
        withdraw_case(case, by=PRODUCT, why="The list of people says that they work here, after what was to be their last day.")
        return False
    seen = look(case)
    anything_new = differs(case, seen)
    if anything_new:  # what says nothing new is no step
        look_at_case(case, by=PRODUCT)
        case.refresh_from_db()
    if not seen.not_yet(case):
        close_case(case, by=PRODUCT)
        return True
    takes = takes_from(case) <= now.date()
    carry_out = carry_out_case if takes else carry_out_gains
    if any(not tried(each.key) for each in to_order(case, takes=takes)):  # what was refused is tried anew when somebody says so
        carry_out(case, by=PRODUCT)
    return False


def takes_from(case: StaffCase) -> date:
    """Return the day from which what is too much is taken by itself: after a last day; of a mover, who hands over first, a day before

    the window ends in which it has to be.
    """
    if case.kind == CaseKind.MOVER:
        return case.due_on + max(interval("authorization", "mover_window").about - timedelta(days=1), timedelta())
    return case.due_on + timedelta(days=1)
