"""Actions on customers' questionnaires: take one in, say where its questions stand, answer them one by one, withdraw it.

What is answered is handed over by `upheld.web.trust.handing`, which alone knows how promises stand for customers.
"""

from datetime import datetime
from typing import Annotated

from openpyxl.utils import column_index_from_string

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Number, Text
from upheld.documents.publication import documents
from upheld.registers.privacy.announcing import speaks_for
from upheld.registers.privacy.information import KEEPERS, requested
from upheld.registers.privacy.models import Customer
from upheld.registers.rules import LEADS, fill, not_ahead
from upheld.registers.trust.asked_models import Questionnaire, QuestionReply, Reply
from upheld.registers.trust.question_sheets import MOST_QUESTIONS, Asked, Unreadable, asked
from upheld.registers.words import Line, Prose

MOST_OPEN = 10  # of one customer, sent by itself: whoever may send cannot fill our disk
SHEET = Annotated[Kept, "the questionnaire, as CSV or XLSX"]
Called = Annotated[str | None, Text(200), "what the file is called, as in CAIQ.xlsx"]
Column = Annotated[str | None, Text(3), "the column that the questions stand in, as B; found by its heading if not given"]


def is_open(questionnaire: Questionnaire) -> str:
    """Return why `questionnaire` takes no answers any more, "" where it does."""
    if questionnaire.withdrawn_at:
        return "It was withdrawn."
    return "It was handed over." if questionnaire.handed_over_at else ""


@action(by=KEEPERS, makes=Questionnaire)
def receive_questionnaire(
    customer: Customer,
    *,
    by: Person,
    title: Line,
    file: SHEET,
    file_name: Called = None,
    column: Column = None,
    asked_at: Annotated[datetime | None, "when it came; now if not given"] = None,
) -> Questionnaire:
    """Take in a questionnaire that `customer` sent. By when it is answered, its contract says."""
    return _received(customer, title, file, file_name, column, not_ahead(asked_at, "asked_at"))


@action(by=(Role.CUSTOMER,), makes=Questionnaire)
def send_questionnaire(
    *, by: Person, customer: Customer, title: Line, file: SHEET, file_name: Called = None, column: Column = None
) -> Questionnaire:
    """Send us your own questionnaire. It comes back as the same file, filled in."""
    if not speaks_for(by, customer):
        raise Refused("You can ask for your own company alone.")
    waiting = Questionnaire.objects.filter(request__customer=customer, handed_over_at=None, withdrawn_at=None)
    if waiting.count() >= MOST_OPEN:
        raise Refused(f"{MOST_OPEN} of your questionnaires wait for answers already.")
    return _received(customer, title, file, file_name, column, clock.now())


def _received(customer: Customer, title: str, file: Kept, name: str | None, column: str | None, at: datetime) -> Questionnaire:
    found = _read(file, column)
    is_workbook = file.path.read_bytes()[:2] == b"PK"
    called = (name or "questionnaire").replace("/", "_").replace("\\", "_")
    ending = ".xlsx" if is_workbook else ".csv"
    if not called.lower().endswith(ending):
        called += ending
    request = requested(customer, title, f"{len(found.questions)} questions, in {called}", at)
    return keep(fill(Questionnaire(request=request), file=file, file_name=called, received_at=at, **found.said))


def _read(file: Kept, column: str | None) -> Asked:
    try:
        place = column_index_from_string(column.strip().upper()) if column else 0
    except ValueError as error:
        raise ill(column="Name the column by its letter, as B.") from error
    try:
        return asked(file.path.read_bytes(), place)
    except Unreadable as error:
        raise ill(file=str(error)) from error


@action(by=KEEPERS, when=is_open)
def read_questions_again(
    questionnaire: Questionnaire, *, by: Person, column: Annotated[str, Text(3), "the column that the questions stand in, as B"]
) -> Questionnaire:
    """Say in which column the questions of `questionnaire` stand, before any was answered."""
    if questionnaire.replies.exists():
        raise Refused("Questions were answered already; withdraw it and take it in anew.")
    file = Kept.named(questionnaire.file)
    if file is None:
        raise Refused("Its file is gone; take it in anew.")
    return keep(fill(questionnaire, **_read(file, column).said))


@action(by=KEEPERS, makes=QuestionReply, when=is_open)
def write_reply(
    questionnaire: Questionnaire,
    *,
    by: Person,
    number: Annotated[int, Number(1, MOST_QUESTIONS), "which question, from 1"],
    says: Annotated[Reply, "yes takes promises that are upheld, or is marked as said by a person alone"],
    words: Annotated[Prose | None, "in words; how the promises stand is added when it is handed over"] = None,
    promises: Annotated[list[Annotated[str, Text(120)]], "the ids of the promises that it rests on"] = [],  # noqa: B006  never changed
) -> QuestionReply:
    """Answer a question of `questionnaire`, having read it; again, to say it better."""
    if number > len(questionnaire.questions):
        raise ill(number=f"There are {len(questionnaire.questions)} questions.")
    if missing := sorted(set(promises) - {promise.id for document in documents() for promise in document.promises}):
        raise ill(promises=f"There is no promise {', '.join(missing)} in any document.")
    if not words and not promises and says in (Reply.SEE, Reply.NO):
        raise ill(words="Say it in words, or name a promise.")
    found = questionnaire.replies.filter(number=number).first() or QuestionReply(questionnaire=questionnaire, number=number)
    found.question = questionnaire.questions[number - 1]["text"]
    return keep(fill(found, says=says, words=words, promises=promises, written_by=by.ref, written_at=clock.now()))


@action(by=(*LEADS, Role.CUSTOMER), when=is_open)
def withdraw_questionnaire(questionnaire: Questionnaire, *, by: Person, why: Prose) -> Questionnaire:
    """Say that `questionnaire` needs no answer any more."""
    request = questionnaire.request
    keep(fill(request, answer=why, answered_at=clock.now(), answered_by=by.ref))
    return keep(fill(questionnaire, withdrawn_at=clock.now()))
