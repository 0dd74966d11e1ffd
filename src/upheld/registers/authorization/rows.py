"""Rows of the access model and of requests, as measures read them."""

from collections.abc import Iterator

from upheld import clock
from upheld.evidence.table import Row
from upheld.registers.authorization.kinds import RequestState
from upheld.registers.authorization.models import BusinessRole, ConflictRule, GrantorApproval, RoleRight
from upheld.registers.authorization.request_models import LOOKED_AT_WITHIN, AccessRequest, EmergencyAccess


def business_roles() -> Iterator[Row]:
    """Yield business roles in force."""
    for each in BusinessRole.objects.filter(ended_at=None):
        yield {
            "id": each.name,
            "title": each.title,
            "owner_id": each.owner,
            "declared_at": each.declared_at,
            "reviewed_at": each.reviewed_at,
            "reviewed_by_id": each.reviewed_by or None,
        }


def role_entitlements() -> Iterator[Row]:
    """Yield what each role gives."""
    for each in RoleRight.objects.filter(role__ended_at=None).select_related("role", "entitlement"):
        yield {
            "role": each.role.name,
            "system_id": each.entitlement.system,
            "entitlement": each.entitlement.entitlement,
            "owner_id": each.role.owner,
        }


def conflict_rules() -> Iterator[Row]:
    """Yield pairs of entitlements that nobody may hold together."""
    for each in ConflictRule.objects.select_related("left", "right"):
        yield {
            "id": each.name,
            "why": each.why,
            "left_system_id": each.left.system,
            "left_entitlement": each.left.entitlement,
            "right_system_id": each.right.system,
            "right_entitlement": each.right.entitlement,
        }


def approved_grantors() -> Iterator[Row]:
    """Yield who may grant where; the newest approval of somebody on a system counts."""
    newest = {(each.person, each.system): each for each in GrantorApproval.objects.filter(ended_at=None).order_by("pk")}
    for (person, system), each in newest.items():
        yield {"person_id": person, "system_id": system, "approved_by": each.approved_by, "until_on": each.until_on}


def access_requests() -> Iterator[Row]:
    """Yield every request, whatever became of it."""
    for each in AccessRequest.objects.select_related("entitlement").iterator(chunk_size=2_000):
        yield {
            "id": str(each.pk),
            "person_id": each.person,
            "system_id": each.entitlement.system,
            "entitlement": each.entitlement.entitlement,
            "privileged": each.privileged,
            "state": each.state,
            "asked_by_id": each.asked_by,
            "asked_at": each.asked_at,
            "agreed_by_id": each.agreed_by or None,
            "approved_by_id": each.approved_by or None,
            "approved_at": each.approved_at,
            "until_on": each.until_on,
            "ended_at": each.ended_at,
        }


def granted_requests() -> Iterator[Row]:
    """Yield requests that stand approved, and emergencies, which end by themselves; nobody approved one that nobody looked at in time."""
    for each in AccessRequest.objects.filter(state=RequestState.APPROVED).select_related("entitlement").iterator(chunk_size=2_000):
        yield {
            "id": str(each.pk),
            "person_id": each.person,
            "system_id": each.entitlement.system,
            "entitlement": each.entitlement.entitlement,
            "requested_by": each.asked_by,
            "approved_by": each.approved_by,
            "approved_at": each.approved_at,
            "until_on": each.until_on,
        }
    for taken in EmergencyAccess.objects.select_related("entitlement"):
        yield {
            "id": f"emergency {taken.pk}",
            "person_id": taken.person,
            "system_id": taken.entitlement.system,
            "entitlement": taken.entitlement.entitlement,
            "requested_by": taken.person,
            "approved_by": _answers_for(taken),
            "approved_at": taken.begun_at,
            "until_on": taken.ends_at.date(),
        }


def _answers_for(taken: EmergencyAccess) -> str | None:
    """Return who approved `taken`: whoever took it until somebody must have looked at it, then whoever did and found no other way."""
    if taken.reviewed_at is not None:
        return taken.reviewed_by if taken.justified else None
    return taken.person if taken.begun_at + LOOKED_AT_WITHIN >= clock.now() else None


def emergency_accesses() -> Iterator[Row]:
    """Yield access that was taken in an emergency."""
    for each in EmergencyAccess.objects.select_related("entitlement"):
        yield {
            "id": str(each.pk),
            "person_id": each.person,
            "system_id": each.entitlement.system,
            "entitlement": each.entitlement.entitlement,
            "begun_at": each.begun_at,
            "ends_at": each.ends_at,
            "reviewed_at": each.reviewed_at,
            "reviewed_by_id": each.reviewed_by or None,
            "justified": each.justified,
        }
