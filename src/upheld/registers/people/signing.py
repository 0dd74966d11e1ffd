"""The action by which a signed undertaking of confidentiality is kept. Who signs here acknowledges the policy on that topic."""

from datetime import date

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.files import Kept
from upheld.registers.people.models import Undertaking
from upheld.registers.rules import LEADS
from upheld.registers.staff import PersonId


@action(by=(*LEADS, Role.OWNER, Role.MANAGER), makes=Undertaking)
def keep_undertaking(*, by: Person, person: PersonId, signed_on: date, paper: Kept) -> Undertaking:
    """Keep the undertaking of confidentiality that somebody signed on paper, scanned. It is to be signed before their first access."""
    if signed_on > clock.now().date():
        raise ill(signed_on="This lies in the future; say when it was.")
    if person == by.ref:
        raise ill(person="Somebody else keeps what you signed.")
    return keep(Undertaking(person=person, signed_on=signed_on, paper=paper.sha256, recorded_at=clock.now(), recorded_by=by.ref))
