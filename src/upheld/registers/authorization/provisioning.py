"""What was approved is given on its system, and what is over is taken back: by us where a source can, and seen there either way."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from django.db.models import Q

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.evidence.collection import Coverage
from upheld.registers.authorization.kinds import Provision, RequestState
from upheld.registers.authorization.places import Place, by_list, by_role, chosen, places, seeing
from upheld.registers.authorization.request_models import AccessRequest, EmergencyAccess
from upheld.registers.ordering import Wanted, ask, can, taking, tried
from upheld.registers.rules import LEADS
from upheld.sources import journal
from upheld.sources.enforcing import Order, Outcome, Verb
from upheld.sources.models import Collection, Enforcement

DECIDED = (RequestState.APPROVED, RequestState.ENDED)
BEFORE = "it was there before the emergency"
WORST_FIRST = (Provision.LEFT, Provision.TAKING, Provision.TAKEN)


Granted = AccessRequest | EmergencyAccess
Held = TypeVar("Held", AccessRequest, EmergencyAccess)


@dataclass(frozen=True)
class Plan:
    """How a request stands, in a word and a sentence, and what is still to be ordered for it."""

    how: Provision
    said: str
    wanted: tuple[Wanted, ...] = ()


@action(by=(*LEADS, Role.OWNER), when=lambda request: "" if request.state in DECIDED else f"It is {request.state}: nothing is to be done.")
def carry_out_request(access_request: AccessRequest, *, by: Person) -> AccessRequest:
    """Let what was approved be given on its system, or what is over be taken back, and note what came of it; refused, it is tried anew."""
    return carried_on(access_request, by)


@action(by=(*LEADS, Role.OWNER))
def carry_out_emergency(emergency_access: EmergencyAccess, *, by: Person) -> EmergencyAccess:
    """Let what was taken in an emergency be given on its system, or taken back once it is over; refused, it is tried anew."""
    return carried_on(emergency_access, by)


def carried_on(held: Held, by: Person) -> Held:
    """Order what `held` still wants of its system, note how it stands there, and keep it, as part of the action that is being done.

    An order to give it that still waits when it is over is called off.
    """
    if _is_over(held) and Enforcement.objects.filter(reason=_reason(held), verb=Verb.GRANT, settled_at=None).exists():
        journal.call_off(_reason(held), by=by.actor, why="it is over")
    with seeing():
        plan = planned(held, again=held.provision in (Provision.REFUSED, Provision.LEFT))
        for each in plan.wanted:
            ask(each, by)
    held.provision, held.provision_said, held.provisioned_at = plan.how, plan.said, clock.now()
    return keep(held)


def planned(held: Granted, *, again: bool = False) -> Plan:
    """Return how `held` stands, as sources and orders tell; `again`: what a source refused is to be ordered anew."""
    found = places(held.person, held.entitlement.system, held.entitlement.entitlement)
    return _taking(held, found, again) if _is_over(held) else _giving(held, found, again)


def _is_over(held: Granted) -> bool:
    if isinstance(held, EmergencyAccess):
        return held.ends_at <= clock.now()
    ends = held.until_on
    return held.state == RequestState.ENDED or (ends is not None and ends < clock.now().date())


def _kind(held: Granted) -> str:
    return "emergency-access" if isinstance(held, EmergencyAccess) else "access-request"


def _reason(held: Granted) -> str:
    return f"{_kind(held)}:{held.pk}"


def _is_privileged(held: Granted) -> bool:
    return held.entitlement.privileged if isinstance(held, EmergencyAccess) else held.privileged


def _giving(held: Granted, found: list[Place], again: bool) -> Plan:
    if any(each.held and each.enabled is not False for each in found):
        before = isinstance(held, EmergencyAccess) and held.provision in (Provision.NOT_YET, Provision.KEPT)
        return Plan(Provision.KEPT, BEFORE) if before else Plan(Provision.GIVEN, "it is there, as the system tells")
    key, orders = _give(held), tried(_give(held))
    if orders and not (again and orders[-1].outcome == Outcome.REFUSED):
        return _came_of(orders[-1], Provision.GIVEN, Provision.ORDERED, Provision.REFUSED)
    if isinstance(held, EmergencyAccess) and held.entitlement.in_emergency is None:
        return Plan(Provision.BY_HAND, "nobody is said to be given it in an emergency: give it by hand")
    place = chosen(found, privileged=_is_privileged(held))
    if place is None:
        return Plan(Provision.BY_HAND, _nowhere(held, found))
    if can(place.source) is None:
        return Plan(Provision.BY_HAND, f"{place.source} takes no orders: give it to {place.label} by hand")
    order = Order(Verb.GRANT, place.account, held.entitlement.entitlement, place.group)
    return Plan(Provision.ORDERED, f"{place.source} is asked", (_wanted(held, place, order, key),))


def _nowhere(held: Granted, found: list[Place]) -> str:
    """Return why nobody can tell to which of the accounts `found` it is given."""
    if not found:
        return "they have no account there yet"
    if _is_privileged(held) and not any(each.kind == "admin" for each in found):
        return "they have no administrator's account there"
    return f"it could be for any of {', '.join(each.label for each in found)}"


def _taking(held: Granted, found: list[Place], again: bool) -> Plan:
    if why := BEFORE if held.provision_said == BEFORE else _explained(held):
        return Plan(Provision.KEPT, why)
    plans = [_taken(held, each, again) for each in (*(each for each in found if each.held), *_given_since(held, found))]
    if not plans:
        return Plan(Provision.TAKEN, "it is not there, as the system tells")
    worst = min(plans, key=lambda plan: WORST_FIRST.index(plan.how))
    return Plan(worst.how, worst.said, tuple(wanted for plan in plans for wanted in plan.wanted))


def _give(held: Granted) -> str:
    return f"{_kind(held)}/{held.pk}/give"


def _given_since(held: Granted, found: list[Place]) -> Iterator[Place]:
    """Yield where we gave it, or may have, since its source was read last: what was read does not show it."""
    shown = {(each.source, each.account) for each in found if each.held}
    for row in tried(_give(held)):
        may_be_there = row.outcome == Outcome.CARRIED_OUT or (row.tries and row.changed is None)
        if may_be_there and (row.source.name, row.account) not in shown and not _read_since(row):
            yield Place(row.source.name, row.account, row.account, enabled=True, kind="", group=row.group_id, held=True)


def _read_since(row: Enforcement) -> bool:
    whole = Collection.objects.filter(source=row.source, error="", coverage=Coverage.COMPLETE, set_aside_at=None)
    return row.settled_at is not None and whole.filter(started_at__gt=row.settled_at).exists()


def _taken(held: Granted, place: Place, again: bool) -> Plan:
    key = f"{_kind(held)}/{held.pk}/take/{sha256(f'{place.source} {place.account}'.encode()).hexdigest()[:16]}"
    orders = tried(key)
    if orders and not (again and orders[-1].outcome == Outcome.REFUSED):
        return _came_of(orders[-1], Provision.TAKEN, Provision.TAKING, Provision.LEFT)
    if can(place.source) is None:
        return Plan(Provision.LEFT, f"{place.source} takes no orders: take it from {place.label} by hand")
    order = taking(place.account, held.entitlement.entitlement, place.group)
    return Plan(Provision.TAKING, f"{place.source} is asked", (_wanted(held, place, order, key),))


def _wanted(held: Granted, place: Place, order: Order, key: str) -> Wanted:
    return Wanted(place.source, order, key, _reason(held), held.person)


def _came_of(row: Enforcement, done: Provision, asked: Provision, refused: Provision) -> Plan:
    if row.outcome == Outcome.CARRIED_OUT:
        return Plan(done, row.said)
    return Plan(refused, row.said) if row.outcome == Outcome.REFUSED else Plan(asked, row.said or f"{row.source.name} is asked")


def _explained(held: Granted) -> str:
    """Return what else explains what `held` gave, "" where nothing does."""
    mine = Q(person=held.person, entitlement=held.entitlement)
    standing = Q(until_on=None) | Q(until_on__gte=clock.now().date())
    for other in AccessRequest.objects.filter(standing, mine, state=RequestState.APPROVED):
        if other != held:
            return f"request {other.pk} grants it still"
    for taken in EmergencyAccess.objects.filter(mine, ends_at__gt=clock.now()):
        if taken != held:
            return f"emergency {taken.pk} runs still"
    gives = by_role(held.person, held.entitlement.system, held.entitlement.entitlement)
    if gives:
        return f"the role {gives} gives it"
    told = by_list(held.person, held.entitlement.system, held.entitlement.entitlement)
    return f"{told} tells of a request that was granted" if told else ""


def waiting() -> list[Granted]:
    """Return the requests that are decided, and the emergencies, not yet seen as they are to be: to be given, or to be taken back."""
    runs = Q(until_on=None) | Q(until_on__gte=clock.now().date())
    to_give = Q(runs, state=RequestState.APPROVED) & ~Q(provision=Provision.GIVEN)
    over = Q(state=RequestState.ENDED) | (Q(state=RequestState.APPROVED) & ~runs)
    to_take = over & ~Q(provision__in=(Provision.TAKEN, Provision.KEPT))
    requests = AccessRequest.objects.filter(to_give | to_take).select_related("entitlement").order_by("pk")
    running = Q(ends_at__gt=clock.now())
    to_give, to_take = running & ~Q(provision=Provision.GIVEN), ~running & ~Q(provision=Provision.TAKEN)
    taken = EmergencyAccess.objects.exclude(provision=Provision.KEPT).filter(to_give | to_take).select_related("entitlement").order_by("pk")
    return [*requests, *taken]


def provision(by: Person) -> str:
    """Carry on with every request and emergency that waits, and say what that came to. Where nothing is new, nothing is done."""
    stepped = 0
    with seeing():
        for held in waiting():
            plan = planned(held)
            if (plan.how, plan.said) == (held.provision, held.provision_said):
                continue
            if isinstance(held, EmergencyAccess):
                carry_out_emergency(held, by=by)
            else:
                carry_out_request(held, by=by)
            stepped += 1
    return f"{stepped} requests carried on"
