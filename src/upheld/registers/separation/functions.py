"""Actions on the function matrix: which roles of an application may reach which of its functions and data."""

from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Text
from upheld.registers.rules import LEADS, all_known, fill
from upheld.registers.separation.models import FunctionRule
from upheld.registers.staff import PersonId
from upheld.registers.words import Name

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Roles = Annotated[list[Annotated[str, Text(120)]], "roles that may reach it, as the application calls them; none if nobody may"]


def _in_force(rule: FunctionRule) -> str:
    return "There is no such function any more." if rule.ended_at else ""


@action(by=KEEPERS, makes=FunctionRule)
def enter_function(
    *,
    by: Person,
    system: Annotated[Name, "the short name of the application"],
    function: Annotated[str, Text(200), "the function or class of data, as the application's export calls it"],
    owner: PersonId,
    roles: Roles = [],  # noqa: B006  never changed
) -> FunctionRule:
    """Enter which roles may reach a function of an application. It counts once somebody else has confirmed it."""
    all_known("system", [system], "System")
    if FunctionRule.objects.filter(system=system, function=function, ended_at=None).exists():
        raise ill(function=f"{function} of {system} is entered already; change it.")
    return keep(fill(FunctionRule(), system=system, function=function, owner=owner, roles=sorted(set(roles))))


@action(by=KEEPERS, when=_in_force)
def change_function(rule: FunctionRule, *, by: Person, owner: PersonId, roles: Roles = []) -> FunctionRule:  # noqa: B006  never changed
    """Say anew which roles may reach the function. Other roles are confirmed anew."""
    if sorted(set(roles)) != rule.roles:
        rule.confirmed_at, rule.confirmed_by = None, ""
    return keep(fill(rule, owner=owner, roles=sorted(set(roles))))


@action(
    by=KEEPERS,
    apart_from=["enter-function", "change-function"],
    why_apart="nobody confirms the line of the matrix that they wrote",
    when=lambda rule: _in_force(rule) or ("It is confirmed already." if rule.confirmed_at else ""),
)
def confirm_function(rule: FunctionRule, *, by: Person) -> FunctionRule:
    """Confirm that these roles need the function, and no others."""
    rule.confirmed_at, rule.confirmed_by = clock.now(), by.ref
    return keep(rule)


@action(by=KEEPERS, when=_in_force)
def end_function(rule: FunctionRule, *, by: Person) -> FunctionRule:
    """Say that the application has no such function any more."""
    rule.ended_at = clock.now()
    return keep(rule)
