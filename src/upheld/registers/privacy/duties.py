"""What this chapter's registers ask of people: confirm the record, answer customers and data subjects, tell, settle, return and erase."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_noop

from upheld.registers.owing import LONG_AGO, Duty, Owing, interval, made_at
from upheld.registers.privacy.disclosing_models import LegalRequest
from upheld.registers.privacy.keeping_models import ContractEnd, SubjectRequest
from upheld.registers.privacy.processing_models import InformationRequest, Instruction, Processing
from upheld.registers.privacy.sharing_models import Objection

DPO = "dpo"
KNOWN_FOR = timedelta(days=60)  # how long what is done is told of, so that an occurrence is seen to have ended
SOON = timedelta(days=2)


def to_confirm(now: datetime) -> Iterator[Owing]:
    """Yield each processing in the record: whoever answers for it confirms it."""
    every, made = interval("privacy", "record_interval"), made_at(Processing)
    for each in Processing.objects.filter(ended_on=None):
        yield Owing(each.reference, str(each), made.get(each.pk, LONG_AGO), each.owner, every=every, done=_done(each.confirmed_at))


def to_answer_customers(now: datetime) -> Iterator[Owing]:
    """Yield what customers ask: whoever answers for the customer answers it, by the day that the contract gives."""
    for each in InformationRequest.objects.filter(_open(now, "answered_at")).select_related("customer"):
        first = each.due_at - each.asked_at
        yield Owing(each.reference, str(each), each.asked_at, each.customer.owner, first=first, done=_done(each.answered_at))


def to_answer_subjects(now: datetime) -> Iterator[Owing]:
    """Yield what data subjects ask: who sees to it answers, by the day of the law or of the customer's contract."""
    for each in SubjectRequest.objects.filter(_open(now, "closed_at")):
        first = each.due_at - each.received_at
        yield Owing(each.reference, str(each), each.received_at, each.owner, first=first, done=_done(each.closed_at))


def to_assess(now: datetime) -> Iterator[Owing]:
    """Yield instructions of customers: the data protection officer assesses them before they are followed."""
    for each in Instruction.objects.filter(_open(now, "assessed_at")).select_related("customer"):
        yield Owing(each.reference, str(each), each.received_at, role=DPO, first=SOON, done=_done(each.assessed_at))


def to_settle(now: datetime) -> Iterator[Owing]:
    """Yield objections of customers: whoever announced what they object to settles them."""
    joined = Objection.objects.filter(_open(now, "settled_at")).select_related("notice__announcement", "notice__customer")
    for each in joined:
        yield Owing(each.reference, str(each), each.raised_at, each.notice.announcement.owner, first=SOON, done=_done(each.settled_at))


def to_judge_demands(now: datetime) -> Iterator[Owing]:
    """Yield demands for data: the data protection officer says whether they bind the company."""
    for each in LegalRequest.objects.filter(_open(now, "assessed_at")):
        yield Owing(each.reference, str(each), each.received_at, role=DPO, first=SOON, done=_done(each.assessed_at))


def to_tell_of_demands(now: datetime) -> Iterator[Owing]:
    """Yield demands that bind the company and that no law keeps secret: the customer is told."""
    window = interval("privacy", "legal_notice_within").about
    for each in LegalRequest.objects.filter(_open(now, "notified_at"), binding=True, prohibition=""):
        assert each.assessed_at is not None
        yield Owing(each.reference, str(each), each.assessed_at, role=DPO, first=window, done=_done(each.notified_at))


def to_erase(now: datetime) -> Iterator[Owing]:
    """Yield ended contracts: whoever answers for the customer has its data returned and erased."""
    begun = made_at(ContractEnd)
    for each in ContractEnd.objects.filter(_open(now, "erased_at")).select_related("contract__customer"):
        begins = begun.get(each.pk, LONG_AGO)
        first = each.due_at - begins
        yield Owing(each.reference, str(each), begins, each.contract.customer.owner, first=first, done=_done(each.erased_at))


def _open(now: datetime, field: str) -> Q:
    return Q(**{field: None}) | Q(**{f"{field}__gt": now - KNOWN_FOR})


def _done(at: datetime | None) -> tuple[datetime, ...]:
    return (at,) if at else ()


DUTIES = (
    Duty("privacy.confirm-processing", gettext_noop("Confirm in the record"), to_confirm, measures=("privacy/processing_record_complete",)),
    Duty("privacy.answer-information-request", gettext_noop("Answer this customer"), to_answer_customers),
    Duty("privacy.close-request", gettext_noop("Answer this request about personal data"), to_answer_subjects),
    Duty("privacy.assess-instruction", gettext_noop("Assess this instruction"), to_assess),
    Duty("privacy.settle-objection", gettext_noop("Settle this objection"), to_settle),
    Duty("privacy.assess-demand", gettext_noop("Say whether this demand is binding"), to_judge_demands),
    Duty("privacy.notify-of-demand", gettext_noop("Tell the customer of this demand"), to_tell_of_demands),
    Duty("privacy.note-erasure", gettext_noop("Return and erase the data of"), to_erase),
)
