"""Rows about audits and reviews as measures read them."""

from collections.abc import Iterator
from datetime import timedelta

from upheld import clock
from upheld.documents.publication import documents
from upheld.evidence.table import Row
from upheld.registers.answering import roles_by_chapter
from upheld.registers.compliance.audit_models import BY_BODIES, Audit, AuditBody, AuditFinding, AuditState
from upheld.registers.compliance.models import AreaReview, AuditActivity, AuditWindow, ManagedArea, TechnicalReview
from upheld.sources.models import Collection, ConfiguredSource

PRODUCT, OPERATOR = "upheld", "operator"  # who reads, and who set that up on this machine, which the list of people does not tell
STANDING = timedelta(days=36_525)
A_YEAR = timedelta(days=366)


def audits() -> Iterator[Row]:
    """Yield audits that were not cancelled."""
    for each in Audit.objects.exclude(state=AuditState.CANCELLED).select_related("body"):
        yield {
            "id": each.name,
            "title": each.title,
            "kind": each.kind,
            "is_external": each.body is not None,
            "certifies": each.kind in BY_BODIES,
            "body_id": each.body.name if each.body else None,
            "state": each.state,
            "period_from_on": each.period_from_on,
            "period_until_on": each.period_until_on,
            "ended_on": each.ended_on,
            "follows": each.follows or None,
        }


def audit_auditors() -> Iterator[Row]:
    """Yield who of ours audits what."""
    for each in Audit.objects.exclude(state=AuditState.CANCELLED):
        for person in each.auditors:
            yield {"id": f"{each.name}/{person}", "audit_id": each.name, "person_id": person}


def audit_scopes() -> Iterator[Row]:
    """Yield what is in an audit's scope: its chapters and systems."""
    for each in Audit.objects.exclude(state=AuditState.CANCELLED):
        for kind, names in (("chapter", each.chapters), ("system", each.systems)):
            for name in names:
                yield {"id": f"{each.name}/{kind}/{name}", "audit_id": each.name, "kind": kind, "name": name}


def promise_chapters() -> Iterator[Row]:
    """Yield the chapters in which something is promised, with the roles that own it."""
    promised = {name.partition("/")[0] for document in documents() for promise in document.promises for name in promise.measures}
    for chapter in sorted(promised):
        yield {"id": chapter, "roles": sorted(roles_by_chapter().get(chapter, ()))}


def audit_bodies() -> Iterator[Row]:
    """Yield outside bodies."""
    for each in AuditBody.objects.all():
        yield {
            "id": each.name,
            "title": each.title,
            "accreditor": each.accreditor or None,
            "accredited_until_on": each.accredited_until_on,
            "independence_checked_on": each.independence_checked_on,
            "advised_until_on": each.advised_until_on,
        }


def audit_findings() -> Iterator[Row]:
    """Yield what audits found."""
    for each in AuditFinding.objects.select_related("audit"):
        yield {
            "id": str(each.pk),
            "audit_id": each.audit.name,
            "title": f"{each.audit.title}, {each.grade} {each.pk}",
            "grade": each.grade,
            "owner_id": each.person,
            "due_on": each.due_on,
            "closed_at": each.closed_at,
        }


def managed_areas() -> Iterator[Row]:
    """Yield areas with their managers."""
    for each in ManagedArea.objects.filter(ended_on=None):
        yield {"id": each.name, "title": each.title, "manager_id": each.manager, "chapters": list(each.chapters), "from_on": each.from_on}


def area_reviews() -> Iterator[Row]:
    """Yield managers' signed reviews."""
    for each in AreaReview.objects.select_related("area"):
        yield {
            "id": str(each.pk),
            "area_id": each.area.name,
            "manager_id": each.manager,
            "signed_at": each.signed_at,
            "complies": each.complies,
        }


def technical_reviews() -> Iterator[Row]:
    """Yield technical reviews by hand."""
    for each in TechnicalReview.objects.all():
        yield {"id": str(each.pk), "system_id": each.system, "person_id": each.person, "reviewed_at": each.at}


def audit_windows() -> Iterator[Row]:
    """Yield windows, agreed or not; and those that stand for sources which try more than to read, agreed by setting them up so."""
    for each in AuditWindow.objects.all():
        yield {
            "id": str(each.pk),
            "system_id": each.system,
            "from_at": each.from_at,
            "until_at": each.until_at,
            "read_only": each.read_only,
            "agreed_by_id": each.agreed_by or None,
            "agreed_at": each.agreed_at,
        }
    for source in _trying():
        yield {
            "id": f"source {source.name}",
            "system_id": source.settings["system"],
            "from_at": source.added_at,
            "until_at": source.removed_at or source.added_at + STANDING,
            "read_only": False,
            "agreed_by_id": OPERATOR,
            "agreed_at": source.added_at,
        }


def _trying() -> list[ConfiguredSource]:
    """Return the sources, of now and before, that were set up to try guesses and weak passwords on an account kept for that."""
    return [source for source in ConfiguredSource.objects.all() if source.settings.get("probe_dn") and source.settings.get("system")]


def audit_activities() -> Iterator[Row]:
    """Yield what was done to live systems for audits; of the product itself, the readings that tried something, of a year."""
    for each in AuditActivity.objects.all():
        yield {
            "id": str(each.pk),
            "system_id": each.system,
            "person_id": each.person,
            "from_at": each.from_at,
            "until_at": each.until_at,
            "read_only": each.read_only,
        }
    tried = Collection.objects.filter(source__in=_trying(), error="", started_at__gt=clock.now() - A_YEAR)
    for reading in tried.select_related("source"):
        yield {
            "id": f"reading {reading.id}",
            "system_id": reading.source.settings["system"],
            "person_id": PRODUCT,
            "from_at": reading.started_at,
            "until_at": reading.finished_at,
            "read_only": False,
        }
