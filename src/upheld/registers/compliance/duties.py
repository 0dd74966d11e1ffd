"""What this chapter's registers ask of people: answering auditors, mending what they found, and reviewing one's area."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_noop

from upheld.registers.compliance.audit_models import AuditFinding, AuditRequest
from upheld.registers.compliance.models import AreaReview, ManagedArea
from upheld.registers.compliance.space_models import AuditorRemark, Said
from upheld.registers.owing import Duty, Owing, done, interval, starts, until


def to_answer(now: datetime) -> Iterator[Owing]:
    """Yield each request of auditors: whoever was asked answers it."""
    for each in AuditRequest.objects.select_related("audit"):
        first = until(each.due_on, each.asked_at)
        yield Owing(each.reference, str(each), each.asked_at, each.person, first=first, done=done(each.answered_at))


def to_mend(now: datetime) -> Iterator[Owing]:
    """Yield each finding of an audit: whoever mends it says when that is done."""
    for each in AuditFinding.objects.select_related("audit"):
        first, ended = until(each.due_on, each.raised_at), done(each.corrected_at or each.closed_at)
        yield Owing(each.reference, str(each), each.raised_at, each.person, first=first, done=ended)


def to_check(now: datetime) -> Iterator[Owing]:
    """Yield each finding about which something was done: whoever leads the audit looks whether it works."""
    for each in AuditFinding.objects.exclude(corrected_at=None).select_related("audit"):
        if each.corrected_at is not None and each.audit.lead:
            first = until(max(each.due_on, each.corrected_at.date()), each.corrected_at)
            yield Owing(each.reference, str(each), each.corrected_at, each.audit.lead, first=first, done=done(each.closed_at))


def to_review(now: datetime) -> Iterator[Owing]:
    """Yield each managed area: its manager reviews it."""
    every = interval("compliance", "manager_review_interval")
    signed: dict[int, list[datetime]] = {}
    for area, at in AreaReview.objects.order_by("signed_at").values_list("area_id", "signed_at"):
        signed.setdefault(area, []).append(at)
    for each in ManagedArea.objects.filter(ended_on=None):
        begins = starts(each.from_on)
        yield Owing(
            each.reference,
            str(each),
            begins,
            each.manager,
            every=every,
            first=every.after(begins) - begins,
            done=tuple(signed.get(each.pk, ())),
        )


def to_answer_from_outside(now: datetime) -> Iterator[Owing]:
    """Yield each request of somebody who reads a scope and a period: whoever leads answers it."""
    for each in AuditorRemark.objects.filter(kind=Said.REQUEST):
        assert each.due_on is not None, "a request is due by a day"
        first = until(each.due_on, each.said_at)
        yield Owing(each.reference, str(each), each.said_at, role="security-lead", first=first, done=done(each.answered_at))


DUTIES = (
    Duty("compliance.answer-auditor", gettext_noop("Answer the auditors"), to_answer_from_outside),
    Duty("compliance.answer-request", gettext_noop("Answer the auditors"), to_answer),
    Duty("compliance.correct-finding", gettext_noop("Mend what an audit found"), to_mend, measures=("compliance/findings_closed_in_time",)),
    Duty("compliance.check-effect", gettext_noop("See whether it works"), to_check),
    Duty("compliance.sign-review", gettext_noop("Review your area"), to_review, measures=("compliance/manager_review_current",)),
)
