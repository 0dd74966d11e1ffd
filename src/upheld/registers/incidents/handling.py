"""Actions by which an incident is handled: acknowledged, worked off step by step, contained, told of, resolved and closed."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.registers.incidents.deciding import tell
from upheld.registers.incidents.incident_models import Incident, IncidentNote, IncidentNotice, IncidentStep, Said, Severity, Told
from upheld.registers.rules import LEADS, STAFF, not_ahead
from upheld.registers.staff import PersonId, names
from upheld.registers.words import Prose

When = Annotated[datetime | None, "when; now if not given"]


class StillOpen(Refused):
    """An incident cannot be resolved or closed yet; the message says what is owed."""


def _open(incident: Incident) -> str:
    return "This incident is closed." if incident.closed_at else ""


def _new(incident: Incident) -> str:
    return _open(incident) or ("It was acknowledged already." if incident.acknowledged_at else "")


def _spreading(incident: Incident) -> str:
    return _open(incident) or ("It was contained already." if incident.contained_at else "")


def _unresolved(incident: Incident) -> str:
    return _open(incident) or ("It was resolved already." if incident.resolved_at else "")


def _resolved(incident: Incident) -> str:
    return _open(incident) or ("" if incident.resolved_at else "Resolve it first.")


def _to_do(step: IncidentStep) -> str:
    return _open(step.incident) or ("" if step.is_open else "It is done or excused already.")


def _since(incident: Incident, at: datetime | None, field: str = "at") -> datetime:
    """Return `at`, or now; raises `Ill` for an instant before `incident` was noticed, or ahead."""
    when = not_ahead(at, field)
    if when < incident.noticed_at:
        raise ill(**{field: "This lies before the incident was noticed."})
    return when


@action(by=STAFF, when=_new)
def acknowledge_incident(incident: Incident, *, by: Person) -> Incident:
    """Say that you have taken `incident` on."""
    incident.acknowledged_at, incident.acknowledged_by = clock.now(), by.ref
    tell(incident, by, Said.ACKNOWLEDGED, "")
    return keep(incident)


@action(by=STAFF, when=_open)
def change_severity(incident: Incident, *, by: Person, severity: Severity, reason: Prose) -> Incident:
    """Say that `incident` is worse, or less bad, than it seemed; its clocks change with it."""
    if severity == incident.severity:
        raise ill(severity=f"It is {severity} already.")
    tell(incident, by, Said.SEVERITY, f"{incident.severity} → {severity}: {reason}")
    incident.severity = severity
    return keep(incident)


@action(by=STAFF, when=_open)
def hand_over_incident(
    incident: Incident, *, by: Person, lead: Annotated[PersonId, "who handles it"], second: PersonId | None = None
) -> Incident:
    """Let somebody else handle `incident`; steps that were yours are theirs."""
    if second == lead:
        raise ill(second="The second must be somebody else.")
    for step in incident.steps.filter(person=incident.lead, done_at=None, excused_at=None):
        step.person = lead
        keep(step)
    incident.lead, incident.second = lead, second or ""
    tell(incident, by, Said.HANDED_OVER, ", ".join(names(filter(None, (lead, second))).values()))
    return keep(incident)


@action(by=STAFF, makes=IncidentNote, when=_open)
def note_on_incident(incident: Incident, *, by: Person, words: Prose, at: When = None) -> IncidentNote:
    """Write down what happened, what you found or what was decided."""
    return tell(incident, by, Said.NOTE, words, _since(incident, at))


@action(by=STAFF, when=_to_do)
def do_step(step: IncidentStep, *, by: Person, note: Annotated[Prose | None, "what came of it"] = None) -> IncidentStep:
    """Say that `step` of the playbook is done."""
    step.done_at, step.done_by = clock.now(), by.ref
    tell(step.incident, by, Said.STEP_DONE, f"{step.words}\n{note}" if note else step.words)
    return keep(step)


@action(by=STAFF, when=_to_do)
def excuse_step(step: IncidentStep, *, by: Person, reason: Annotated[Prose, "why it is not needed here"]) -> IncidentStep:
    """Leave `step` of the playbook undone, and say why."""
    step.excused_at, step.excused_by, step.reason = clock.now(), by.ref, reason
    tell(step.incident, by, Said.STEP_EXCUSED, f"{step.words}\n{reason}")
    return keep(step)


@action(by=STAFF, when=_spreading)
def contain_incident(incident: Incident, *, by: Person, how: Prose, at: When = None) -> Incident:
    """Say that `incident` does no more harm, and how that was brought about."""
    incident.contained_at = _since(incident, at)
    tell(incident, by, Said.CONTAINED, how, incident.contained_at)
    return keep(incident)


@action(by=STAFF, when=_open)
def declare_breach(
    incident: Incident,
    *,
    by: Person,
    known_at: Annotated[datetime, "when the company came to know that personal data are breached: the law's 72 hours run from then"],
    affected: Annotated[Prose, "whose data, which, how many"],
) -> Incident:
    """Say that personal data were breached. From then on the supervisory authority must be told within 72 hours, or it be said why not."""
    incident.personal_data, incident.known_at, incident.affected = True, _since(incident, known_at, "known_at"), affected
    tell(incident, by, Said.BREACH, affected, incident.known_at)
    return keep(incident)


@action(by=STAFF, when=_open)
def rule_out_breach(incident: Incident, *, by: Person, reason: Prose) -> Incident:
    """Say that no personal data were breached, and how that is known."""
    if incident.notices.filter(waived=False).exists():
        raise Refused("Somebody outside was told that personal data were breached; that stands.")
    incident.personal_data, incident.known_at, incident.affected = False, None, ""
    tell(incident, by, Said.NO_BREACH, reason)
    return keep(incident)


@action(by=STAFF, makes=IncidentNotice, when=_open)
def record_notice(
    incident: Incident, *, by: Person, to: Told, how: Annotated[Prose, "by which way, under which number, what was said"], at: When = None
) -> IncidentNotice:
    """Record that somebody outside was told of `incident`."""
    when = _since(incident, at)
    tell(incident, by, Said.NOTIFIED, f"{to}\n{how}", when)
    return keep(IncidentNotice(incident=incident, to=to, at=clock.now(), person=by.ref, sent_at=when, how=how, waived=False))


@action(by=LEADS, makes=IncidentNotice, when=_open)
def waive_notice(
    incident: Incident, *, by: Person, to: Told, reason: Annotated[Prose, "why no risk to anybody is likely"]
) -> IncidentNotice:
    """Decide that somebody need not be told of `incident`, and why (GDPR 33(1), 34(3))."""
    tell(incident, by, Said.NOT_NOTIFIED, f"{to}\n{reason}")
    return keep(IncidentNotice(incident=incident, to=to, at=clock.now(), person=by.ref, how=reason, waived=True))


@action(by=STAFF, when=_unresolved)
def resolve_incident(
    incident: Incident, *, by: Person, words: Annotated[Prose, "what was done, and how you know that it is over"]
) -> Incident:
    """Say that `incident` is over. Every step of the playbook must be done or excused, and it must be contained."""
    left = incident.steps.filter(mandatory=True, done_at=None, excused_at=None).count()
    if left:
        raise StillOpen(f"{left} of the playbook's steps {'is' if left == 1 else 'are'} neither done nor excused.")
    if incident.contained_at is None:
        raise StillOpen("Say first that it is contained, and how.")
    incident.resolved_at = clock.now()
    tell(incident, by, Said.RESOLVED, words)
    return keep(incident)


@action(by=STAFF, when=_resolved)
def close_incident(
    incident: Incident,
    *,
    by: Person,
    happened_at: Annotated[datetime, "when it began, as far as is known"],
    consequences: Annotated[Prose, "what it did, to whom"],
    measures: Annotated[Prose, "what was done about it, and what keeps it from coming again"],
) -> Incident:
    """Close `incident` with what must be on record (GDPR 33(5)): when it happened, what it did, and what was done against a repeat."""
    if incident.personal_data is None:
        raise StillOpen("Say first whether personal data were breached.")
    if incident.personal_data and not incident.notices.filter(to=Told.AUTHORITY).exists():
        raise StillOpen("The supervisory authority was not told yet, and nobody said why it need not be.")
    happened = not_ahead(happened_at, "happened_at")
    if happened > incident.noticed_at:
        raise ill(happened_at="It cannot have happened after it was noticed.")
    incident.happened_at, incident.consequences, incident.measures = happened, consequences, measures
    incident.closed_at = clock.now()
    tell(incident, by, Said.CLOSED, consequences)
    return keep(incident)
