"""Actions by which people are authorised, in writing, to reach personal data."""

from datetime import date, datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Text
from upheld.registers.people.models import Authorisation
from upheld.registers.rules import LEADS, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Name, Prose


def _runs(authorisation: Authorisation) -> str:
    until = authorisation.until_on
    return "It has ended." if until is not None and until < clock.now().date() else ""


@action(by=(*LEADS, Role.OWNER, Role.MANAGER), makes=Authorisation)
def authorise(
    *,
    by: Person,
    person: PersonId,
    system: Annotated[str, Text(60), "the system's short name in the list of systems"],
    categories: Annotated[list[Name], "which personal data, as in customers or applicants"],
    purpose: Annotated[Prose, "what they need it for in their role"],
    until_on: date | None = None,
    letter: Annotated[Kept | None, "the authorisation, where it was given on paper"] = None,
    given_at: Annotated[datetime | None, "when, where it was given on paper before today"] = None,
) -> Authorisation:
    """Authorise somebody to reach personal data on a system. It counts from now on; only a paper, kept with it, can say earlier."""
    if person == by.ref:
        raise ill(person="Nobody authorises themself.")
    if not categories:
        raise ill(categories="Say which personal data.")
    if given_at is not None and letter is None:
        raise ill(given_at="Hand in the paper by which it was given then; without one it counts from now on.")
    given = not_ahead(given_at, "given_at")
    if until_on is not None and until_on < clock.now().date():
        raise ill(until_on="This day is past.")
    return keep(
        Authorisation(
            person=person,
            system=system,
            categories=list(categories),
            purpose=purpose,
            given_by=by.ref,
            given_at=given,
            from_on=given.date(),
            until_on=until_on,
            letter=letter.sha256 if letter else "",
        )
    )


@action(by=(*LEADS, Role.OWNER, Role.MANAGER), when=_runs)
def end_authorisation(authorisation: Authorisation, *, by: Person, until_on: date) -> Authorisation:
    """Let `authorisation` end after a day: the access that it is for is then to be taken away."""
    if until_on < authorisation.from_on:
        raise ill(until_on="The last day lies before the first.")
    authorisation.until_on = until_on
    return keep(authorisation)
