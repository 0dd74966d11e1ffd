"""Actions by which events are decided about, and incidents opened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.registers.incidents import playbooks
from upheld.registers.incidents.incident_models import Incident, IncidentNote, IncidentStep, Said, Severity
from upheld.registers.incidents.models import Decision, IncidentCategory, OnCall, SecurityEvent
from upheld.registers.rules import LEADS, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Prose

LEADER = "incident-lead"


def _undecided(event: SecurityEvent) -> str:
    return "It was decided about already." if event.decided_at else ""


def _owes_answer(event: SecurityEvent) -> str:
    if not event.decided_at:
        return "Decide about it first."
    return "" if event.reporter or event.contact else "Nobody left word how to answer them."


@action(by=LEADS, when=_undecided)
def decide_event(
    event: SecurityEvent,
    *,
    by: Person,
    decision: Decision,
    reason: Annotated[Prose, "why; whoever reads it next year must understand"],
    category: Annotated[IncidentCategory | None, "of a new incident"] = None,
    severity: Annotated[Severity | None, "of a new incident"] = None,
    title: Annotated[Line | None, "what a new incident is called"] = None,
    incident: Annotated[Incident | None, "the incident that it is part of"] = None,
) -> SecurityEvent:
    """Decide whether `event` is an incident. One that is gets its number, its playbook's steps and its clocks at once."""
    if decision == Decision.INCIDENT:
        event.incident = open_(by, _category(category), _severity(severity), title or str(event), event.noticed_at)
    elif decision == Decision.PART:
        event.incident = _open_still(incident)
    event.decision, event.reason, event.decided_by, event.decided_at = decision, reason, by.ref, clock.now()
    return keep(event)


@action(by=LEADS, when=_owes_answer)
def answer_reporter(event: SecurityEvent, *, by: Person, words: Annotated[Prose, "thank them, and say what came of it"]) -> SecurityEvent:
    """Tell whoever reported `event` what came of it: those who work here read it in their own list of reports."""
    event.told, event.told_at = words, clock.now()
    return keep(event)


@action(by=LEADS, makes=Incident)
def open_incident(
    *,
    by: Person,
    title: Line,
    category: IncidentCategory,
    severity: Severity,
    noticed_at: Annotated[datetime | None, "when somebody noticed it; now if not given"] = None,
    lead: Annotated[PersonId | None, "who handles it; whoever is on call if not given"] = None,
) -> Incident:
    """Open an incident that nobody reported. Its playbook's steps and its clocks begin at once."""
    return open_(by, _category(category), severity, title, not_ahead(noticed_at, "noticed_at"), lead)


def open_(
    by: Person, category: IncidentCategory, severity: Severity, title: str, noticed_at: datetime, lead: str | None = None
) -> Incident:
    """Return a new incident with its checklist; whoever is on call handles it, else who leads by the playbook, else who opened it."""
    now = clock.now()
    wanted = playbooks.steps(playbooks.published([category.playbook]).get(category.playbook, ""))
    holding = playbooks.holders([LEADER, *(each.role for each in wanted)], now.date())
    turn = OnCall.objects.filter(from_at__lte=now, until_at__gt=now).order_by("from_at").first()
    handler = lead or (turn.person if turn else holding.get(LEADER, by.ref))
    incident = keep(
        Incident(title=title, category=category, severity=severity, lead=handler, noticed_at=noticed_at, opened_at=now, opened_by=by.ref)
    )
    _list(incident, wanted, {**holding, "": handler})
    tell(incident, by, Said.OPENED, f"{category}, {severity}")
    return incident


def _list(incident: Incident, wanted: Sequence[playbooks.PlaybookStep], holding: dict[str, str]) -> None:
    for position, step in enumerate(wanted, 1):
        person = holding.get(step.role, "")
        keep(IncidentStep(incident=incident, position=position, words=step.words, role=step.role, person=person, mandatory=step.mandatory))


def tell(incident: Incident, by: Person, kind: Said, words: str, at: datetime | None = None) -> IncidentNote:
    """Put an entry into the timeline of `incident`."""
    return keep(IncidentNote(incident=incident, at=at or clock.now(), person=by.ref, kind=kind, words=words))


def _category(category: IncidentCategory | None) -> IncidentCategory:
    if category is None:
        raise ill(category="Say which category the incident is of.")
    if category.ended_at:
        raise ill(category=f"{category} is no longer used; choose another category.")
    return category


def _severity(severity: Severity | None) -> Severity:
    if severity is None:
        raise ill(severity="Say how bad it is.")
    return severity


def _open_still(incident: Incident | None) -> Incident:
    if incident is None:
        raise ill(incident="Say which incident it is part of.")
    if incident.closed_at:
        raise ill(incident=f"{incident} is closed; open a new incident.")
    return incident
