"""Actions on audits: plan, start, report, close; and the bodies that audit. Nobody audits what they answer for."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Text
from upheld.registers.answering import what_they_own
from upheld.registers.compliance.audit_models import BY_BODIES, Audit, AuditBody, AuditState, Chapter, Grade, Kind
from upheld.registers.rules import LEADS
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

AUDITORS = (*LEADS, Role.OWNER, Role.MANAGER, Role.EMPLOYEE)  # whoever leads an audit, as far as the table of rights lets them

Follows = Annotated[str | None, Text(60), "the number of the significant change that it follows, where one called for it"]


def in_state(*states: AuditState) -> Callable[[Audit], str]:
    """Return what says why an audit that is in none of `states` will not do."""
    return lambda audit: "" if audit.state in states else f"The audit is {audit.state}, not {' or '.join(states)}."


def must_audit(by: Person, audit: Audit) -> None:
    """Refuse whoever does not audit `audit`; those who lead the programme may, where an outside body audits."""
    if audit.auditors and by.ref not in audit.auditors:
        raise NotAllowed("Only those who audit can do this.")


@action(by=LEADS, makes=Audit)
def plan_audit(
    *,
    by: Person,
    name: Name,
    title: Line,
    kind: Kind,
    criteria: Annotated[Prose, "against what it audits: standards, policies, contracts"],
    period_from_on: Annotated[date, "first day of the time that it looks back on"],
    period_until_on: Annotated[date, "last day of the time that it looks back on"],
    planned_from_on: Annotated[date, "when it is to begin"],
    planned_until_on: Annotated[date, "when it is to end"],
    chapters: Annotated[list[Chapter], "chapters of promises in its scope"] = [],  # noqa: B006  never changed
    systems: Annotated[list[Name], "systems in its scope, one a line"] = [],  # noqa: B006  never changed
    lead: Annotated[PersonId | None, "who of ours leads it"] = None,
    auditors: Annotated[list[PersonId], "who else of ours audits"] = [],  # noqa: B006  never changed
    body: Annotated[AuditBody | None, "the outside body, where one audits"] = None,
    follows: Follows = None,
) -> Audit:
    """Plan an audit: its scope, criteria and period, and who audits. Refused to auditors who answer for anything in its scope."""
    _check_days(period_from_on, period_until_on, planned_from_on, planned_until_on)
    audit = Audit(name=_new(name), title=title, kind=kind, criteria=criteria, body=body, follows=follows or "", opened_at=clock.now())
    audit.chapters, audit.systems = [str(each) for each in chapters], list(systems)
    audit.period_from_on, audit.period_until_on = period_from_on, period_until_on
    audit.planned_from_on, audit.planned_until_on = planned_from_on, planned_until_on
    audit.state = AuditState.PLANNED
    return keep(_by(audit, lead, auditors))


@action(by=LEADS, makes=Audit)
def record_audit(
    *,
    by: Person,
    name: Name,
    title: Line,
    kind: Kind,
    criteria: Prose,
    period_from_on: date,
    period_until_on: date,
    ended_on: Annotated[date, "the day on which it ended"],
    conclusion: Prose,
    report: Annotated[Kept | None, "its report"] = None,
    chapters: list[Chapter] = [],  # noqa: B006  never changed
    systems: list[Name] = [],  # noqa: B006  never changed
    auditors: list[PersonId] = [],  # noqa: B006  never changed
    body: AuditBody | None = None,
    follows: Follows = None,
) -> Audit:
    """Record an audit that was done before it could be planned here, or by others. Who audited what they owned shows as a break."""
    _check_days(period_from_on, period_until_on, ended_on, ended_on)
    if ended_on > clock.now().date():
        raise ill(ended_on="This lies in the future; plan the audit instead.")
    audit = Audit(name=_new(name), title=title, kind=kind, criteria=criteria, body=body, follows=follows or "", opened_at=clock.now())
    audit.chapters, audit.systems, audit.auditors = [str(each) for each in chapters], list(systems), list(auditors)
    audit.lead = auditors[0] if auditors else ""
    audit.period_from_on, audit.period_until_on = period_from_on, period_until_on
    audit.planned_from_on = audit.planned_until_on = audit.ended_on = ended_on
    audit.conclusion, audit.report = conclusion, report.sha256 if report else ""
    audit.state, audit.closed_at = AuditState.CLOSED, clock.now()
    _check_scope(audit)
    _check_auditors(audit)
    return keep(audit)


@action(by=LEADS, when=in_state(AuditState.PLANNED, AuditState.RUNNING))
def staff_audit(
    audit: Audit,
    *,
    by: Person,
    lead: PersonId | None = None,
    auditors: list[PersonId] = [],  # noqa: B006  never changed
) -> Audit:
    """Say anew who audits. Refused to who answers for anything in the scope of `audit`."""
    return keep(_by(audit, lead, auditors))


@action(by=AUDITORS, when=in_state(AuditState.PLANNED))
def start_audit(audit: Audit, *, by: Person) -> Audit:
    """Begin `audit`. That its auditors answer for nothing in its scope is looked at once more."""
    _check_independence(audit)
    audit.state = AuditState.RUNNING
    return keep(audit)


@action(by=AUDITORS, when=in_state(AuditState.RUNNING))
def report_audit(
    audit: Audit,
    *,
    by: Person,
    conclusion: Annotated[Prose, "what was found, and what follows from it"],
    report: Annotated[Kept | None, "the report as a file"] = None,
) -> Audit:
    """Report what `audit` found, and end it. Refused while items of a sample are not tested, or answers wait to be accepted."""
    must_audit(by, audit)
    if untested := sum(each.items.filter(result="").count() for each in audit.samples.all()):
        raise Refused(f"{untested} items of its samples are not tested yet.")
    if waiting := audit.requests.filter(accepted_at=None).count():
        raise Refused(f"{waiting} of its requests are not answered and accepted yet.")
    audit.conclusion, audit.report = conclusion, report.sha256 if report else ""
    audit.state, audit.ended_on = AuditState.REPORTED, clock.now().date()
    return keep(audit)


@action(
    by=LEADS,
    apart_from=["report-audit"],
    why_apart="the report is taken by somebody who did not write it",
    when=in_state(AuditState.REPORTED),
)
def close_audit(audit: Audit, *, by: Person) -> Audit:
    """Take the report of `audit` and close it. Refused while a major or minor finding has no answer: cause, and what will be done."""
    if unanswered := audit.findings.exclude(grade=Grade.OBSERVATION).filter(closed_at=None, correction="").count():
        raise Refused(f"{unanswered} of its findings have no answer yet: their cause, and what will be done.")
    audit.state, audit.closed_at = AuditState.CLOSED, clock.now()
    return keep(audit)


@action(by=LEADS, when=in_state(AuditState.PLANNED, AuditState.RUNNING))
def cancel_audit(audit: Audit, *, by: Person, why: Prose) -> Audit:
    """Cancel `audit`; it counts as no review of anything."""
    audit.state, audit.conclusion, audit.closed_at = AuditState.CANCELLED, why, clock.now()
    return keep(audit)


@action(by=LEADS, makes=AuditBody)
def add_body(
    *,
    by: Person,
    name: Name,
    title: Line,
    accreditor: Annotated[Line | None, "who accredited it"] = None,
    accreditation: Annotated[str | None, Text(120), "the number of its accreditation"] = None,
    accredited_until_on: date | None = None,
) -> AuditBody:
    """Add an outside body that audits or certifies."""
    if AuditBody.objects.filter(name=name).exists():
        raise ill(name=f"There is a body called {name} already.")
    made = AuditBody(name=name, title=title, accreditor=accreditor or "", accreditation=accreditation or "")
    made.accredited_until_on = accredited_until_on
    return keep(made)


@action(by=LEADS)
def change_body(
    body: AuditBody,
    *,
    by: Person,
    title: Line,
    accreditor: Line | None = None,
    accreditation: Annotated[str | None, Text(120)] = None,
    accredited_until_on: date | None = None,
) -> AuditBody:
    """Say anew what `body` is called, and by whom and until when it is accredited."""
    body.title, body.accreditor, body.accreditation = title, accreditor or "", accreditation or ""
    body.accredited_until_on = accredited_until_on
    return keep(body)


@action(by=LEADS)
def check_independence(
    body: AuditBody,
    *,
    by: Person,
    on: Annotated[date, "the day on which you looked"],
    advised_until_on: Annotated[date | None, "the last day on which it advised us on what it audits; nothing if it never did"] = None,
) -> AuditBody:
    """Say that you looked whether `body` is independent of us, and whether it ever advised us on what it audits."""
    if on > clock.now().date():
        raise ill(on="This lies in the future; say when you looked.")
    body.independence_checked_on, body.independence_checked_by, body.advised_until_on = on, by.ref, advised_until_on
    return keep(body)


def _new(name: str) -> str:
    if Audit.objects.filter(name=name).exists():
        raise ill(name=f"There is an audit called {name} already.")
    return name


def _check_days(period_from_on: date, period_until_on: date, planned_from_on: date, planned_until_on: date) -> None:
    if period_until_on < period_from_on:
        raise ill(period_until_on="The last day lies before the first.")
    if planned_until_on < planned_from_on:
        raise ill(planned_until_on="The last day lies before the first.")


def _by(audit: Audit, lead: str | None, auditors: Iterable[str]) -> Audit:
    audit.lead = lead or ""
    audit.auditors = list(dict.fromkeys([*([lead] if lead else []), *auditors]))
    _check_scope(audit)
    _check_auditors(audit)
    _check_independence(audit)
    return audit


def _check_scope(audit: Audit) -> None:
    if not audit.chapters and not audit.systems:
        raise ill(chapters="Say which chapters or systems it audits.")


def _check_auditors(audit: Audit) -> None:
    if audit.kind in BY_BODIES and audit.body is None:
        raise ill(body=f"Say which body does the {audit.kind}.")
    if audit.body is None and not audit.lead:
        raise ill(lead="Say who leads it, or which body audits.")


def _check_independence(audit: Audit) -> None:
    for person in audit.auditors:
        owned = ", ".join(what_they_own(person, audit.chapters, audit.systems, audit.period_from_on, audit.period_until_on))
        if owned:
            field = "lead" if person == audit.lead else "auditors"
            raise ill(**{field: f"{person} had {owned} in the period; somebody who owned nothing in scope has to audit."})
