"""Actions about duties: who stands in for whom, giving one away, skipping, pausing, and wanting one out of turn."""

from datetime import date, timedelta
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, SamePerson, ill
from upheld.actions.kinds import Number, Text
from upheld.duties.arranged import Absence, Delegation, Demand, Pause, Skip
from upheld.duties.holders import holders
from upheld.duties.models import Occurrence, State
from upheld.registers.owing import duties
from upheld.registers.rules import LEADS, STAFF
from upheld.registers.staff import PersonId
from upheld.registers.words import Prose

LONGEST_DELEGATED = timedelta(days=366)
OccurrenceNumber = Annotated[int, Number(least=1), "the number that My work shows"]


@action(by=STAFF, makes=Absence)
def declare_absence(
    *,
    by: Person,
    deputy: Annotated[PersonId, "who stands in"],
    from_on: date,
    until_on: date,
    person: Annotated[PersonId | None, "who is away; yourself if not given"] = None,
) -> Absence:
    """Say that you are away and who does your duties meanwhile. For others, the security lead and the DPO can."""
    who = person or by.ref
    if who != by.ref and not by.roles & set(LEADS):
        raise NotAllowed("Of others the security lead or the DPO says it.")
    if deputy == who:
        raise ill(deputy="The deputy must be somebody else.")
    if until_on < from_on:
        raise ill(until_on="The last day lies before the first.")
    return keep(Absence(person=who, deputy=deputy, from_on=from_on, until_on=until_on))


@action(by=STAFF)
def end_absence(absence: Absence, *, by: Person, until_on: date) -> Absence:
    """Say that somebody is back: `until_on` is the last day on which they are away."""
    if absence.person != by.ref and not by.roles & set(LEADS):
        raise NotAllowed("Whoever is away says it, or the security lead or the DPO.")
    absence.until_on = until_on
    return keep(absence)


@action(by=STAFF, makes=Delegation)
def delegate(*, by: Person, occurrence: OccurrenceNumber, person: Annotated[PersonId, "who does it"], until_on: date) -> Delegation:
    """Give a duty to somebody else until a day, both this occurrence and what follows it until then."""
    row = _open(occurrence)
    if row.whose:
        raise Refused("Everybody does this themselves; it cannot be given to another.")
    if not by.roles & set(LEADS) and not _is_theirs(row, by):
        raise NotAllowed(_NONE.format(occurrence))
    today = clock.now().date()
    if not today <= until_on <= today + LONGEST_DELEGATED:
        raise ill(until_on="Give a day from today on, at most a year ahead.")
    return keep(Delegation(duty=row.duty, subject=row.subject, about=str(row), person=person, given_by=by.ref, until_on=until_on))


@action(by=STAFF, when=lambda delegation: "" if delegation.until_on >= clock.now().date() else "It has ended.")
def end_delegation(delegation: Delegation, *, by: Person) -> Delegation:
    """Take a duty back from today on."""
    delegation.until_on = clock.now().date() - timedelta(days=1)
    return keep(delegation)


@action(by=LEADS, makes=Skip)
def skip(*, by: Person, occurrence: OccurrenceNumber, reason: Annotated[Prose, "why it need not be done this time"]) -> Skip:
    """Say that one occurrence need not be done. Refused to whoever owes it. What its measure says does not change by it."""
    row = _open(occurrence)
    if _is_theirs(row, by):
        raise SamePerson("It is yours to do; somebody else has to say that it need not be done.")
    named = {"duty": row.duty, "subject": row.subject, "whose": row.whose, "cycle": row.cycle}
    if Skip.objects.filter(**named).exists():
        raise Refused("It is skipped already.")
    return keep(Skip(**named, about=str(row), by=by.ref, at=clock.now(), reason=reason))


@action(by=LEADS, makes=Pause)
def pause(*, by: Person, occurrence: OccurrenceNumber, reason: Annotated[Prose, "why time does not count now"]) -> Pause:
    """Let the time for a duty stand still until it is resumed. What its measure says does not change by it."""
    row = _open(occurrence)
    if Pause.objects.filter(duty=row.duty, subject=row.subject, until_at=None).exists():
        raise Refused("It is paused already.")
    return keep(Pause(duty=row.duty, subject=row.subject, about=str(row), by=by.ref, from_at=clock.now(), reason=reason))


@action(by=LEADS, when=lambda pause: "" if pause.until_at is None else "It was resumed already.")
def resume(pause: Pause, *, by: Person) -> Pause:
    """Let the time for a duty go on: its day moves by as long as it stood still."""
    pause.until_at = clock.now()
    return keep(pause)


@action(by=LEADS, makes=Demand)
def demand(
    *,
    by: Person,
    duty: Annotated[str, Text(120), "the action by which it is done, as in governance.review-policy"],
    subject: Annotated[str, Text(1000), "the record it is about, as in governance.policy/7"],
    due_on: date,
    reason: Annotated[Prose, "what happened that it is wanted now"],
) -> Demand:
    """Want a duty done once out of its turn, by a day."""
    known = next((each for each in duties() if each.name == duty), None)
    if known is None:
        raise ill(duty=f"This is no duty; known are {', '.join(sorted(each.name for each in duties()))}.")
    now = clock.now()
    owing = next((each for each in known.owing(now) if each.subject == subject), None)
    if owing is None:
        raise ill(subject="Nobody owes this about such a record now.")
    if due_on < now.date():
        raise ill(due_on="Give a day from today on.")
    return keep(Demand(duty=duty, subject=subject, about=f"{known.do}: {owing.about}", by=by.ref, at=now, due_on=due_on, reason=reason))


_NONE = "There is no open occurrence {}."


def _open(number: int) -> Occurrence:
    found = Occurrence.objects.filter(pk=number, state=State.OPEN).first()
    if found is None:
        raise ill(occurrence=_NONE.format(number))
    return found


def _is_theirs(row: Occurrence, by: Person) -> bool:
    """Whether `by` owes it, or does it now for whoever does."""
    return by.ref in (row.owes, row.held_by) or (not row.owes and by.ref in holders(clock.now()).of(row.role))
