"""Actions on what must be ready before anything happens: categories with their playbooks, and who is on call."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.registers.incidents.models import IncidentCategory, OnCall
from upheld.registers.incidents.playbooks import is_playbook
from upheld.registers.rules import LEADS
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

PlaybookName = Annotated[Name, "the short name of the playbook, which is written among the policies"]


def _in_use(category: IncidentCategory) -> str:
    return "This category is no longer used." if category.ended_at else ""


@action(by=LEADS, makes=IncidentCategory)
def declare_category(
    *,
    by: Person,
    name: Name,
    title: Line,
    examples: Annotated[Prose | None, "what belongs to it, so that whoever decides need not guess"] = None,
    playbook: PlaybookName | None = None,
) -> IncidentCategory:
    """Declare a sort of incident, and the playbook by which such incidents are handled."""
    if IncidentCategory.objects.filter(name=name).exists():
        raise ill(name=f"There is a category called {name} already.")
    return keep(IncidentCategory(name=name, title=title, examples=examples or "", playbook=_known(playbook)))


@action(by=LEADS, when=_in_use)
def change_category(
    category: IncidentCategory, *, by: Person, title: Line, examples: Prose | None = None, playbook: PlaybookName | None = None
) -> IncidentCategory:
    """Change what `category` is called, or by which playbook it is handled. Incidents that are open keep their steps."""
    category.title, category.examples, category.playbook = title, examples or "", _known(playbook)
    return keep(category)


@action(by=LEADS, when=_in_use)
def end_category(category: IncidentCategory, *, by: Person) -> IncidentCategory:
    """Use `category` no longer; incidents that are of it stay so."""
    category.ended_at = clock.now()
    return keep(category)


@action(by=LEADS, makes=OnCall)
def put_on_call(*, by: Person, person: PersonId, from_at: datetime, until_at: datetime) -> OnCall:
    """Say that somebody is on call for incidents from an instant until another: they lead what is opened meanwhile."""
    if until_at <= from_at:
        raise ill(until_at="The end must lie after the beginning.")
    return keep(OnCall(person=person, from_at=from_at, until_at=until_at))


@action(by=LEADS)
def change_on_call(turn: OnCall, *, by: Person, person: PersonId, until_at: datetime) -> OnCall:
    """Let somebody else take `turn`, or let it end at another instant."""
    if until_at <= turn.from_at:
        raise ill(until_at="The end must lie after the beginning.")
    turn.person, turn.until_at = person, until_at
    return keep(turn)


def _known(playbook: str | None) -> str:
    if playbook and not is_playbook(playbook):
        raise ill(playbook=f"There is no playbook called {playbook}. Write it among the policies first, as of the kind playbook.")
    return playbook or ""
