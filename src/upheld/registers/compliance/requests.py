"""Actions on what auditors ask of others, and on what they find: request and answer, finding, correction, and whether that worked."""

from datetime import date, timedelta
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Text
from upheld.registers.compliance.audit_models import Audit, AuditFinding, AuditRequest, AuditState, Grade
from upheld.registers.compliance.audits import AUDITORS, in_state, must_audit
from upheld.registers.staff import PersonId
from upheld.registers.words import Prose

LONGEST = timedelta(days=366)


def ahead(day: date) -> date:
    """Return `day`; raises `Ill` about `due_on` for one that is over, or more than a year ahead."""
    today = clock.now().date()
    if not today <= day <= today + LONGEST:
        raise ill(due_on="Give a day from today on, at most a year ahead.")
    return day


@action(by=AUDITORS, makes=AuditRequest, when=in_state(AuditState.PLANNED, AuditState.RUNNING))
def ask_auditee(
    audit: Audit, *, by: Person, person: Annotated[PersonId, "who has to answer"], what: Prose, due_on: Annotated[date, "by when"]
) -> AuditRequest:
    """Ask somebody for an answer or for evidence, by a day."""
    must_audit(by, audit)
    return keep(AuditRequest(audit=audit, what=what, person=person, asked_by=by.ref, asked_at=clock.now(), due_on=ahead(due_on)))


def _unanswered(request: AuditRequest) -> str:
    return "It is answered already." if request.answered_at else ""


def _answered(request: AuditRequest) -> str:
    if request.accepted_at:
        return "The answer is accepted already."
    return "" if request.answered_at else "It is not answered yet."


@action(by=AUDITORS, when=_unanswered)
def answer_request(
    request: AuditRequest, *, by: Person, answer: Prose, file: Annotated[Kept | None, "the evidence, as a file"] = None
) -> AuditRequest:
    """Answer what the auditors asked of you."""
    if by.ref != request.person:
        raise NotAllowed("It was asked of somebody else.")
    request.answer, request.file, request.answered_at = answer, file.sha256 if file else "", clock.now()
    return keep(request)


@action(by=AUDITORS, apart_from=["answer-request"], why_apart="whoever answers does not accept the answer", when=_answered)
def accept_answer(request: AuditRequest, *, by: Person) -> AuditRequest:
    """Accept the answer to `request`."""
    must_audit(by, request.audit)
    request.accepted_by, request.accepted_at = by.ref, clock.now()
    return keep(request)


@action(by=AUDITORS, apart_from=["answer-request"], when=_answered)
def send_back_answer(request: AuditRequest, *, by: Person, note: Annotated[Prose, "what is missing"], due_on: date) -> AuditRequest:
    """Send the answer to `request` back: it is owed again, by another day."""
    must_audit(by, request.audit)
    request.note, request.due_on, request.answered_at = note, ahead(due_on), None
    return keep(request)


@action(by=AUDITORS, makes=AuditFinding, when=in_state(AuditState.RUNNING, AuditState.REPORTED, AuditState.CLOSED))
def raise_finding(
    audit: Audit,
    *,
    by: Person,
    grade: Grade,
    what: Annotated[Prose, "what was found, and how you know it"],
    person: Annotated[PersonId, "who mends it"],
    due_on: Annotated[date, "by when it is mended and seen to work"],
    clause: Annotated[str | None, Text(120), "what it departs from, as in ISO/IEC 27001:2022 A.8.13"] = None,
) -> AuditFinding:
    """Enter something that `audit` found."""
    must_audit(by, audit)
    if person in audit.auditors:
        raise ill(person="Who audits does not mend what the audit found; name somebody else.")
    made = AuditFinding(audit=audit, grade=grade, what=what, person=person, due_on=ahead(due_on), clause=clause or "")
    made.raised_by, made.raised_at = by.ref, clock.now()
    return keep(made)


def _open(finding: AuditFinding) -> str:
    return "It is closed." if finding.closed_at else ""


def _corrected(finding: AuditFinding) -> str:
    return _open(finding) or ("" if finding.corrected_at else "Nothing was said to be done about it yet.")


@action(by=AUDITORS, when=_open)
def answer_finding(
    finding: AuditFinding,
    *,
    by: Person,
    cause: Annotated[Prose, "why it came about"],
    correction: Annotated[Prose, "what will be done, so that it does not come about again"],
) -> AuditFinding:
    """Say why what was found came about, and what will be done."""
    _must_mend(by, finding)
    finding.cause, finding.correction = cause, correction
    return keep(finding)


@action(by=AUDITORS, when=_open)
def correct_finding(finding: AuditFinding, *, by: Person, file: Annotated[Kept | None, "what shows it"] = None) -> AuditFinding:
    """Say that what was to be done about `finding` is done. An auditor then looks whether it works."""
    _must_mend(by, finding)
    if not finding.correction:
        raise Refused("Say first why it came about, and what will be done about it.")
    finding.corrected_at, finding.file = clock.now(), file.sha256 if file else ""
    return keep(finding)


@action(
    by=AUDITORS,
    apart_from=["answer-finding", "correct-finding"],
    why_apart="whether it works is judged by somebody who did not mend it",
    when=_corrected,
)
def check_effect(
    finding: AuditFinding,
    *,
    by: Person,
    works: Annotated[bool, "whether what was done works"],
    effect: Annotated[Prose, "how you know"],
    due_on: Annotated[date | None, "if it does not: by when"] = None,
) -> AuditFinding:
    """Say whether what was done about `finding` works. If it does the finding is closed, otherwise it is to be mended again."""
    must_audit(by, finding.audit)
    finding.effect = effect
    if works:
        finding.closed_by, finding.closed_at = by.ref, clock.now()
    else:
        finding.corrected_at = None
        finding.due_on = ahead(due_on) if due_on else finding.due_on
    return keep(finding)


@action(by=AUDITORS, when=_open)
def hand_on_finding(finding: AuditFinding, *, by: Person, person: PersonId) -> AuditFinding:
    """Let somebody else mend `finding`. Its day stays."""
    must_audit(by, finding.audit)
    if person in finding.audit.auditors:
        raise ill(person="Who audits does not mend what the audit found; name somebody else.")
    finding.person = person
    return keep(finding)


def _must_mend(by: Person, finding: AuditFinding) -> None:
    if by.ref != finding.person:
        raise NotAllowed("Somebody else mends this finding.")
