"""What one person owes now: read from the registers each time, so that nothing is forgotten while nobody looked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from upheld.accounts.person import Person
from upheld.actions.allowing import why_not_at_all
from upheld.actions.declaring import declared
from upheld.checks import library
from upheld.checks.span import span
from upheld.registers.findings.due import due_on
from upheld.registers.findings.models import Care, RiskAccepted
from upheld.registers.findings.models import State as Exceptional
from upheld.registers.governance.models import GROUPS, Assessment, Contact, Participation
from upheld.registers.governance.policy_models import Acknowledgement, Audience, Policy, PolicyVersion, Review, State
from upheld.registers.governance.responsibilities import management_roles
from upheld.registers.staff import known
from upheld.verdicts.models import Finding

AHEAD = timedelta(days=30)  # how long before its day a review is somebody's work
YEARLY = span("12 months")


@dataclass(frozen=True)
class Owed:
    """One thing to do: in words, about what, by when (None: whenever), by which action, on which record; or a finding's number."""

    what: str
    about: str
    due_at: datetime | None
    action: str = ""
    record: int | None = None
    finding: int | None = None


def owed(person: Person, now: datetime) -> list[Owed]:
    """Return what `person` owes, what is due first first. Each is something that they may do."""
    if not person.ref:
        return []
    found = [each for part in _PARTS for each in part(person, now) if _may(person, each)]
    return sorted(found, key=lambda each: (each.due_at or datetime.max.replace(tzinfo=UTC), each.what, each.about))


def _may(person: Person, each: Owed) -> bool:
    return not each.action or why_not_at_all(declared()[each.action], person) is None


def _to_acknowledge(person: Person, now: datetime) -> Iterator[Owed]:
    me = known().get(person.ref)
    read = Acknowledgement.objects.filter(person=person.ref).values("of")
    waiting = (
        PolicyVersion.objects.filter(state=State.PUBLISHED).exclude(pk__in=read).select_related("policy").defer("text", "published_text")
    )
    for version in waiting:
        policy = version.policy
        is_reader = policy.audience == Audience.EVERYONE or (
            me is not None and (policy.audience, policy.audience_name) in ((Audience.DEPARTMENT, me.department), (Audience.ROLE, me.role))
        )
        if is_reader and version.published_at is not None:
            began = datetime.combine(me.started_on, time(), UTC) if me and me.started_on else version.published_at
            due = max(version.published_at, began) + span(policy.acknowledge_within).about
            yield Owed("Read and acknowledge", str(version), due, "governance.acknowledge-policy", version.pk)


def _to_decide(person: Person, now: datetime) -> Iterator[Owed]:
    waiting = PolicyVersion.objects.filter(state=State.IN_REVIEW).select_related("policy").defer("text", "published_text")
    versions = list(waiting.exclude(author=person.ref).exclude(approvals__person=person.ref))
    if versions and management_roles(person.ref, now.date()):
        for version in versions:
            yield Owed("Approve, or send back", str(version), None, "governance.approve-policy", version.pk)
    for assessment in Assessment.objects.filter(approved_at=None).exclude(author=person.ref).select_related("project"):
        if person.ref not in (assessment.project.owner, *assessment.project.members):
            yield Owed("Approve the security assessment", str(assessment.project), None, "governance.approve-assessment", assessment.pk)
    for asked in RiskAccepted.objects.filter(state=Exceptional.ASKED).exclude(asked_by=person.ref):
        yield Owed("Decide about an exception", str(asked), None, "findings.approve-exception", asked.pk)


def _to_review(person: Person, now: datetime) -> Iterator[Owed]:
    mine = list(Policy.objects.filter(owner=person.ref, retired_at=None))
    if not mine:
        return
    reviewed = dict(Review.objects.filter(policy__in=mine).order_by("at").values_list("policy_id", "at"))
    published = PolicyVersion.objects.filter(policy__in=mine, state=State.PUBLISHED).values_list("policy_id", "published_at")
    for policy_id, at in published:
        policy = next(each for each in mine if each.pk == policy_id)
        due = span(policy.review_every).after(max(filter(None, (at, reviewed.get(policy_id)))))
        if due <= now + AHEAD:
            yield Owed("Review", str(policy), due, "governance.review-policy", policy.pk)


def _contacts(person: Person, now: datetime) -> Iterator[Owed]:
    mine = list(Contact.objects.filter(holder=person.ref, ended_at=None))
    groups = [each for each in mine if each.kind in GROUPS]
    last = dict(Participation.objects.filter(contact__in=groups).order_by("at").values_list("contact_id", "at"))
    for contact in mine:
        if contact.kind in GROUPS:
            at, every, what, name = last.get(contact.pk), span(contact.active_every), "Take part in", "governance.note-participation"
        else:
            at, every, what, name = contact.verified_at, YEARLY, "Try this contact", "governance.verify-contact"
        due = every.after(at) if at else now
        if due <= now + AHEAD:
            yield Owed(what, str(contact), due, name, contact.pk)


def _findings(person: Person, now: datetime) -> Iterator[Owed]:
    care = {(each.measure, each.subject): each for each in Care.objects.filter(person=person.ref)}
    if not care:
        return
    measures = library.shipped()
    subjects = {subject for _measure, subject in care}
    for finding in Finding.objects.filter(resolved_at=None, subject__in=subjects):
        mine = care.get((finding.measure, finding.subject))
        if mine is not None:
            severity = measures[finding.measure].severity if finding.measure in measures else ""
            day = due_on(severity, finding.first_seen_at, mine.due_on)
            due = datetime.combine(day, time(), UTC) + timedelta(days=1)
            yield Owed("Mend", f"{finding.label}: {finding.detail}", due, finding=finding.pk)


_PARTS: tuple[Callable[[Person, datetime], Iterator[Owed]], ...] = (_to_acknowledge, _to_decide, _to_review, _contacts, _findings)
