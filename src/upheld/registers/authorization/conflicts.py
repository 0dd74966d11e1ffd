"""Separation of duties when somebody asks: what the right leads to, held against what the person has, by the shortest way."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
from django.db.models import Q

from upheld import clock
from upheld.actions.errors import ill
from upheld.registers.authorization.held import holdings, leads_to
from upheld.registers.authorization.kinds import OPEN, RequestState
from upheld.registers.authorization.models import BusinessRole, ConflictRule, Entitlement
from upheld.registers.authorization.request_models import AccessRequest
from upheld.registers.evidence import evidence
from upheld.registers.staff import known

Right = tuple[str, str]  # system and entitlement


@dataclass(frozen=True)
class Rule:
    """Two rights that must not meet."""

    name: str
    why: str
    left: Right
    right: Right


def refuse_conflict(person: str, entitlement: Entitlement) -> None:
    """Raise `Ill` where `entitlement`, or what it leads to, must not meet something that `person` holds or was promised."""
    now = clock.now()
    with evidence(now, ["conflict_rules", "groups", "grants", "account_owners", "effective_grants", "engagements"]) as connection:
        found = list(_rules(connection))
        if not found:
            return
        reached = {
            (entitlement.system, name): way for name, way in leads_to(connection, entitlement.system, entitlement.entitlement).items()
        }
        sides = [(rule, *side) for rule in found for side in ((rule.left, rule.right), (rule.right, rule.left))]
        touched = [(rule, mine, theirs) for rule, mine, theirs in sides if mine in reached]
        has = dict(_has(connection, person)) if touched else {}
        for rule, mine, theirs in touched:
            if theirs in has:
                raise ill(
                    entitlement=f"It breaks the rule {rule.name}: {rule.why or 'nobody may hold both'}. It leads to {reached[mine]} on "
                    f"{mine[0]}; {person} has {theirs[1]} on {theirs[0]} ({has[theirs]})."
                )


def _rules(connection: duckdb.DuckDBPyConnection) -> Iterator[Rule]:
    kept = {}
    for each in ConflictRule.objects.select_related("left", "right"):
        sides = ((each.left.system, each.left.entitlement), (each.right.system, each.right.entitlement))
        kept[each.name] = Rule(each.name, each.why, *sides)
    yield from kept.values()
    query = "SELECT id, why, left_system_id, left_entitlement, right_system_id, right_entitlement FROM conflict_rules"
    for name, why, left_system, left, right_system, right in connection.execute(query).fetchall():
        if name not in kept:
            yield Rule(name, why or "", (left_system, left), (right_system, right))


def _has(connection: duckdb.DuckDBPyConnection, person: str) -> Iterator[tuple[Right, str]]:
    """Yield what `person` has or was promised, the best witness last."""
    standing = Q(until_on=None) | Q(until_on__gte=clock.now().date())
    asked = AccessRequest.objects.filter(standing, person=person, state__in=(*OPEN, RequestState.APPROVED)).select_related("entitlement")
    somebody = known().get(person)
    for role in BusinessRole.objects.filter(ended_at=None, name__in=("*", somebody.role if somebody else "*")):
        for right in role.rights.select_related("entitlement"):
            for name, way in leads_to(connection, right.entitlement.system, right.entitlement.entitlement).items():
                yield (right.entitlement.system, name), f"by the role {role.title}: {way}"
    for each in asked:
        for name, way in leads_to(connection, each.entitlement.system, each.entitlement.entitlement).items():
            yield (each.entitlement.system, name), f"request {each.pk}, {each.state}: {way}"
    for held in reversed(holdings(connection, person)):
        yield (held.system, held.entitlement), f"{held.account}: {held.via}"
