"""Actions on requests for access: asking for oneself or another, agreeing, refusing, ending; and emergencies."""

from datetime import date, timedelta
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.kinds import Number
from upheld.registers.authorization.conflicts import refuse_conflict
from upheld.registers.authorization.kinds import OPEN, RequestState
from upheld.registers.authorization.models import BusinessRole, Entitlement
from upheld.registers.authorization.provisioning import carried_on
from upheld.registers.authorization.request_models import AccessRequest, EmergencyAccess
from upheld.registers.rules import LEADS, STAFF
from upheld.registers.staff import PersonId, known
from upheld.registers.words import Prose

LONGEST_PRIVILEGED = timedelta(days=366)
Why = Annotated[Prose, "what it is needed for"]
Until = Annotated[date | None, "the last day; it ends by itself then"]


def _open(request: AccessRequest) -> str:
    return "" if request.state in OPEN else f"It is {request.state} already."


def _stands(request: AccessRequest) -> str:
    return "" if request.state == RequestState.APPROVED else f"It is {request.state}, so there is nothing to end."


@action(by=STAFF, makes=AccessRequest)
def request_access(
    *,
    by: Person,
    entitlement: Entitlement,
    why: Why,
    until_on: Until = None,
    person: Annotated[PersonId | None, "who is to have it; yourself if not given"] = None,
) -> AccessRequest:
    """Ask for an entitlement, for yourself or for somebody else. Whoever answers for it decides; a privileged one takes two, and an end."""
    return _ask(by, entitlement, person or by.ref, why, until_on)


@action(by=STAFF, makes=AccessRequest)
def request_role(
    *,
    by: Person,
    role: BusinessRole,
    why: Why,
    until_on: Until = None,
    person: Annotated[PersonId | None, "who is to have it; yourself if not given"] = None,
) -> AccessRequest:
    """Ask for all that a business role gives which is not somebody's own, until a day: one request for each entitlement."""
    rights = [right.entitlement for right in role.rights.select_related("entitlement") if right.entitlement.ended_at is None]
    if role.ended_at or not rights:
        raise ill(role="This role gives nothing.")
    who = person or by.ref
    wanted = [each for each in rights if not _asked(who, each)]
    if not wanted:
        raise ill(role="All that it gives is asked for or granted already.")
    return [_ask(by, each, who, why, until_on, role.name) for each in wanted][-1]


def _asked(person: str, entitlement: Entitlement) -> bool:
    standing = AccessRequest.objects.filter(person=person, entitlement=entitlement, state__in=(*OPEN, RequestState.APPROVED))
    return any(each.until_on is None or each.until_on >= clock.now().date() for each in standing)


def _ask(by: Person, entitlement: Entitlement, person: str, why: str, until_on: date | None, role: str = "") -> AccessRequest:
    today = clock.now().date()
    if entitlement.ended_at:
        raise ill(entitlement="It has ended; nobody can ask for it.")
    if until_on is not None and until_on < today:
        raise ill(until_on="This day is past.")
    if entitlement.privileged and (until_on is None or until_on > today + LONGEST_PRIVILEGED):
        raise ill(until_on="It is privileged: name a last day, within a year.")
    if _asked(person, entitlement):
        raise ill(entitlement="It is asked for or granted already.")
    refuse_conflict(person, entitlement)
    somebody = known().get(person)
    ends = somebody.ended_on if somebody else None
    if ends is not None and (until_on is None or until_on > ends):
        until_on = ends  # nothing outlasts a contract
    return keep(
        AccessRequest(
            person=person,
            entitlement=entitlement,
            role=role,
            owner=entitlement.owner,
            privileged=entitlement.privileged,
            why=why,
            until_on=until_on,
            asked_by=by.ref,
            asked_at=clock.now(),
            state=RequestState.ASKED,
        )
    )


@action(
    by=STAFF,
    apart_from=["request-access", "request-role"],
    why_apart="nobody approves what they asked for",
    when=lambda request: _open(request) or ("" if request.state == RequestState.ASKED else "A second person has to approve it now."),
)
def agree_to_request(access_request: AccessRequest, *, by: Person) -> AccessRequest:
    """Agree to `access_request`. For whoever answers for the entitlement, never about oneself. A privileged one takes a second."""
    if by.ref == access_request.person:
        raise NotAllowed("Nobody decides about their own access.")
    if by.ref not in (access_request.owner, access_request.entitlement.owner):
        raise NotAllowed("Whoever answers for the entitlement decides.")
    refuse_conflict(access_request.person, access_request.entitlement)
    access_request.agreed_by, access_request.agreed_at, access_request.state = by.ref, clock.now(), RequestState.AGREED
    if not access_request.privileged:
        access_request.approved_by, access_request.approved_at, access_request.state = by.ref, clock.now(), RequestState.APPROVED
    return keep(access_request)


@action(
    by=(*LEADS, Role.MANAGER),
    apart_from=["request-access", "request-role", "agree-to-request"],
    why_apart="two others than who asked approve privileged access",
    when=lambda request: _open(request) or ("" if request.state == RequestState.AGREED else "Whoever answers for it has to agree first."),
)
def approve_privileged(access_request: AccessRequest, *, by: Person) -> AccessRequest:
    """Approve a privileged `access_request` to which whoever answers for it has agreed."""
    if by.ref == access_request.person:
        raise NotAllowed("Nobody decides about their own access.")
    refuse_conflict(access_request.person, access_request.entitlement)
    access_request.approved_by, access_request.approved_at, access_request.state = by.ref, clock.now(), RequestState.APPROVED
    return keep(access_request)


@action(by=STAFF, when=_open)
def reject_request(access_request: AccessRequest, *, by: Person, said: Annotated[Prose, "why not"]) -> AccessRequest:
    """Refuse `access_request`. For whoever answers for the entitlement, and who leads."""
    _must_decide(access_request, by)
    return _close(access_request, by, RequestState.REJECTED, said)


@action(by=STAFF, when=_open)
def withdraw_request(access_request: AccessRequest, *, by: Person) -> AccessRequest:
    """Take `access_request` back, if you asked or it is for you."""
    if by.ref not in (access_request.asked_by, access_request.person):
        raise NotAllowed("Who asked for it takes it back, or who was to have it.")
    return _close(access_request, by, RequestState.WITHDRAWN, "")


@action(by=STAFF, when=_stands)
def end_access(access_request: AccessRequest, *, by: Person, said: Annotated[Prose, "why"]) -> AccessRequest:
    """End what `access_request` granted, from now on: it is then to be taken away on its system. The person may say so, too."""
    if by.ref != access_request.person:
        _must_decide(access_request, by)
    return _close(access_request, by, RequestState.ENDED, said)


def _must_decide(request: AccessRequest, by: Person) -> None:
    if by.ref not in (request.owner, request.entitlement.owner) and not by.roles & set(LEADS):
        raise NotAllowed("Whoever answers for the entitlement decides, or who leads.")


def _close(request: AccessRequest, by: Person, state: RequestState, said: str) -> AccessRequest:
    request.state, request.ended_by, request.ended_at, request.said = state, by.ref, clock.now(), said
    return keep(request)


def has_role(person: str, role: BusinessRole) -> bool:
    """Whether the list of people gives `person` the `role`, which stands."""
    somebody = known().get(person)
    return role.ended_at is None and somebody is not None and role.name in (somebody.role, "*")


@action(by=STAFF, makes=EmergencyAccess)
def take_emergency_access(
    *, by: Person, entitlement: Entitlement, why: Annotated[Prose, "the emergency"], hours: Annotated[int, Number(1, 24)] = 4
) -> EmergencyAccess:
    """Take access that nobody can be asked for now. It ends after at most a day, and is reviewed within another.

    Where your role may take it, it is given on its system at once, and taken back there when it ends; else somebody does that by hand.
    """
    if entitlement.ended_at:
        raise ill(entitlement="It has ended.")
    if (role := entitlement.in_emergency) is not None and not has_role(by.ref, role):
        raise NotAllowed(f"In an emergency it is for whoever has the role {role}.")
    now = clock.now()
    ends_at = now + timedelta(hours=hours)
    taken = EmergencyAccess(person=by.ref, entitlement=entitlement, owner=entitlement.owner, why=why, begun_at=now, ends_at=ends_at)
    return carried_on(keep(taken), by)


@action(
    by=(*LEADS, Role.OWNER, Role.MANAGER, Role.EMPLOYEE),
    apart_from=["take-emergency-access"],
    why_apart="somebody else looks at it afterwards",
    when=lambda taken: "It is reviewed already." if taken.reviewed_at else "",
)
def review_emergency(
    emergency_access: EmergencyAccess,
    *,
    by: Person,
    justified: Annotated[bool, "whether there was no other way"],
    outcome: Annotated[Prose, "what was done with it, and what follows"],
) -> EmergencyAccess:
    """Look at what was done with `emergency_access`. For whoever answers for the entitlement, and who leads."""
    if by.ref not in (emergency_access.owner, emergency_access.entitlement.owner) and not by.roles & set(LEADS):
        raise NotAllowed("Whoever answers for the entitlement reviews it, or who leads.")
    emergency_access.reviewed_by, emergency_access.reviewed_at = by.ref, clock.now()
    emergency_access.justified, emergency_access.outcome = justified, outcome
    if not justified:
        emergency_access.ends_at = min(emergency_access.ends_at, clock.now())
    return carried_on(emergency_access, by)


@action(by=STAFF, when=lambda taken: "It has ended." if taken.ends_at <= clock.now() else "")
def end_emergency(emergency_access: EmergencyAccess, *, by: Person) -> EmergencyAccess:
    """Give `emergency_access` back before its time."""
    if by.ref != emergency_access.person and not by.roles & set(LEADS):
        raise Refused("Who took it gives it back, or who leads ends it.")
    emergency_access.ends_at = clock.now()
    return carried_on(emergency_access, by)
