"""Rows about documents that people write: policies, procedures, plans and playbooks, with versions and who did what to each."""

from enum import StrEnum
from typing import ClassVar

from django.apps import apps
from django.db import models

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.accounts.scope import Ties
from upheld.actions.models import Record

POLICIES = "policies"


class PolicyKind(StrEnum):
    """What sort of document it is."""

    POLICY = "policy"
    PROCEDURE = "procedure"
    PLAN = "plan"
    PLAYBOOK = "playbook"


class Audience(StrEnum):
    """Who among the people has to read it."""

    EVERYONE = "everyone"
    DEPARTMENT = "department"
    ROLE = "role"
    NOBODY = "nobody"


class Outsider(StrEnum):
    """Who outside the company it is meant for."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    VISITOR = "visitor"


class State(StrEnum):
    """How far a version is."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    RETIRED = "retired"


class Topic(Record):
    """A topic that the company wants a published document on."""

    ties: ClassVar[Ties] = Ties(chapter="governance")
    thing: ClassVar[str] = POLICIES
    listed: ClassVar[tuple[str, ...]] = ("name", "why")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    why = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "topic"

    def __str__(self) -> str:
        return self.title


class Policy(Record):
    """A document that people write. `quorum` is how many must approve a version; spans are in words ("12 months")."""

    ties: ClassVar[Ties] = Ties(chapter="governance", owner="owner")
    thing: ClassVar[str] = POLICIES
    listed: ClassVar[tuple[str, ...]] = ("kind", "owner", "audience", "review_every", "retired_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    joined: ClassVar[tuple[str, ...]] = ("topic",)
    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="policies")
    owner = models.CharField(max_length=120, db_index=True)
    audience = models.CharField(max_length=20)
    audience_name = models.CharField(max_length=120, blank=True)
    outsiders = models.JSONField(default=list)
    public = models.BooleanField()
    review_every = models.CharField(max_length=40)
    acknowledge_within = models.CharField(max_length=40)
    quorum = models.PositiveSmallIntegerField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "policy"
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.title


class PolicyVersion(Record):
    """One version of a policy's text (Markdown). `digest` is the SHA-256 of the text as published, parameters written in."""

    ties: ClassVar[Ties] = Ties(chapter="governance", owner="policy__owner")
    thing: ClassVar[str] = POLICIES
    listed: ClassVar[tuple[str, ...]] = ("state", "author", "published_at")
    searched: ClassVar[tuple[str, ...]] = ("policy__title", "policy__name")
    persons: ClassVar[tuple[str, ...]] = ("author",)
    joined: ClassVar[tuple[str, ...]] = ("policy",)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    summary = models.TextField(blank=True)
    author = models.CharField(max_length=120)
    state = models.CharField(max_length=20)
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    published_text = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("policy__name", "-number")
        verbose_name = "policy version"
        constraints = (
            models.UniqueConstraint(fields=["policy", "number"], name="a_version_once"),
            models.UniqueConstraint(fields=["policy"], condition=models.Q(state="published"), name="one_published_version"),
        )

    def __str__(self) -> str:
        return f"{self.policy}, version {self.number}"

    @classmethod
    def shown_to(cls, person: Person) -> models.Q:
        """What was approved is for all; before, for whoever leads, wrote it or answers for it, and for management while it decides."""
        if person.roles & {Role.SECURITY_LEAD, Role.DPO}:
            return models.Q()
        shown = ~models.Q(published_at=None) | models.Q(state=State.APPROVED)
        if not person.ref:
            return shown
        shown |= models.Q(author=person.ref) | models.Q(policy__owner=person.ref)
        held = apps.get_model("registers", "Holding").objects.filter(  # by its name: that module imports this one
            person=person.ref, part="accountable", responsibility__management=True, from_on__lte=clock.now().date()
        )
        running = held.filter(models.Q(until_on=None) | models.Q(until_on__gte=clock.now().date()))
        return shown | models.Q(models.Exists(running), state=State.IN_REVIEW)


class Approval(Record):
    """What somebody decided about a version in review."""

    ties: ClassVar[Ties] = Ties(chapter="governance", owner="person", at="at")
    thing: ClassVar[str] = POLICIES
    listed: ClassVar[tuple[str, ...]] = ("person", "at", "approves")
    searched: ClassVar[tuple[str, ...]] = ("of__policy__title",)
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("of__policy",)
    of = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="approvals")
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    approves = models.BooleanField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "id")
        verbose_name = "approval"

    def __str__(self) -> str:
        return f"{self.of}: {'approved' if self.approves else 'sent back'} by {self.person}"


class Acknowledgement(Record):
    """Somebody read a version: when, and the digest of the text that they were shown."""

    ties: ClassVar[Ties] = Ties(chapter="governance", owner="person", at="at")
    thing: ClassVar[str] = POLICIES
    listed: ClassVar[tuple[str, ...]] = ("person", "at")
    searched: ClassVar[tuple[str, ...]] = ("of__policy__title", "person")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("of__policy",)
    of = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="acknowledgements")
    person = models.CharField(max_length=120, db_index=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("at", "id")
        verbose_name = "acknowledgement"
        constraints = (models.UniqueConstraint(fields=["of", "person"], name="acknowledged_once"),)

    def __str__(self) -> str:
        return f"{self.of}: {self.person}"


class OutsideParty(Record):
    """Somebody outside the company whom policies are meant for: a supplier with access, a customer, a regular visitor."""

    ties: ClassVar[Ties] = Ties(chapter="governance")
    listed: ClassVar[tuple[str, ...]] = ("kind", "from_on", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("title",)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = "outside party"
        verbose_name_plural = "outside parties"

    def __str__(self) -> str:
        return self.title


class Handover(Record):
    """A version was given to an outside party: when, and how."""

    ties: ClassVar[Ties] = Ties(chapter="governance", at="at")
    listed: ClassVar[tuple[str, ...]] = ("at", "how")
    searched: ClassVar[tuple[str, ...]] = ("party__title", "of__policy__title")
    joined: ClassVar[tuple[str, ...]] = ("of__policy", "party")
    of = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="handovers")
    party = models.ForeignKey(OutsideParty, models.PROTECT, related_name="handovers")
    at = models.DateTimeField()
    how = models.CharField(max_length=300)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "hand-over"

    def __str__(self) -> str:
        return f"{self.of} to {self.party}"


class Outcome(StrEnum):
    """What a review found."""

    GOOD = "still good"
    CHANGE = "must change"


class Review(Record):
    """Somebody looked whether a policy is still right."""

    ties: ClassVar[Ties] = Ties(chapter="governance", owner="person", at="at")
    thing: ClassVar[str] = POLICIES
    listed: ClassVar[tuple[str, ...]] = ("person", "at", "outcome")
    searched: ClassVar[tuple[str, ...]] = ("policy__title",)
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("policy",)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="reviews")
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "review"

    def __str__(self) -> str:
        return f"{self.policy}, {self.at:%Y-%m-%d}"


class ChangeKind(StrEnum):
    """What makes a policy be looked at out of turn."""

    INCIDENT = "incident"
    FINDING = "audit finding"
    PROCESSING = "new processing"
    OTHER = "other"


class SignificantChange(Record):
    """Something that happened and that a policy must be reviewed for."""

    ties: ClassVar[Ties] = Ties(chapter="governance", owner="policy__owner", at="at")
    listed: ClassVar[tuple[str, ...]] = ("kind", "what", "at")
    searched: ClassVar[tuple[str, ...]] = ("what", "policy__title")
    joined: ClassVar[tuple[str, ...]] = ("policy",)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="significant_changes")
    kind = models.CharField(max_length=20)
    what = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "significant change"

    def __str__(self) -> str:
        return f"{self.policy}, {self.kind} of {self.at:%Y-%m-%d}"
