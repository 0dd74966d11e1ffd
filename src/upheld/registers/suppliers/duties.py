"""What suppliers ask of people: look at them again, ask whom they use, judge changes, settle issues, read reports."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from upheld.registers.owing import KNOWN_FOR, LONG_AGO, MONTH, WAITS, Duty, Owing, done, interval, made_at, starts, until
from upheld.registers.suppliers.looking_models import Assurance, ChainDisclosure, ServiceChange, SupplierIssue, SupplierReview
from upheld.registers.suppliers.models import Agreement, Requirement, Supplier, SupplierAssessment, Tier

LEAD = "security-lead"


def to_approve(now: datetime) -> Iterator[Owing]:
    """Yield each assessment of a supplier: whoever leads security approves it, or says why not."""
    for each in SupplierAssessment.objects.filter(Q(approved_at=None) | Q(approved_at__gt=now - KNOWN_FOR)).select_related("supplier"):
        yield Owing(each.reference, str(each.supplier), each.at, role=LEAD, first=WAITS, done=done(each.approved_at))


def to_hold_against_text(now: datetime) -> Iterator[Owing]:
    """Yield each agreement that was entered: somebody else holds it against the signed text."""
    entered = made_at(Agreement)
    for each in Agreement.objects.filter(Q(checked_at=None) | Q(checked_at__gt=now - KNOWN_FOR)).select_related("supplier"):
        yield Owing(each.reference, str(each), entered.get(each.pk, LONG_AGO), role=LEAD, first=WAITS, done=done(each.checked_at))


def to_review(now: datetime) -> Iterator[Owing]:
    """Yield each engaged supplier: whoever answers for it looks at it again, as often as its class asks for."""
    approved, reviewed = _last(SupplierAssessment.objects.exclude(approved_at=None), "approved_at"), _last(SupplierReview.objects, "at")
    every = {tier: interval("suppliers", f"review_interval_{tier}") for tier in Tier}
    for each in _engaged(now):
        looked = done(approved.get(each.pk), reviewed.get(each.pk))
        assert each.from_on is not None
        yield Owing(each.reference, str(each), starts(each.from_on), each.owner, every=every[Tier(each.tier)], done=looked)


def to_ask(now: datetime) -> Iterator[Owing]:
    """Yield each engaged supplier of a class whose own suppliers matter: whoever answers for it asks whom it uses."""
    tiers = {tier for each in Requirement.objects.filter(ended_at=None, supply_chain=True) for tier in each.tiers}
    told, every = _last(ChainDisclosure.objects, "at"), interval("suppliers", "chain_disclosure_interval")
    for each in _engaged(now):
        if each.tier in tiers:
            assert each.from_on is not None
            yield Owing(each.reference, str(each), starts(each.from_on), each.owner, every=every, done=done(told.get(each.pk)))


def to_reassess(now: datetime) -> Iterator[Owing]:
    """Yield each change of a supplier: whoever answers for the supplier assesses it anew, before it takes effect."""
    for each in _changes(now):
        first = each.takes_effect_at - each.announced_at
        yield Owing(each.reference, str(each), each.announced_at, each.supplier.owner, first=first, done=done(each.reassessed_at))


def to_decide(now: datetime) -> Iterator[Owing]:
    """Yield each change that was assessed: whoever leads security decides, before it takes effect."""
    for each in _changes(now):
        if each.reassessed_at is not None:
            first = each.takes_effect_at - each.reassessed_at
            yield Owing(each.reference, str(each), each.reassessed_at, role=LEAD, first=first, done=done(each.decided_at))


def to_settle(now: datetime) -> Iterator[Owing]:
    """Yield each issue with a supplier: whoever answers for the supplier sees that it is put right by its day."""
    issues = SupplierIssue.objects.filter(Q(settled_at=None) | Q(settled_at__gt=now - KNOWN_FOR)).select_related("review__supplier")
    for each in issues:
        since = each.review.at
        owner = each.review.supplier.owner
        yield Owing(each.reference, str(each), since, owner, first=until(each.due_on, since), done=done(each.settled_at))


def to_read(now: datetime) -> Iterator[Owing]:
    """Yield each report about a supplier: whoever answers for the supplier reads it."""
    added = made_at(Assurance)
    for each in Assurance.objects.filter(Q(read_at=None) | Q(read_at__gt=now - KNOWN_FOR)).select_related("supplier"):
        begins_at = added.get(each.pk, LONG_AGO)
        yield Owing(each.reference, str(each), begins_at, each.supplier.owner, first=MONTH, done=done(each.read_at))


def _engaged(now: datetime) -> QuerySet[Supplier]:
    today = now.date()
    return Supplier.objects.filter(Q(until_on=None) | Q(until_on__gte=today), from_on__lte=today)


def _changes(now: datetime) -> QuerySet[ServiceChange]:
    return ServiceChange.objects.filter(Q(decided_at=None) | Q(decided_at__gt=now - KNOWN_FOR)).select_related("supplier")


def _last(rows: Any, at: str) -> dict[int, datetime]:
    return dict(rows.order_by(at).values_list("supplier_id", at))


DUTIES = (
    Duty("suppliers.approve-supplier", gettext_noop("Approve the supplier"), to_approve),
    Duty("suppliers.check-agreement", gettext_noop("Hold what was entered against the signed text"), to_hold_against_text),
    Duty("suppliers.review-supplier", gettext_noop("Review the supplier"), to_review, measures=("suppliers/reviewed_in_time",)),
    Duty("suppliers.note-disclosure", gettext_noop("Ask whom they use for us"), to_ask, measures=("suppliers/supply_chain_covered",)),
    Duty("suppliers.reassess-change", gettext_noop("Assess anew what changes at a supplier"), to_reassess),
    Duty("suppliers.decide-change", gettext_noop("Decide about a change at a supplier"), to_decide),
    Duty("suppliers.settle-issue", gettext_noop("See that the supplier puts this right"), to_settle),
    Duty("suppliers.read-assurance", gettext_noop("Read the report about a supplier"), to_read),
)
