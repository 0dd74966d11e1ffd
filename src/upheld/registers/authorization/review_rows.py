"""Rows of reviews and of cases, as measures read them."""

from collections.abc import Iterator

from django.db.models import Count, Q

from upheld.evidence.table import Row
from upheld.registers.authorization.case_models import StaffCase
from upheld.registers.authorization.review_models import AccessReview, ReviewDecision, ReviewItem, frozen
from upheld.registers.authorization.reviews import undecided


def access_reviews() -> Iterator[Row]:
    """Yield campaigns, each with whether its items are still those that were frozen."""
    for each in AccessReview.objects.all():
        yield {
            "id": str(each.pk),
            "kind": each.kind,
            "system_id": each.system or None,
            "opened_at": each.opened_at,
            "due_on": each.due_on,
            "finished_at": each.finished_at,
            "items": each.size,
            "undecided": undecided(each).count(),
            "as_frozen": frozen(each) == each.digest,
        }


def review_items() -> Iterator[Row]:
    """Yield the items of all reviews, with what was decided."""
    decided = {(each.review_id, each.number): each for each in ReviewDecision.objects.iterator(chunk_size=5_000)}
    for item in ReviewItem.objects.iterator(chunk_size=5_000):
        said = decided.get((item.review_id, item.number))
        yield {
            "id": f"{item.review_id}/{item.number}",
            "review_id": str(item.review_id),
            "told_by": item.told_by,
            "system_id": item.system,
            "account_id": item.account,
            "entitlement": item.entitlement,
            "person_id": item.person or None,
            "decision": said.decision if said else None,
            "decided_by_id": said.decided_by if said else None,
            "decided_at": said.decided_at if said else None,
        }


def staff_cases() -> Iterator[Row]:
    """Yield people who join, change jobs or leave; cases that were withdrawn are none."""
    for each in StaffCase.objects.filter(withdrawn_at=None).annotate(left=Count("things", filter=Q(things__settled_at=None))):
        yield {
            "id": str(each.pk),
            "kind": each.kind,
            "person_id": each.person,
            "opened_at": each.opened_at,
            "due_on": each.due_on,
            "closed_at": each.closed_at,
            "left_over": each.left,
        }
