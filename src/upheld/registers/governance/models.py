"""Rows of the chapter governance: responsibilities, contacts and projects; policies have a file of their own."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.governance.policy_models import (
    Acknowledgement,
    Approval,
    Handover,
    OutsideParty,
    Policy,
    PolicyVersion,
    Review,
    SignificantChange,
    Topic,
)
from upheld.registers.governance.publication_models import DocumentVersion

__all__ = [
    "Acknowledgement",
    "Activity",
    "Approval",
    "Assessment",
    "Contact",
    "DocumentVersion",
    "Handover",
    "Holding",
    "Jurisdiction",
    "OutsideParty",
    "Participation",
    "Policy",
    "PolicyVersion",
    "Project",
    "Responsibility",
    "Review",
    "SignificantChange",
    "Topic",
]


class Part(StrEnum):
    """What somebody's part in a responsibility is: answers for it, does it, is asked before, is told after."""

    ACCOUNTABLE = "accountable"
    RESPONSIBLE = "responsible"
    CONSULTED = "consulted"
    INFORMED = "informed"


class Responsibility(Record):
    """Something that somebody must answer for. `conflicts` names responsibilities that its holder may not have beside it."""

    ties: ClassVar[Ties] = Ties(chapter="governance", team="name")
    listed: ClassVar[tuple[str, ...]] = ("name", "management", "programme")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    purpose = models.TextField()
    management = models.BooleanField()
    programme = models.BooleanField()
    conflicts = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "responsibility"
        verbose_name_plural = "responsibilities"

    def __str__(self) -> str:
        return self.title


class Holding(Record):
    """Somebody's part in a responsibility, from a day until another. `appointment` is the digest of the letter, "" for none."""

    ties: ClassVar[Ties] = Ties(chapter="governance", owner="person", team="responsibility__name")
    listed: ClassVar[tuple[str, ...]] = ("part", "person", "deputy", "from_on", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("person", "responsibility__title")
    persons: ClassVar[tuple[str, ...]] = ("person", "deputy")
    joined: ClassVar[tuple[str, ...]] = ("responsibility",)
    responsibility = models.ForeignKey(Responsibility, models.PROTECT, related_name="holdings")
    person = models.CharField(max_length=120, db_index=True)
    part = models.CharField(max_length=20)
    deputy = models.CharField(max_length=120, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    appointment = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("responsibility__name", "from_on", "id")
        verbose_name = "holding"

    def __str__(self) -> str:
        return f"{self.responsibility}, {self.part}: {self.person}"


class Activity(Record):
    """Something that the holder of a responsibility did for it."""

    ties: ClassVar[Ties] = Ties(chapter="governance", owner="person", team="responsibility__name", at="at")
    listed: ClassVar[tuple[str, ...]] = ("person", "at", "note")
    searched: ClassVar[tuple[str, ...]] = ("note", "responsibility__title")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("responsibility",)
    responsibility = models.ForeignKey(Responsibility, models.PROTECT, related_name="activities")
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "activity"
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return f"{self.responsibility}, {self.at:%Y-%m-%d}"


class Jurisdiction(Record):
    """A country or state that the company works in."""

    ties: ClassVar[Ties] = Ties(chapter="governance")
    listed: ClassVar[tuple[str, ...]] = ("code", "from_on", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("code", "title")
    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("title",)
        verbose_name = "jurisdiction"

    def __str__(self) -> str:
        return self.title


class ContactKind(StrEnum):
    """Whom one can call, or which group one belongs to."""

    SUPERVISORY = "supervisory-authority"
    POLICE = "police"
    EMERGENCY = "emergency"
    OTHER = "other-authority"
    CERT = "cert"
    ISAC = "isac"
    ASSOCIATION = "association"
    FEED = "advisory-feed"


GROUPS = frozenset({ContactKind.CERT, ContactKind.ISAC, ContactKind.ASSOCIATION, ContactKind.FEED})


class Contact(Record):
    """An authority to call, or a group that the company belongs to. `active_every` is how often one takes part in a group at least."""

    ties: ClassVar[Ties] = Ties(chapter="governance", owner="holder")
    listed: ClassVar[tuple[str, ...]] = ("kind", "jurisdiction", "holder", "verified_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "kind")
    persons: ClassVar[tuple[str, ...]] = ("holder", "verified_by")
    joined: ClassVar[tuple[str, ...]] = ("jurisdiction",)
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=300)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, blank=True, related_name="contacts")
    when_to_call = models.TextField(blank=True)
    how = models.TextField()
    deadline = models.CharField(max_length=40, blank=True)
    active_every = models.CharField(max_length=40, blank=True)
    holder = models.CharField(max_length=120, db_index=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = "contact"

    def __str__(self) -> str:
        return self.title

    @property
    def is_group(self) -> bool:
        """Whether it is a group one belongs to, rather than an authority one calls."""
        return self.kind in GROUPS


class Participation(Record):
    """Something that was done in a group: a meeting, an advisory read and acted on."""

    ties: ClassVar[Ties] = Ties(chapter="governance", owner="person", at="at")
    listed: ClassVar[tuple[str, ...]] = ("person", "at", "note")
    searched: ClassVar[tuple[str, ...]] = ("note", "contact__title")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("contact",)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="participations")
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "participation"

    def __str__(self) -> str:
        return f"{self.contact}, {self.at:%Y-%m-%d}"


class Stage(StrEnum):
    """How far a project is."""

    IDEA = "idea"
    PLAN = "plan"
    BUILD = "build"
    TEST = "test"
    LIVE = "live"
    CLOSED = "closed"

    @property
    def is_built(self) -> bool:
        """Whether building has begun."""
        return self not in (Stage.IDEA, Stage.PLAN)


class Project(Record):
    """A project of whatever kind. `build_at` is when it came into building; `members` are people's ids."""

    ties: ClassVar[Ties] = Ties(chapter="governance", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("stage", "owner", "build_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    persons: ClassVar[tuple[str, ...]] = ("owner", "members")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    members = models.JSONField(default=list)
    stage = models.CharField(max_length=10)
    build_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "project"

    def __str__(self) -> str:
        return self.title


class Classification(StrEnum):
    """How confidential what a project handles is."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    STRICT = "strictly-confidential"


class Assessment(Record):
    """A project's security assessment, written by somebody and approved by somebody outside the project."""

    ties: ClassVar[Ties] = Ties(chapter="governance", owner="project__owner")
    listed: ClassVar[tuple[str, ...]] = ("author", "classification", "approved_by", "approved_at")
    searched: ClassVar[tuple[str, ...]] = ("project__title", "project__name")
    persons: ClassVar[tuple[str, ...]] = ("author", "approved_by")
    joined: ClassVar[tuple[str, ...]] = ("project",)
    project = models.ForeignKey(Project, models.PROTECT, related_name="assessments")
    author = models.CharField(max_length=120)
    risks = models.TextField()
    classification = models.CharField(max_length=20)
    personal_data = models.BooleanField()
    dpia_needed = models.BooleanField()
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "assessment"

    def __str__(self) -> str:
        return f"{self.project}, {'approved' if self.approved_at else 'not approved'}"
