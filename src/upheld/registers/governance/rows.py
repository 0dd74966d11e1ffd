"""Rows of this chapter's registers as measures read them."""

from collections.abc import Iterator
from datetime import datetime

from upheld.checks import library
from upheld.checks.span import span
from upheld.documents.models import DocumentStep, Step
from upheld.documents.publication import documents
from upheld.evidence.table import Row
from upheld.registers.governance.models import (
    GROUPS,
    Activity,
    Assessment,
    Contact,
    Holding,
    Jurisdiction,
    Participation,
    Project,
    Responsibility,
)


def responsibilities() -> Iterator[Row]:
    """Yield what somebody must answer for."""
    for each in Responsibility.objects.filter(ended_at=None):
        yield {
            "id": each.name,
            "title": each.title,
            "management": each.management,
            "programme": each.programme,
            "conflicts": list(each.conflicts),
        }


def responsibility_holders() -> Iterator[Row]:
    """Yield who holds what part, now or once."""
    for each in Holding.objects.select_related("responsibility"):
        yield {
            "id": str(each.pk),
            "responsibility_id": each.responsibility.name,
            "person_id": each.person,
            "part": each.part,
            "deputy_id": each.deputy or None,
            "from_on": each.from_on,
            "until_on": each.until_on,
            "appointment": each.appointment or None,
        }


def responsibility_activities() -> Iterator[Row]:
    """Yield what was done for responsibilities."""
    for each in Activity.objects.select_related("responsibility"):
        yield {"id": str(each.pk), "responsibility_id": each.responsibility.name, "person_id": each.person, "done_at": each.at}


def jurisdictions() -> Iterator[Row]:
    """Yield where the company works, or will or did."""
    for each in Jurisdiction.objects.all():
        yield {"id": each.code, "title": each.title, "from_on": each.from_on, "until_on": each.until_on}


def authority_contacts() -> Iterator[Row]:
    """Yield authorities to call."""
    for each in Contact.objects.filter(ended_at=None).exclude(kind__in=GROUPS).select_related("jurisdiction"):
        yield {
            "id": str(each.pk),
            "kind": each.kind,
            "title": each.title,
            "jurisdiction_id": each.jurisdiction.code if each.jurisdiction else None,
            "holder_id": each.holder,
            "verified_at": each.verified_at,
        }


def group_memberships() -> Iterator[Row]:
    """Yield groups that the company belongs to, with when somebody last took part and until when that is enough."""
    last: dict[int, datetime] = {}
    for contact, at in Participation.objects.order_by("at").values_list("contact_id", "at"):
        last[contact] = at
    for each in Contact.objects.filter(ended_at=None, kind__in=GROUPS):
        active_at = last.get(each.pk)
        yield {
            "id": str(each.pk),
            "kind": each.kind,
            "title": each.title,
            "holder_id": each.holder,
            "active_at": active_at,
            "active_until_at": span(each.active_every).after(active_at) if active_at and each.active_every else None,
        }


def projects() -> Iterator[Row]:
    """Yield projects."""
    for each in Project.objects.all():
        yield {
            "id": each.name,
            "title": each.title,
            "owner_id": each.owner,
            "members": each.members,
            "stage": each.stage,
            "build_at": each.build_at,
        }


def project_assessments() -> Iterator[Row]:
    """Yield security assessments."""
    for each in Assessment.objects.select_related("project"):
        yield {
            "id": str(each.pk),
            "project_id": each.project.name,
            "author_id": each.author,
            "approved_by_id": each.approved_by or None,
            "approved_at": each.approved_at,
        }


def owner_roles() -> Iterator[Row]:
    """Yield the roles that published promises name as owners, by way of the measures they rest on."""
    published = set(DocumentStep.objects.filter(step=Step.PUBLISHED).values_list("document", flat=True))
    owners = {name: measure.owner for name, measure in library.shipped().items()}
    found: dict[str, list[str]] = {}
    for document in documents():
        for promise in document.promises if document.id in published else ():
            for role in {owners[name] for name in promise.measures if name in owners}:
                found.setdefault(role, []).append(promise.id)
    for role, promises in found.items():
        yield {"id": role, "promises": sorted(promises)}
