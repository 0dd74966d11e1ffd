"""Rows about documents that people write, as measures read them."""

from collections.abc import Iterator

from upheld.checks.span import span
from upheld.evidence.table import Row
from upheld.registers.governance.policy_models import (
    Acknowledgement,
    Approval,
    Handover,
    OutsideParty,
    Policy,
    PolicyVersion,
    Review,
    SignificantChange,
    State,
    Topic,
)

_WRITTEN = (State.DRAFT, State.IN_REVIEW)


def policy_topics() -> Iterator[Row]:
    """Yield topics that must have a published document."""
    for each in Topic.objects.filter(ended_at=None):
        yield {"id": each.name, "title": each.title}


def policies() -> Iterator[Row]:
    """Yield documents, with the version in force and when to review it. Publication counts as a review: it was just approved."""
    current = {each.policy_id: each for each in PolicyVersion.objects.filter(state=State.PUBLISHED).defer("text", "published_text")}
    reviewed = dict(Review.objects.order_by("at").values_list("policy_id", "at"))
    for each in Policy.objects.filter(retired_at=None).select_related("topic"):
        version = current.get(each.pk)
        looked_at = max(filter(None, (reviewed.get(each.pk), version.published_at if version else None)), default=None)
        yield {
            "id": each.name,
            "title": each.title,
            "kind": each.kind,
            "topic_id": each.topic.name if each.topic else None,
            "owner_id": each.owner,
            "audience": each.audience,
            "audience_name": each.audience_name or None,
            "outsiders": list(each.outsiders),
            "version_id": str(version.pk) if version else None,
            "published_at": version.published_at if version else None,
            "acknowledge_until_at": span(each.acknowledge_within).after(version.published_at) if version and version.published_at else None,
            "acknowledge_within": span(each.acknowledge_within).about,
            "reviewed_at": looked_at,
            "review_due_at": span(each.review_every).after(looked_at) if looked_at else None,
        }


def policy_versions() -> Iterator[Row]:
    """Yield versions that were published, now in force or not."""
    versions = PolicyVersion.objects.exclude(published_at=None).select_related("policy__topic").defer("text", "published_text")
    for each in versions:
        yield {
            "id": str(each.pk),
            "policy_id": each.policy.name,
            "topic_id": each.policy.topic.name if each.policy.topic else None,
            "title": f"{each.policy.title}, version {each.number}",
            "author_id": each.author,
            "state": each.state,
            "published_at": each.published_at,
            "digest": each.digest,
        }


def policy_approvals() -> Iterator[Row]:
    """Yield who approved which version."""
    for each in Approval.objects.filter(approves=True):
        yield {"id": str(each.pk), "version_id": str(each.of_id), "person_id": each.person, "approved_at": each.at}


def policy_acknowledgements() -> Iterator[Row]:
    """Yield who acknowledged which version, and the digest of what they saw."""
    for each in Acknowledgement.objects.all().iterator():
        yield {
            "id": str(each.pk),
            "version_id": str(each.of_id),
            "person_id": each.person,
            "acknowledged_at": each.at,
            "digest": each.digest,
        }


def outside_parties() -> Iterator[Row]:
    """Yield outside parties."""
    for each in OutsideParty.objects.all():
        yield {"id": str(each.pk), "kind": each.kind, "title": each.title, "from_on": each.from_on, "until_on": each.until_on}


def policy_handovers() -> Iterator[Row]:
    """Yield which version was given to whom, when and how."""
    for each in Handover.objects.all():
        yield {"id": str(each.pk), "version_id": str(each.of_id), "party_id": str(each.party_id), "given_at": each.at, "how": each.how}


def policy_reviews() -> Iterator[Row]:
    """Yield reviews."""
    for each in Review.objects.select_related("policy"):
        yield {"id": str(each.pk), "policy_id": each.policy.name, "person_id": each.person, "reviewed_at": each.at}


def policy_changes() -> Iterator[Row]:
    """Yield significant changes."""
    for each in SignificantChange.objects.select_related("policy"):
        yield {"id": str(each.pk), "policy_id": each.policy.name, "kind": each.kind, "what": each.what, "happened_at": each.at}
