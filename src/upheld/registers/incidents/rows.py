"""Rows of the chapter incidents, as measures read them."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.logs.models import Detection
from upheld.registers.incidents import playbooks
from upheld.registers.incidents.models import FollowUp, Incident, IncidentCategory, IncidentNotice, IncidentStep, Lesson, SecurityEvent


def incident_categories() -> Iterator[Row]:
    """Yield the categories in use, with what their playbooks' published texts ask for."""
    categories = list(IncidentCategory.objects.filter(ended_at=None))
    texts = playbooks.published(each.playbook for each in categories)
    for each in categories:
        steps = playbooks.steps(texts.get(each.playbook, ""))
        yield {
            "id": each.name,
            "title": each.title,
            "playbook_id": each.playbook or None,
            "steps": len(steps),
            "roles": sorted({step.role for step in steps} - {""}),
        }


def security_events() -> Iterator[Row]:
    """Yield what was reported, and what was decided about it."""
    for each in SecurityEvent.objects.all().iterator(chunk_size=2_000):
        yield {
            "id": str(each.pk),
            "kind": each.kind,
            "reporter_id": each.reporter or None,
            "can_be_told": bool(each.reporter or each.contact),
            "from_log": bool(each.rule),
            "noticed_at": each.noticed_at,
            "reported_at": each.reported_at,
            "decision": each.decision or None,
            "has_reason": bool(each.reason.strip()),
            "decided_by_id": each.decided_by or None,
            "decided_at": each.decided_at,
            "incident_id": str(each.incident_id) if each.incident_id else None,
            "told_at": each.told_at,
        }


def incidents() -> Iterator[Row]:
    """Yield incidents."""
    for each in Incident.objects.select_related("category"):
        yield {
            "id": str(each.pk),
            "title": f"Incident {each.pk}",
            "category_id": each.category.name,
            "severity": each.severity,
            "lead_id": each.lead,
            "happened_at": each.happened_at,
            "noticed_at": each.noticed_at,
            "opened_at": each.opened_at,
            "acknowledged_at": each.acknowledged_at,
            "contained_at": each.contained_at,
            "resolved_at": each.resolved_at,
            "closed_at": each.closed_at,
            "personal_data": each.personal_data,
            "known_at": each.known_at,
            "has_consequences": bool(each.consequences.strip()),
            "has_measures": bool(each.measures.strip()),
        }


def incident_steps() -> Iterator[Row]:
    """Yield the checklists of incidents."""
    for each in IncidentStep.objects.all().iterator(chunk_size=2_000):
        yield {
            "id": str(each.pk),
            "incident_id": str(each.incident_id),
            "position": each.position,
            "role": each.role or None,
            "mandatory": each.mandatory,
            "done_at": each.done_at,
            "excused_at": each.excused_at,
            "has_reason": bool(each.reason.strip()),
        }


def incident_notices() -> Iterator[Row]:
    """Yield who outside was told of incidents, or need not be."""
    for each in IncidentNotice.objects.all():
        yield {"id": str(each.pk), "incident_id": str(each.incident_id), "told": each.to, "sent_at": each.sent_at, "waived": each.waived}


def incident_reviews() -> Iterator[Row]:
    """Yield reviews of incidents."""
    for each in Lesson.objects.all():
        yield {"id": str(each.pk), "incident_id": str(each.incident_id), "person_id": each.person, "reviewed_at": each.at}


def incident_follow_ups() -> Iterator[Row]:
    """Yield what follows from incidents."""
    for each in FollowUp.objects.select_related("lesson"):
        yield {
            "id": str(each.pk),
            "incident_id": str(each.lesson.incident_id),
            "what": each.what,
            "owner_id": each.owner,
            "due_on": each.due_on,
            "done_at": each.done_at,
        }


def log_detections() -> Iterator[Row]:
    """Yield what rules found in logs, each with the event of the queue that it is in."""
    queued = {number: pk for pk, numbers in SecurityEvent.objects.exclude(rule="").values_list("pk", "detections") for number in numbers}
    for each in Detection.objects.select_related("log").defer("line", "author", "licence", "group").iterator(chunk_size=2_000):
        yield {
            "id": str(each.pk),
            "log": each.log.name,
            "system_id": each.log.system_id,
            "rule": each.rule,
            "title": each.title,
            "level": each.level or None,
            "first_at": each.first_at,
            "found_at": each.found_at,
            "times": each.times,
            "event_id": str(queued[each.pk]) if each.pk in queued else None,
        }
