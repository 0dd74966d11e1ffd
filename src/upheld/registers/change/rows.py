"""Rows of this chapter's registers as measures read them."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.registers.change.models import Change, ChangeState, Deployment, DesignReview
from upheld.registers.change.release_models import Acceptance, CodeReview, PlatformTest
from upheld.registers.change.software_models import SoftwareRequest, SoftwareRule
from upheld.registers.change.written_models import Description, ProcedureRule

APPROVED = (ChangeState.APPROVED, ChangeState.DONE)


def changes() -> Iterator[Row]:
    """Yield changes; of one that was withdrawn after its approval, the time ends with that."""
    for each in Change.objects.all():
        given_up = each.ended_at if each.state == ChangeState.WITHDRAWN else None
        approved = each.state in APPROVED or given_up is not None
        yield {
            "id": each.name,
            "title": each.title,
            "kind": each.kind,
            "state": each.state,
            "systems": list(each.systems),
            "packages": list(each.packages),
            "personal_data": each.personal_data,
            "requested_by_id": each.requested_by,
            "carried_out_by": list(each.carried_out_by),
            "unattended": each.unattended,
            "from_at": each.from_at,
            "until_at": min(each.until_at, given_up) if given_up else each.until_at,
            "approved_by_id": (each.decided_by or None) if approved else None,
            "approved_at": each.decided_at if approved else None,
        }


def design_reviews() -> Iterator[Row]:
    """Yield privacy design reviews."""
    for each in DesignReview.objects.select_related("change"):
        yield {
            "id": str(each.pk),
            "change_id": each.change.name,
            "person_id": each.person,
            "reviewed_at": each.at,
            "passed": each.passed,
        }


def deployments() -> Iterator[Row]:
    """Yield what was put into operation, as people and pipelines told."""
    for each in Deployment.objects.all():
        yield {
            "id": str(each.pk),
            "system_id": each.system,
            "environment": each.environment,
            "release_id": each.release or None,
            "change_id": each.change or None,
            "deployed_by_id": each.person,
            "deployed_at": each.at,
        }


def release_acceptances() -> Iterator[Row]:
    """Yield acceptances of releases, with how many criteria each has, and how many of them are met."""
    for each in Acceptance.objects.prefetch_related("criteria"):
        met = [criterion.met for criterion in each.criteria.all()]
        yield {
            "id": str(each.pk),
            "system_id": each.system,
            "release_id": each.release,
            "criteria": len(met),
            "met": sum(found is True for found in met),
            "accepted_by_id": each.accepted_by or None,
            "accepted_at": each.accepted_at,
        }


def platform_tests() -> Iterator[Row]:
    """Yield tests of applications after changes of platforms."""
    for each in PlatformTest.objects.all():
        yield {
            "id": str(each.pk),
            "system_id": each.application,
            "platform_id": each.platform,
            "platform_version": each.platform_version,
            "person_id": each.person,
            "tested_at": each.at,
            "passed": each.passed,
        }


def code_reviews() -> Iterator[Row]:
    """Yield looks through code."""
    for each in CodeReview.objects.all():
        yield {
            "id": str(each.pk),
            "repository_id": each.repository,
            "path": each.path,
            "person_id": each.person,
            "reviewed_at": each.at,
        }


def software_rules() -> Iterator[Row]:
    """Yield what the list says of software, a `*` at the end taken off."""
    for each in SoftwareRule.objects.filter(ended_at=None):
        yield {
            "id": str(each.pk),
            "software": each.software.removesuffix("*"),
            "beginning": each.software.endswith("*"),
            "manager": each.manager or None,
            "allowed": each.verdict == "allowed",
        }


def software_requests() -> Iterator[Row]:
    """Yield what was granted to people beside the list."""
    for each in SoftwareRequest.objects.filter(granted=True):
        yield {
            "id": str(each.pk),
            "software": each.software,
            "device_id": each.device or None,
            "person_id": each.person,
            "approved_by_id": each.decided_by,
            "approved_at": each.decided_at,
            "until_on": each.until_on,
        }


def system_descriptions() -> Iterator[Row]:
    """Yield descriptions that are used."""
    for each in Description.objects.filter(retired_at=None):
        yield {
            "id": str(each.pk),
            "system_id": each.system,
            "kind": each.describes,
            "document_id": each.document or None,
            "place": each.place or None,
            "owner_id": each.owner,
            "reviewed_at": each.reviewed_at,
        }


def required_procedures() -> Iterator[Row]:
    """Yield which procedures each kind of system needs."""
    for each in ProcedureRule.objects.filter(ended_at=None):
        yield {"id": str(each.pk), "system_kind": each.system_kind, "task": each.task}
