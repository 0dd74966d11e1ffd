"""What changes ask of people: review a design, decide about a change before it begins, accept a release, find a description right."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_noop

from upheld.registers.change.models import Change, ChangeKind, ChangeState
from upheld.registers.change.release_models import Acceptance
from upheld.registers.change.written_models import Description
from upheld.registers.owing import KNOWN_FOR, LONG_AGO, WAITS, Duty, Owing, done, interval, made_at

ENGINEERING = "development"  # the word that this chapter's measures name as their owner
DPO = "dpo"


def to_decide(now: datetime) -> Iterator[Owing]:
    """Yield changes that were proposed: they are decided about before they begin, emergencies soon after they ended."""
    afterwards = interval("change", "emergency_approved_within").about
    for each in Change.objects.filter(Q(state=ChangeState.PROPOSED) | Q(decided_at__gt=now - KNOWN_FOR)):
        by = each.until_at + afterwards if each.kind == ChangeKind.EMERGENCY else each.from_at
        first = max(by - each.asked_at, timedelta(0))
        yield Owing(each.reference, str(each), each.asked_at, role=ENGINEERING, first=first, done=done(each.decided_at))


def to_look_at(now: datetime) -> Iterator[Owing]:
    """Yield changes that touch personal data: their design is reviewed before they begin."""
    for each in Change.objects.filter(personal_data=True, state=ChangeState.PROPOSED).prefetch_related("design_reviews"):
        looked_at = max((review.at for review in each.design_reviews.all()), default=None)
        first = max(each.from_at - each.asked_at, timedelta(0))
        yield Owing(each.reference, str(each), each.asked_at, role=DPO, first=first, done=done(looked_at))


def to_accept(now: datetime) -> Iterator[Owing]:
    """Yield releases that were prepared: who answers for the system accepts them, or says what they lack."""
    for each in Acceptance.objects.filter(Q(accepted_at=None) | Q(accepted_at__gt=now - KNOWN_FOR)):
        yield Owing(each.reference, str(each), each.asked_at, each.owner, first=WAITS, done=done(each.accepted_at))


def to_find_right(now: datetime) -> Iterator[Owing]:
    """Yield descriptions that nobody has found right yet: whoever keeps each has it read."""
    made = made_at(Description)
    for each in Description.objects.filter(Q(reviewed_at=None) | Q(reviewed_at__gt=now - KNOWN_FOR), retired_at=None):
        yield Owing(each.reference, str(each), made.get(each.pk, LONG_AGO), each.owner, first=WAITS, done=done(each.reviewed_at))


DUTIES = (
    Duty("change.approve-change", gettext_noop("Decide about this change"), to_decide),
    Duty("change.review-design", gettext_noop("Review the design for privacy"), to_look_at),
    Duty("change.accept-release", gettext_noop("Accept this release, or say what it lacks"), to_accept),
    Duty("change.review-description", gettext_noop("Read this description, and say whether it is right"), to_find_right),
)
