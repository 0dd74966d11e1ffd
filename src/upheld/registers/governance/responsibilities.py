"""Actions on responsibilities: declaring one, giving and taking parts in it, and noting what was done for it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import Kept
from upheld.registers.governance.models import Activity, Holding, Part, Responsibility
from upheld.registers.rules import LEADS, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

OFFICER = "dpo"


@action(by=LEADS, makes=Responsibility)
def declare_responsibility(
    *,
    by: Person,
    name: Annotated[Name, "a short name, the one that measures and promises name as their owner"],
    title: Line,
    purpose: Annotated[Prose, "what its holder answers for"],
    management: Annotated[bool, "whether its holder may approve policies"] = False,
    programme: Annotated[bool, "whether it belongs to the compliance programme, which wants one accountable holder"] = True,
    conflicts: Annotated[list[Name], "responsibilities that its holder may not have beside it"] = [],  # noqa: B006  never changed
) -> Responsibility:
    """Declare something that somebody must answer for."""
    if Responsibility.objects.filter(name=name).exists():
        raise ill(name=f"There is a responsibility called {name} already.")
    return keep(
        Responsibility(name=name, title=title, purpose=purpose, management=management, programme=programme, conflicts=list(conflicts))
    )


@action(by=LEADS)
def change_responsibility(
    responsibility: Responsibility,
    *,
    by: Person,
    title: Line,
    purpose: Prose,
    management: bool,
    programme: bool,
    conflicts: list[Name] = [],  # noqa: B006  never changed
) -> Responsibility:
    """Say anew what `responsibility` is."""
    responsibility.title, responsibility.purpose = title, purpose
    responsibility.management, responsibility.programme = management, programme
    responsibility.conflicts = list(conflicts)
    return keep(responsibility)


@action(by=LEADS)
def end_responsibility(responsibility: Responsibility, *, by: Person) -> Responsibility:
    """End `responsibility`: nobody need hold it any more. Refused while somebody does."""
    if held(responsibility.holdings.all(), clock.now().date()):
        raise Refused("Somebody holds it still; take it from them first.")
    responsibility.ended_at = clock.now()
    return keep(responsibility)


@action(by=LEADS, makes=Holding)
def give_responsibility(
    responsibility: Responsibility,
    *,
    by: Person,
    person: PersonId,
    part: Part,
    from_on: date,
    until_on: date | None = None,
    deputy: PersonId | None = None,
    appointment: Annotated[Kept | None, "the letter of appointment"] = None,
) -> Holding:
    """Give somebody a part in `responsibility`; refused to who holds one that conflicts with it."""
    _check_days(from_on, until_on)
    if deputy == person:
        raise ill(deputy="The deputy must be somebody else.")
    if clash := _clash(responsibility, person, from_on):
        raise ill(person=f"{person} holds {clash}, which conflicts with {responsibility}.")
    return keep(
        Holding(
            responsibility=responsibility,
            person=person,
            part=part,
            deputy=deputy or "",
            from_on=from_on,
            until_on=until_on,
            appointment=appointment.sha256 if appointment else "",
        )
    )


@action(by=LEADS)
def end_holding(holding: Holding, *, by: Person, until_on: date) -> Holding:
    """Let somebody's part in a responsibility end after the day `until_on`."""
    _check_days(holding.from_on, until_on)
    holding.until_on = until_on
    return keep(holding)


@action(by=(*LEADS, Role.OWNER, Role.EMPLOYEE, Role.MANAGER), makes=Activity)
def note_activity(
    holding: Holding, *, by: Person, note: Prose, at: Annotated[datetime | None, "when; now if not given"] = None
) -> Activity:
    """Note what you did for the responsibility that you hold by `holding`."""
    when = not_ahead(at)
    if holding.person != by.ref or not held([holding], when.date()):
        raise Refused("You did not hold this responsibility on that day.")
    return keep(Activity(responsibility=holding.responsibility, person=by.ref, at=when, note=note))


def held(holdings: Iterable[Holding], day: date) -> list[Holding]:
    """Return those of `holdings` that run on `day`."""
    return [each for each in holdings if each.from_on <= day and (each.until_on is None or each.until_on >= day)]


def management_roles(person: str, day: date) -> list[Holding]:
    """Return the management responsibilities that `person` answers for on `day`."""
    theirs = Holding.objects.filter(person=person, part=Part.ACCOUNTABLE, responsibility__management=True)
    return held(theirs.select_related("responsibility"), day)


def _clash(responsibility: Responsibility, person: str, day: date) -> Responsibility | None:
    theirs = Holding.objects.filter(person=person).exclude(part=Part.INFORMED).select_related("responsibility")
    for each in theirs:
        ended = each.until_on is not None and each.until_on < day
        other = each.responsibility
        if not ended and (other.name in responsibility.conflicts or responsibility.name in other.conflicts):
            return other
    return None


def _check_days(from_on: date, until_on: date | None) -> None:
    if until_on is not None and until_on < from_on:
        raise ill(until_on="The last day lies before the first.")
