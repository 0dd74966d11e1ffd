"""Actions on requirements of law, contracts and standards, and on the promises that answer them."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Text
from upheld.documents.publication import documents
from upheld.registers.compliance.models import LegalRequirement, RequiredBy
from upheld.registers.rules import LEADS
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Promises = Annotated[list[Annotated[str, Text(120)]], "ids of the promises that answer it, as in iso:1.3.5, one a line"]


@action(by=KEEPERS, makes=LegalRequirement)
def add_requirement(
    *,
    by: Person,
    name: Name,
    title: Line,
    kind: RequiredBy,
    citation: Annotated[Line, "where it is written, as in GDPR 33(1)"],
    owner: Annotated[PersonId, "who sees to it"],
    from_on: Annotated[date, "from when it is in force for us"],
    jurisdiction: Annotated[Name | None, "the code of the country or state whose law it is, as in de"] = None,
    text: Annotated[Prose | None, "what it wants, in our words"] = None,
    promises: Promises = [],  # noqa: B006  never changed
) -> LegalRequirement:
    """Add something that law, a contract or a standard wants of us."""
    if LegalRequirement.objects.filter(name=name).exists():
        raise ill(name=f"There is a requirement called {name} already.")
    if kind is RequiredBy.LAW and not jurisdiction:
        raise ill(jurisdiction="Say whose law it is.")
    made = LegalRequirement(name=name, title=title, kind=kind, citation=citation, owner=owner, from_on=from_on)
    made.jurisdiction, made.text, made.promises = jurisdiction or "", text or "", _known(promises)
    return keep(made)


@action(by=KEEPERS)
def map_requirement(requirement: LegalRequirement, *, by: Person, promises: Promises) -> LegalRequirement:
    """Say which promises answer `requirement`: it is covered where each of them stands."""
    requirement.promises = _known(promises)
    return keep(requirement)


@action(by=KEEPERS)
def change_requirement(
    requirement: LegalRequirement, *, by: Person, title: Line, citation: Line, owner: PersonId, text: Prose | None = None
) -> LegalRequirement:
    """Say anew what `requirement` is, where it is written, and who sees to it."""
    requirement.title, requirement.citation, requirement.owner, requirement.text = title, citation, owner, text or ""
    return keep(requirement)


@action(by=LEADS)
def end_requirement(
    requirement: LegalRequirement, *, by: Person, until_on: Annotated[date, "the last day on which it is in force"]
) -> LegalRequirement:
    """Say that `requirement` is in force no longer after a day."""
    if until_on < requirement.from_on:
        raise ill(until_on="The last day lies before the first.")
    requirement.until_on = until_on
    return keep(requirement)


def _known(promises: Iterable[str]) -> list[str]:
    there = {promise.id for document in documents() for promise in document.promises}
    for each in promises:
        if each not in there:
            raise ill(promises=f"There is no promise {each}; upheld show lists them.")
    return list(promises)
