"""What was approved is given on its system, and what is over is taken back: by us where a source can, and seen there either way."""

from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Q

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.registers.authorization.kinds import Provision, RequestState
from upheld.registers.authorization.places import Place, by_list, by_role, chosen, places, seeing
from upheld.registers.authorization.request_models import AccessRequest
from upheld.registers.ordering import Wanted, ask, can, taking, tried
from upheld.registers.rules import LEADS
from upheld.sources.enforcing import Order, Outcome, Verb
from upheld.sources.models import Enforcement

DECIDED = (RequestState.APPROVED, RequestState.ENDED)
WORST_FIRST = (Provision.LEFT, Provision.TAKING, Provision.TAKEN)


@dataclass(frozen=True)
class Plan:
    """How a request stands, in a word and a sentence, and what is still to be ordered for it."""

    how: Provision
    said: str
    wanted: tuple[Wanted, ...] = ()


@action(by=(*LEADS, Role.OWNER), when=lambda request: "" if request.state in DECIDED else f"It is {request.state}: nothing is to be done.")
def carry_out_request(access_request: AccessRequest, *, by: Person) -> AccessRequest:
    """Let what was approved be given on its system, or what is over be taken back, and note what came of it; refused, it is tried anew."""
    with seeing():
        plan = planned(access_request, again=access_request.provision in (Provision.REFUSED, Provision.LEFT))
        for each in plan.wanted:
            ask(each, by)
    access_request.provision, access_request.provision_said, access_request.provisioned_at = plan.how, plan.said, clock.now()
    return keep(access_request)


def planned(request: AccessRequest, *, again: bool = False) -> Plan:
    """Return how `request` stands, as sources and orders tell; `again`: what a source refused is to be ordered anew."""
    found = places(request.person, request.entitlement.system, request.entitlement.entitlement)
    return _taking(request, found, again) if _is_over(request) else _giving(request, found, again)


def _is_over(request: AccessRequest) -> bool:
    ends = request.until_on
    return request.state == RequestState.ENDED or (ends is not None and ends < clock.now().date())


def _giving(request: AccessRequest, found: list[Place], again: bool) -> Plan:
    if any(each.held and each.enabled is not False for each in found):
        return Plan(Provision.GIVEN, "it is there, as the system tells")
    key, orders = f"access-request/{request.pk}/give", tried(f"access-request/{request.pk}/give")
    if orders and not (again and orders[-1].outcome == Outcome.REFUSED):
        return _came_of(orders[-1], Provision.GIVEN, Provision.ORDERED, Provision.REFUSED)
    place = chosen(found, privileged=request.privileged)
    if place is None:
        return Plan(Provision.BY_HAND, _nowhere(request, found))
    if can(place.source) is None:
        return Plan(Provision.BY_HAND, f"{place.source} takes no orders: give it to {place.label} by hand")
    order = Order(Verb.GRANT, place.account, request.entitlement.entitlement, place.group)
    return Plan(Provision.ORDERED, f"{place.source} is asked", (_wanted(request, place, order, key),))


def _nowhere(request: AccessRequest, found: list[Place]) -> str:
    """Return why nobody can tell to which of the accounts `found` it is given."""
    if not found:
        return "they have no account there yet"
    if request.privileged and not any(each.kind == "admin" for each in found):
        return "they have no administrator's account there"
    return f"it could be for any of {', '.join(each.label for each in found)}"


def _taking(request: AccessRequest, found: list[Place], again: bool) -> Plan:
    if why := _explained(request):
        return Plan(Provision.KEPT, why)
    plans = [_taken(request, each, again) for each in found if each.held]
    if not plans:
        return Plan(Provision.TAKEN, "it is not there, as the system tells")
    worst = min(plans, key=lambda plan: WORST_FIRST.index(plan.how))
    return Plan(worst.how, worst.said, tuple(wanted for plan in plans for wanted in plan.wanted))


def _taken(request: AccessRequest, place: Place, again: bool) -> Plan:
    key = f"access-request/{request.pk}/take/{sha256(f'{place.source} {place.account}'.encode()).hexdigest()[:16]}"
    orders = tried(key)
    if orders and not (again and orders[-1].outcome == Outcome.REFUSED):
        return _came_of(orders[-1], Provision.TAKEN, Provision.TAKING, Provision.LEFT)
    if can(place.source) is None:
        return Plan(Provision.LEFT, f"{place.source} takes no orders: take it from {place.label} by hand")
    order = taking(place.account, request.entitlement.entitlement, place.group)
    return Plan(Provision.TAKING, f"{place.source} is asked", (_wanted(request, place, order, key),))


def _wanted(request: AccessRequest, place: Place, order: Order, key: str) -> Wanted:
    return Wanted(place.source, order, key, f"access-request:{request.pk}", request.person)


def _came_of(row: Enforcement, done: Provision, asked: Provision, refused: Provision) -> Plan:
    if row.outcome == Outcome.CARRIED_OUT:
        return Plan(done, row.said)
    return Plan(refused, row.said) if row.outcome == Outcome.REFUSED else Plan(asked, row.said or f"{row.source.name} is asked")


def _explained(request: AccessRequest) -> str:
    """Return what else explains what `request` granted, "" where nothing does."""
    standing = Q(until_on=None) | Q(until_on__gte=clock.now().date())
    others = AccessRequest.objects.filter(standing, person=request.person, entitlement=request.entitlement, state=RequestState.APPROVED)
    if other := others.exclude(pk=request.pk).first():
        return f"request {other.pk} grants it still"
    gives = by_role(request.person, request.entitlement.system, request.entitlement.entitlement)
    if gives:
        return f"the role {gives} gives it"
    told = by_list(request.person, request.entitlement.system, request.entitlement.entitlement)
    return f"{told} tells of a request that was granted" if told else ""


def waiting() -> list[AccessRequest]:
    """Return the requests that are decided and not yet seen as they are to be: to be given, or to be taken back."""
    runs = Q(until_on=None) | Q(until_on__gte=clock.now().date())
    to_give = Q(runs, state=RequestState.APPROVED) & ~Q(provision=Provision.GIVEN)
    over = Q(state=RequestState.ENDED) | (Q(state=RequestState.APPROVED) & ~runs)
    to_take = over & ~Q(provision__in=(Provision.TAKEN, Provision.KEPT))
    return list(AccessRequest.objects.filter(to_give | to_take).select_related("entitlement").order_by("pk"))


def provision(by: Person) -> str:
    """Carry on with every request that waits, and say what that came to. Where nothing is new, nothing is done."""
    stepped = 0
    with seeing():
        for request in waiting():
            plan = planned(request)
            if (plan.how, plan.said) != (request.provision, request.provision_said):
                carry_out_request(request, by=by)
                stepped += 1
    return f"{stepped} requests carried on"
