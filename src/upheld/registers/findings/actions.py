"""Actions about findings: take care, say something, ask for an exception, decide about it, end it."""

from datetime import date, timedelta
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, SamePerson, ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Text
from upheld.actions.models import Step
from upheld.registers.findings.models import Attachment, Care, Comment, RiskAccepted, State
from upheld.registers.rules import LEADS, STAFF
from upheld.registers.staff import PersonId
from upheld.registers.words import Prose

OWNERS = (*LEADS, Role.OWNER, Role.MANAGER)
LONGEST = timedelta(days=366)

MeasureId = Annotated[str, Text(120), "the measure that fails, as in governance/policy_acknowledged"]
Subject = Annotated[str, Text(1000), "the subject that fails, as the measure names it"]


@action(by=OWNERS, makes=Care)
def take_care(
    *, by: Person, measure: MeasureId, subject: Subject, person: PersonId, due_on: Annotated[date | None, "if not by its severity"] = None
) -> Care:
    """Say who takes care of a finding, and by when."""
    care = Care.objects.filter(measure=measure, subject=subject).first() or Care(measure=measure, subject=subject)
    care.person, care.due_on = person, due_on
    return keep(care)


@action(by=STAFF, makes=Comment)
def comment(
    *,
    by: Person,
    measure: MeasureId,
    subject: Subject,
    words: Prose,
    mentions: Annotated[list[PersonId], "who is told of it by mail, and may then see the finding"] = [],  # noqa: B006  never changed
) -> Comment:
    """Say something about a finding, and ask others by name."""
    _must_concern(by, measure, subject)
    return keep(Comment(measure=measure, subject=subject, person=by.ref, at=clock.now(), words=words, mentions=list(mentions)))


@action(by=STAFF, makes=Attachment)
def attach_file(
    *,
    by: Person,
    measure: MeasureId,
    subject: Subject,
    file: Annotated[Kept, "at most 20 MB"],
    name: Annotated[str, Text(200), "what it is called, such as scan.pdf"],
) -> Attachment:
    """Keep a file with a finding."""
    _must_concern(by, measure, subject)
    if not name.strip(". ") or any(each in name for each in '/\\:*?"<>|') or not name.isprintable():
        raise ill(name='Give a plain name without / \\ : * ? " < > |.')
    made = Attachment(measure=measure, subject=subject, person=by.ref, at=clock.now(), name=name)
    made.sha256, made.size_bytes = file.sha256, file.size_bytes
    return keep(made)


def _must_concern(by: Person, measure: str, subject: str) -> None:
    """Refuse those whose role does not let them see findings, unless this one was given to them or they were asked about it."""
    if not by.roles & set(OWNERS) and not concerns(by.ref, measure, subject):
        raise NotAllowed("There is no such finding among those that concern you.")


def concerns(person: str, measure: str, subject: str) -> bool:
    """Return whether somebody else gave `person` the finding, or asked them about it by name: nobody lets themselves in."""
    about = {"measure": measure, "subject": subject}
    care = Care.objects.filter(person=person, **about).first()
    if care is not None and Step.objects.filter(register=Care.register(), record=str(care.pk)).exclude(by=person).exists():
        return True
    asked = Comment.objects.filter(**about).exclude(person=person).values_list("mentions", flat=True)
    return any(person in each for each in asked)


@action(by=OWNERS, makes=RiskAccepted)
def ask_exception(*, by: Person, measure: MeasureId, subject: Subject, reason: Prose, until_on: date) -> RiskAccepted:
    """Ask that a finding be accepted until a day, at most a year ahead. Somebody else decides; it counts only then."""
    today = clock.now().date()
    if not today <= until_on <= today + LONGEST:
        raise ill(until_on="Give a day from today on, at most a year ahead.")
    return keep(RiskAccepted(measure=measure, subject=subject, reason=reason, until_on=until_on, state=State.ASKED, asked_by=by.ref))


def _asked(exception: RiskAccepted) -> str:
    return "" if exception.state == State.ASKED else f"It is {exception.state} already."


def _approved(exception: RiskAccepted) -> str:
    return "" if exception.state == State.APPROVED else f"It is {exception.state}, not approved."


@action(
    by=(*LEADS, Role.MANAGER),
    apart_from=["ask-exception"],
    why_apart="whoever wants an exception does not grant it",
    when=_asked,
)
def approve_exception(exception: RiskAccepted, *, by: Person, note: Prose | None = None) -> RiskAccepted:
    """Approve `exception`: until its end the finding is shown as excepted. Refused to who asked, and to who takes care of the finding."""
    if exception.asked_by == by.ref:
        raise SamePerson("You asked for it yourself; somebody else has to decide.")
    if Care.objects.filter(measure=exception.measure, subject=exception.subject, person=by.ref).exists():
        raise SamePerson("You take care of this finding; somebody else has to decide.")
    if exception.until_on < clock.now().date():
        raise Refused("Its end is past; ask for another.")
    others = RiskAccepted.objects.filter(measure=exception.measure, subject=exception.subject, state=State.APPROVED)
    for other in others:
        other.state = State.ENDED
        keep(other)
    return keep(_decided(exception, State.APPROVED, by, note))


@action(by=(*LEADS, Role.MANAGER), apart_from=["ask-exception"], when=_asked)
def refuse_exception(exception: RiskAccepted, *, by: Person, note: Annotated[Prose, "why"]) -> RiskAccepted:
    """Refuse `exception`: the finding is to be mended."""
    return keep(_decided(exception, State.REFUSED, by, note))


@action(by=OWNERS, when=_approved)
def end_exception(exception: RiskAccepted, *, by: Person) -> RiskAccepted:
    """End `exception` before its day: the finding counts again."""
    exception.state = State.ENDED
    return keep(exception)


def _decided(exception: RiskAccepted, state: State, by: Person, note: str | None) -> RiskAccepted:
    exception.state, exception.decided_by, exception.decided_at, exception.note = state, by.ref, clock.now(), note or ""
    return exception
