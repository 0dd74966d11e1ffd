"""The action by which a customer's questionnaire is handed over: it alone knows how promises stand, and says so in every answer.

No answer says yes on a promise that is not upheld, also not within the grace time in which everybody is still shown what stood before.
"""

from collections.abc import Mapping

from django.utils import translation
from django.utils.translation import gettext as _

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused
from upheld.actions.files import Kept, keep_file
from upheld.checks.verdict import State
from upheld.registers.privacy.information import KEEPERS
from upheld.registers.rules import fill
from upheld.registers.trust.asked_models import Questionnaire, QuestionReply, Reply
from upheld.registers.trust.filling_in import Filled, filled_in
from upheld.registers.trust.question_sheets import Columns, Question
from upheld.registers.trust.questionnaires import is_open
from upheld.verdicts import standing
from upheld.web import wording
from upheld.web.trust import words
from upheld.web.trust.gathering import CUSTOMERS, center, gather
from upheld.web.trust.public import Public, PublicPromise

HOLDS = frozenset({State.UPHELD, State.AT_RISK})
FEW = 12


def holding() -> frozenset[str]:
    """Return the promises that are upheld now, or at risk, which they still are; whatever the public is shown."""
    found = standing.documents()
    return frozenset(each.promise.id for document in found for each in document.promises if each.state in HOLDS)


@action(by=KEEPERS, when=is_open)
def hand_over_questionnaire(questionnaire: Questionnaire, *, by: Person) -> Questionnaire:
    """Hand `questionnaire` over to the customer: the same file, with every answer in it and how each promise stands today.

    Refused while a question has no answer, and where one says yes on a promise that is not upheld, or not shown to customers.
    """
    replies = {each.number: each for each in questionnaire.replies.all()}
    if missing := [number for number in range(1, len(questionnaire.questions) + 1) if number not in replies]:
        raise Refused(f"{len(missing)} questions have no answer yet: {_some(missing)}.")
    opened, file = center(), Kept.named(questionnaire.file)
    if opened is None:
        raise Refused("No Trust Center is open, which says how much of each promise customers are shown; open it first.")
    if file is None:
        raise Refused("Its file is gone; take it in anew.")
    public = gather(opened, CUSTOMERS)
    shown = {promise.id: promise for document in public.documents for promise in document.promises}
    _no_false_yes(replies, shown)
    sheets = [Columns(**each) for each in questionnaire.sheets]
    questions = [Question(**each) for each in questionnaire.questions]
    answers = {}
    for number, reply in replies.items():
        with translation.override("de" if sheets[questions[number - 1].sheet].german else "en"):
            answers[number] = Filled(Reply(reply.says), told(reply, shown, public.home))
    filled = keep_file(filled_in(file.path.read_bytes(), sheets, questions, answers))
    cited = sorted({name for reply in replies.values() for name in reply.promises if name in shown})
    states = {name: str(shown[name].state or "") for name in cited}
    _answered(questionnaire, by, filled, public)
    said = {"states": states, "handed_over_at": clock.now(), "handed_over_by": by.ref}
    return keep(fill(questionnaire, filled=filled, **said))


def _answered(questionnaire: Questionnaire, by: Person, filled: Kept, public: Public) -> None:
    """Stop the customer's clock, unless the request was answered otherwise before."""
    request = questionnaire.request
    if request.answered_at is None:
        with translation.override(public.language):
            answer = _("All %(number)d questions are answered; see the file.") % {"number": len(questionnaire.questions)}
        keep(fill(request, answer=answer, document=filled, answered_at=clock.now(), answered_by=by.ref))


def _no_false_yes(replies: Mapping[int, QuestionReply], shown: Mapping[str, PublicPromise]) -> None:
    upheld = holding()
    false, hidden = [], []
    for number, reply in replies.items():
        if reply.says == Reply.YES:
            false += [number for name in reply.promises if name not in upheld]
            hidden += [number for name in reply.promises if name in upheld and (name not in shown or shown[name].state is None)]
    if false:
        raise Refused(f"Yes is said on promises that are not upheld now: {_some(false)}. Answer these otherwise.")
    if hidden:
        raise Refused(f"Yes is said on promises whose state customers are not shown: {_some(hidden)}. Show it, or answer otherwise.")


def _some(numbers: list[int]) -> str:
    found = sorted(set(numbers))
    return ", ".join(map(str, found[:FEW])) + (", …" if len(found) > FEW else "")


def told(reply: QuestionReply, shown: Mapping[str, PublicPromise], home: str) -> str:
    """Return the words of an answer with what they rest on: each promise with its state and day, or that a person alone says so."""
    lines = [reply.words.strip()] if reply.words.strip() else []
    rests = [rests_on(shown[name], home) for name in reply.promises if name in shown]
    return "\n".join([*lines, *(rests or [_("Said by us; no test stands behind it.")])])


def rests_on(promise: PublicPromise, home: str) -> str:
    """Return how a promise stands, in a line: what customers are shown of it."""
    if promise.state is None:
        said = _("state not shown")
    elif promise.proven_at:
        said = _("%(state)s, last proven on %(day)s") % {"state": words.state(promise.state), "day": wording.day(promise.proven_at)}
    else:
        said = _("%(state)s, never proven") % {"state": words.state(promise.state)}
    return f"[{promise.id}: {said}]" + (f" {home}{promise.path}" if home else "")
