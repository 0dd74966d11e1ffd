"""What this chapter asks of people: deciding about requests, items of reviews and emergencies, and looking at business roles again."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.utils.translation import gettext_noop

from upheld.registers.authorization.kinds import RequestState
from upheld.registers.authorization.models import BusinessRole
from upheld.registers.authorization.request_models import LOOKED_AT_WITHIN, AccessRequest, EmergencyAccess
from upheld.registers.authorization.review_models import AccessReview
from upheld.registers.owing import Duty, Owing, interval

DECIDED_WITHIN = timedelta(days=3)


def roles(now: datetime) -> Iterator[Owing]:
    """Yield who looks at which business role again."""
    every = interval("access", "role_review_interval")
    for role in BusinessRole.objects.filter(ended_at=None):
        done = (role.reviewed_at,) if role.reviewed_at else ()
        yield Owing(role.reference, str(role), role.declared_at, role.owner, every=every, first=every.about, done=done)


def requests(now: datetime) -> Iterator[Owing]:
    """Yield who decides about which request."""
    for each in AccessRequest.objects.filter(state=RequestState.ASKED).select_related("entitlement"):
        yield Owing(each.reference, str(each), each.asked_at, each.entitlement.owner, first=DECIDED_WITHIN)


def second_approvals(now: datetime) -> Iterator[Owing]:
    """Yield which privileged requests wait for the second who approves: whoever leads."""
    for each in AccessRequest.objects.filter(state=RequestState.AGREED).select_related("entitlement"):
        yield Owing(each.reference, str(each), each.agreed_at or each.asked_at, role="security-lead", first=DECIDED_WITHIN)


def emergencies(now: datetime) -> Iterator[Owing]:
    """Yield who looks at which emergency afterwards: whoever answers for what was taken, else whoever leads."""
    for each in EmergencyAccess.objects.select_related("entitlement"):
        owner = each.entitlement.owner if each.entitlement.owner != each.person else ""
        done = (each.reviewed_at,) if each.reviewed_at else ()
        yield Owing(each.reference, str(each), each.begun_at, owner, "" if owner else "security-lead", first=LOOKED_AT_WITHIN, done=done)


def reviews(now: datetime) -> Iterator[Owing]:
    """Yield which reviews somebody has items of that are to be decided."""
    for review in AccessReview.objects.filter(finished_at=None):
        first = datetime.combine(review.due_on, time(), UTC) + timedelta(days=1) - review.opened_at
        decided = review.decisions.values("number")
        for reviewer in review.items_of.exclude(number__in=decided).order_by().values_list("reviewer", flat=True).distinct():
            yield Owing(review.reference, str(review), review.opened_at, reviewer, first=first)


DUTIES = (
    Duty("authorization.review-role", gettext_noop("Review what the role gives"), roles, measures=("access/role_model_reviewed",)),
    Duty("authorization.agree-to-request", gettext_noop("Decide about access"), requests),
    Duty("authorization.approve-privileged", gettext_noop("Approve administrative access"), second_approvals),
    Duty("authorization.review-emergency", gettext_noop("Look at an emergency"), emergencies),
    Duty("authorization.decide-items", gettext_noop("Decide who keeps access"), reviews),
)
