"""Actions of whoever has a questionnaire's link: answer, and send in. Nobody else may, and nothing else may they."""

from datetime import timedelta
from hashlib import sha256
from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

from upheld import clock
from upheld.accounts.person import Held, Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Number, Text
from upheld.actions.models import Step
from upheld.registers.rules import fill
from upheld.registers.suppliers.asking_models import Answer, Inquiry, InquiryState, Says
from upheld.registers.words import Line, Prose

MOST_AN_HOUR = 400  # answers saved by one link
MOST_FILES = 3  # handed in for each question, all that were replaced among them: whoever has a link cannot fill our disk


def by_secret(secret: str) -> Inquiry | None:
    """Return the questionnaire that the link with `secret` opens; None where it never did, or does so no longer."""
    digest = sha256(secret.encode()).hexdigest()  # 256 random bits need no slow hash: there is nothing to guess
    found = Inquiry.objects.filter(link=digest).select_related("supplier").first()
    return found if found is not None and not shut(found) else None


def visitor(inquiry: Inquiry) -> Person:
    """Return whoever has the link of `inquiry`, as somebody at work: the questionnaire and its answers are all that is theirs."""
    return Person(uuid5(NAMESPACE_URL, inquiry.visitor), inquiry.visitor, str(inquiry.supplier), (Held(Role.EMPLOYEE),), "web")


def shut(inquiry: Inquiry) -> str:
    """Return why `inquiry` takes no answers, "" where it does."""
    if inquiry.state != InquiryState.OPEN:
        return f"It is {inquiry.state}, not open."
    return "Its last day is over." if inquiry.until_on < clock.now().date() else ""


@action(by=(Role.EMPLOYEE,), makes=Answer, when=shut)
def answer_question(
    inquiry: Inquiry,
    *,
    by: Person,
    number: Annotated[int, Number(1, 1000), "which question, from 1"],
    says: Says,
    words: Annotated[Prose | None, "in words"] = None,
    file: Annotated[Kept | None, "what shows it"] = None,
    file_name: Annotated[str | None, Text(200), "what the file is called"] = None,
) -> Answer:
    """Answer a question of `inquiry`: done by whoever has its link. A file that was handed in before stays unless another comes."""
    _must_have_link(inquiry, by)
    if number > len(inquiry.questions):
        raise ill(number=f"There are {len(inquiry.questions)} questions.")
    if why := too_much(inquiry, file=file is not None):
        raise Refused(why)
    found = inquiry.answers.filter(number=number).first() or Answer(inquiry=inquiry, number=number)
    if file is not None:
        fill(found, file=file, file_name=file_name)
    said = {"question": inquiry.questions[number - 1], "says": says, "words": words, "answered_at": clock.now()}
    return keep(fill(found, **said, score="", remark="", scored_by="", scored_at=None))


@action(by=(Role.EMPLOYEE,), when=shut)
def send_in(inquiry: Inquiry, *, by: Person, name: Annotated[Line, "who answered: name and function"]) -> Inquiry:
    """Send the answers to `inquiry` in: done by whoever has its link, once all questions are answered. The link ends with it."""
    _must_have_link(inquiry, by)
    given = set(inquiry.answers.values_list("number", flat=True))
    if missing := [str(number) for number in range(1, len(inquiry.questions) + 1) if number not in given]:
        raise Refused(f"Not answered yet: {', '.join(missing)}.")
    return keep(fill(inquiry, state=InquiryState.SENT_IN, sent_in_at=clock.now(), sent_in_by=name, link=""))


def too_much(inquiry: Inquiry, *, file: bool) -> str:
    """Return why whoever has the link of `inquiry` may save nothing more for now, or no `file`; "" where they may."""
    saved = Step.objects.filter(by=inquiry.visitor, action=answer_question.name, target=True)
    if saved.filter(at__gt=clock.now() - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        return "Too much was saved in the last hour; try again later."
    if file and saved.filter(changes__has_key="file").count() >= MOST_FILES * len(inquiry.questions):
        return "Too many files were handed in by this link; ask for another."
    return ""


def _must_have_link(inquiry: Inquiry, by: Person) -> None:
    if not inquiry.visitor or by.ref != inquiry.visitor:
        raise NotAllowed("This is done by whoever has the link.")
