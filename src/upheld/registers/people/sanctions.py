"""The action by which it is written down what followed from breaking a rule: for who holds the role owner for people alone."""

from datetime import datetime

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed
from upheld.registers.people.models import HUMAN_RESOURCES, Sanction
from upheld.registers.rules import not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Prose


@action(by=(Role.OWNER,), makes=Sanction)
def record_sanction(*, by: Person, person: PersonId, rule: Line, what: Prose, at: datetime | None = None) -> Sanction:
    """Write down what followed from somebody's breaking a rule. Takes the role owner for people."""
    if not any(each.role is Role.OWNER and each.over == ("owner", HUMAN_RESOURCES) for each in by.held):
        raise NotAllowed("Writing down a sanction takes the role owner for people.")
    return keep(Sanction(person=person, rule=rule, what=what, decided_by=by.ref, at=not_ahead(at)))
