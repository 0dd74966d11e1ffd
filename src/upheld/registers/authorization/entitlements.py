"""Actions on the access model: entitlements, what roles give, what must not meet, and who may grant."""

from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import drop, keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.kinds import Text
from upheld.registers.authorization.kinds import Risk
from upheld.registers.authorization.models import BusinessRole, ConflictRule, Entitlement, GrantorApproval, RoleRight
from upheld.registers.rules import LEADS, all_known, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

System = Annotated[str, Text(60), "the system's short name in the list of systems"]
InEmergency = Annotated[BusinessRole | None, "who may take it in an emergency, and is given it at once: whoever has this role"]
MODELLERS = (*LEADS, Role.OWNER, Role.MANAGER, Role.EMPLOYEE)


def _there(record: Entitlement | BusinessRole | GrantorApproval) -> str:
    return "It has ended." if record.ended_at else ""


@action(by=LEADS, makes=Entitlement)
def declare_entitlement(
    *,
    by: Person,
    system: System,
    entitlement: Annotated[str, Text(200), "what the system calls it, as the table grants has it: a group's or role's name, sudo:ALL ..."],
    title: Line,
    owner: Annotated[PersonId, "who answers for it, and is asked"],
    privileged: Annotated[bool, "whether it gives administrative rights; then two must agree, and it ends on a day"] = False,
    risk: Risk = Risk.MEDIUM,
    in_emergency: InEmergency = None,
) -> Entitlement:
    """Declare something that can be granted on a system, so that people can ask for it."""
    all_known("system", [system], "System")
    if Entitlement.objects.filter(system=system, entitlement=entitlement).exists():
        raise ill(entitlement=f"{entitlement} on {system} is declared already.")
    made = Entitlement(system=system, entitlement=entitlement, title=title, owner=owner, privileged=privileged, risk=risk)
    made.in_emergency = in_emergency
    return keep(made)


@action(by=LEADS, when=_there)
def change_entitlement(
    entitlement: Entitlement, *, by: Person, title: Line, owner: PersonId, privileged: bool, risk: Risk, in_emergency: InEmergency = None
) -> Entitlement:
    """Say anew what `entitlement` is, who answers for it, or who may take it in an emergency."""
    entitlement.title, entitlement.owner, entitlement.privileged, entitlement.risk = title, owner, privileged, risk
    entitlement.in_emergency = in_emergency
    return keep(entitlement)


@action(by=LEADS, when=_there)
def end_entitlement(entitlement: Entitlement, *, by: Person) -> Entitlement:
    """Let nobody ask for `entitlement` any more. Refused while a role gives it."""
    if entitlement.roles.filter(role__ended_at=None).exists():
        raise Refused("A role gives it still; take it from the role first.")
    entitlement.ended_at = clock.now()
    return keep(entitlement)


@action(by=LEADS, makes=BusinessRole)
def declare_role(
    *,
    by: Person,
    name: Annotated[str, Text(200), "the role as the list of people names it; * for what everybody has"],
    title: Line,
    owner: Annotated[PersonId, "who answers for what it gives, and reviews it"],
) -> BusinessRole:
    """Declare a business role, which then gives what its rights say to everybody who has it."""
    not_taken(BusinessRole, name)
    return keep(BusinessRole(name=name, title=title, owner=owner, declared_at=clock.now()))


@action(by=LEADS, makes=RoleRight, when=_there)
def add_to_role(business_role: BusinessRole, *, by: Person, entitlement: Entitlement) -> RoleRight:
    """Let everybody who has `business_role` hold `entitlement` too. Refused where two of its rights must not meet, or it is privileged."""
    if entitlement.ended_at:
        raise ill(entitlement="It has ended.")
    if entitlement.privileged:
        raise ill(entitlement="It is privileged: it is asked for by each person, for a time.")
    if business_role.rights.filter(entitlement=entitlement).exists():
        raise ill(entitlement="The role gives it already.")
    others = {right.entitlement_id for right in business_role.rights.all()}
    for rule in ConflictRule.objects.select_related("left", "right"):
        pair = {rule.left_id, rule.right_id}
        if entitlement.pk in pair and pair - {entitlement.pk} <= others:
            raise ill(entitlement=f"With what the role gives already, it breaks the rule {rule}: {rule.why}")
    return keep(RoleRight(role=business_role, entitlement=entitlement, added_at=clock.now(), added_by=by.ref))


@action(by=LEADS)
def take_from_role(role_right: RoleRight, *, by: Person) -> None:
    """Let the role no longer give what `role_right` says. Who holds it by the role alone is then to lose it."""
    drop(role_right)


@action(by=MODELLERS, when=_there)
def review_role(
    business_role: BusinessRole, *, by: Person, outcome: Annotated[Prose, "what you looked at, and what is to change"]
) -> BusinessRole:
    """Say that you looked at everything that `business_role` gives, and that each of it is needed. For whoever answers for it."""
    if by.ref != business_role.owner:
        raise NotAllowed("Whoever answers for the role reviews it.")
    business_role.reviewed_at, business_role.reviewed_by, business_role.outcome = clock.now(), by.ref, outcome
    return keep(business_role)


@action(by=LEADS, when=_there)
def change_role(business_role: BusinessRole, *, by: Person, title: Line, owner: PersonId) -> BusinessRole:
    """Say anew what `business_role` is called, or who answers for it."""
    business_role.title, business_role.owner = title, owner
    return keep(business_role)


@action(by=LEADS, when=_there)
def end_role(business_role: BusinessRole, *, by: Person) -> BusinessRole:
    """Let `business_role` give nothing any more."""
    business_role.ended_at = clock.now()
    return keep(business_role)


@action(by=LEADS, makes=ConflictRule)
def keep_apart(
    *, by: Person, name: Name, left: Entitlement, right: Entitlement, why: Annotated[Prose, "what could happen if one person held both"]
) -> ConflictRule:
    """Let nobody hold `left` and `right` together: requests that would do so are refused, and who does is found."""
    not_taken(ConflictRule, name)
    if left == right:
        raise ill(right="These are the same; name another.")
    return keep(ConflictRule(name=name, left=left, right=right, why=why))


@action(by=LEADS)
def drop_rule(conflict_rule: ConflictRule, *, by: Person) -> None:
    """Take `conflict_rule` back."""
    drop(conflict_rule)


@action(by=(*LEADS, Role.MANAGER), makes=GrantorApproval)
def approve_grantor(*, by: Person, person: PersonId, system: System, why: Prose, until_on: date | None = None) -> GrantorApproval:
    """Let somebody else grant, alter and cancel rights on a system."""
    if person == by.ref:
        raise ill(person="Nobody approves themself.")
    all_known("system", [system], "System")
    if until_on is not None and until_on < clock.now().date():
        raise ill(until_on="This day is past.")
    approval = GrantorApproval(person=person, system=system, why=why, approved_by=by.ref, approved_at=clock.now(), until_on=until_on)
    return keep(approval)


@action(by=(*LEADS, Role.MANAGER), when=_there)
def end_grantor(grantor_approval: GrantorApproval, *, by: Person) -> GrantorApproval:
    """Let somebody grant on that system no more."""
    grantor_approval.ended_at = clock.now()
    return keep(grantor_approval)
