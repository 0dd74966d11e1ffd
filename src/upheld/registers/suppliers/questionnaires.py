"""Actions on questionnaires: write and send them, hand out the link, score what came back, conclude."""

from datetime import date, timedelta
from secrets import token_hex
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.kinds import Text
from upheld.registers.rules import LEADS, fill, not_taken
from upheld.registers.suppliers.asking_models import Answer, Inquiry, InquiryState, QuestionSet, Score
from upheld.registers.suppliers.looking_models import ReviewKind, ReviewOutcome, SupplierReview
from upheld.registers.suppliers.models import Supplier
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
LONGEST = timedelta(days=90)
Question = Annotated[str, Text(1000)]
Questions = Annotated[list[Question], "the questions, in order"]


@action(by=LEADS, makes=QuestionSet)
def write_questions(*, by: Person, name: Name, title: Line, questions: Questions, introduction: Prose | None = None) -> QuestionSet:
    """Write a set of questions that suppliers are asked."""
    not_taken(QuestionSet, name)
    return keep(fill(QuestionSet(name=name, questions=_some(questions)), title=title, introduction=introduction))


@action(by=LEADS, when=lambda asked: "It is used no more." if asked.ended_at else "")
def change_questions(
    asked: QuestionSet, *, by: Person, title: Line, questions: Questions, introduction: Prose | None = None
) -> QuestionSet:
    """Change the questions of `asked`. Questionnaires that were sent keep theirs."""
    return keep(fill(asked, title=title, introduction=introduction, questions=_some(questions)))


@action(by=LEADS, when=lambda asked: "It is used no more." if asked.ended_at else "")
def drop_questions(asked: QuestionSet, *, by: Person) -> QuestionSet:
    """Say that `asked` is used no more."""
    return keep(fill(asked, ended_at=clock.now()))


@action(by=KEEPERS, makes=Inquiry)
def send_questionnaire(
    supplier: Supplier,
    *,
    by: Person,
    questions: QuestionSet,
    until_on: Annotated[date, "the last day to answer, at most 90 days ahead"],
) -> Inquiry:
    """Prepare a questionnaire for `supplier`. Its page then makes the link to hand out, by which it is answered without an account."""
    if questions.ended_at:
        raise ill(questions="These questions are used no more.")
    _check(until_on)
    inquiry = Inquiry(supplier=supplier, title=questions.title, introduction=questions.introduction, questions=questions.questions)
    return keep(fill(inquiry, state=InquiryState.OPEN, until_on=until_on))


def _still(inquiry: Inquiry) -> str:
    return "" if inquiry.state == InquiryState.OPEN else f"It is {inquiry.state}, not open."


def _sent_in(inquiry: Inquiry) -> str:
    return "" if inquiry.state == InquiryState.SENT_IN else f"It is {inquiry.state}, not sent in."


@action(by=KEEPERS, when=_still)
def open_link(
    inquiry: Inquiry,
    *,
    by: Person,
    link: Annotated[str, Text(64), "SHA-256 of the secret in the link, in hex; the page of the questionnaire makes both"],
    until_on: Annotated[date | None, "the last day to answer, if it changes"] = None,
) -> Inquiry:
    """Make a link by which `inquiry` is answered, in place of the one before. Whoever has it answers; it ends when that is sent in."""
    if len(link) != 64 or not set(link) <= set("0123456789abcdef"):
        raise ill(link="Give 64 hexadecimal digits.")
    if until_on is not None:
        _check(until_on)
        inquiry.until_on = until_on
    return keep(fill(inquiry, link=link, visitor=f"link-{token_hex(8)}"))


@action(by=KEEPERS, when=lambda inquiry: "It is concluded." if inquiry.state == InquiryState.CONCLUDED else "")
def withdraw_questionnaire(inquiry: Inquiry, *, by: Person) -> Inquiry:
    """Withdraw `inquiry`: its link works no longer."""
    return keep(fill(inquiry, state=InquiryState.WITHDRAWN, link=""))


@action(by=KEEPERS, when=_sent_in)
def send_back(
    inquiry: Inquiry, *, by: Person, note: Annotated[Prose, "what is missing; whoever answers reads it"], until_on: date
) -> Inquiry:
    """Ask for better answers to `inquiry`. It is open again, and takes a new link."""
    _check(until_on)
    return keep(fill(inquiry, state=InquiryState.OPEN, note=note, until_on=until_on, link="", sent_in_at=None))


def _to_score(answer: Answer) -> str:
    return _sent_in(answer.inquiry)


@action(by=KEEPERS, when=_to_score)
def score_answer(answer: Answer, *, by: Person, score: Score, remark: Annotated[Prose | None, "why"] = None) -> Answer:
    """Say what you think of `answer`. Nothing but a person scores."""
    if score is not Score.GOOD and not remark:
        raise ill(remark="Say what is wrong with it.")
    return keep(fill(answer, score=score, remark=remark, scored_by=by.ref, scored_at=clock.now()))


@action(by=KEEPERS, makes=SupplierReview, when=_sent_in)
def conclude_questionnaire(inquiry: Inquiry, *, by: Person, outcome: ReviewOutcome, note: Prose) -> SupplierReview:
    """Say what follows from `inquiry`, once every answer is scored. It counts as a review of the supplier."""
    if unscored := inquiry.answers.filter(score="").count():
        raise Refused(f"{unscored} of {len(inquiry.questions)} answers are not scored yet.")
    now = clock.now()
    keep(fill(inquiry, state=InquiryState.CONCLUDED, outcome=outcome, concluded_by=by.ref, concluded_at=now, link=""))
    review = SupplierReview(supplier=inquiry.supplier, kind=ReviewKind.QUESTIONNAIRE, person=by.ref, at=now)
    return keep(fill(review, outcome=outcome, note=note))


def _some(questions: list[str]) -> list[str]:
    if not questions:
        raise ill(questions="Write one question at least.")
    return questions


def _check(until_on: date) -> None:
    today = clock.now().date()
    if not today <= until_on <= today + LONGEST:
        raise ill(until_on=f"Give a day from today on, at most {LONGEST.days} days ahead.")
