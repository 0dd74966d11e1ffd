"""Rows about audits: who audits, what in which period, what was asked and sampled, and what was found."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class Chapter(StrEnum):
    """A chapter of promises: what an audit covers, or a manager answers for."""

    GOVERNANCE = "governance"
    PEOPLE = "people"
    INCIDENTS = "incidents"
    COMPLIANCE = "compliance"
    PHYSICAL = "physical"
    ACCESS = "access"
    AUTHORIZATION = "authorization"
    CRYPTOGRAPHY = "cryptography"
    ASSETS = "assets"
    TRANSFER = "transfer"
    SUPPLIERS = "suppliers"
    BACKUP = "backup"
    CHANGE = "change"
    CONTINUITY = "continuity"
    OPERATIONS = "operations"
    SEPARATION = "separation"
    PRIVACY = "privacy"


class Kind(StrEnum):
    """What an audit is for. Those by an outside body count as external ones."""

    INTERNAL = "internal"
    INDEPENDENT = "independent-review"
    CERTIFICATION = "certification"
    SURVEILLANCE = "surveillance"
    RECERTIFICATION = "recertification"
    CUSTOMER = "by-a-customer"


BY_BODIES = frozenset({Kind.CERTIFICATION, Kind.SURVEILLANCE, Kind.RECERTIFICATION})


class AuditState(StrEnum):
    """How far an audit is."""

    PLANNED = "planned"
    RUNNING = "running"
    REPORTED = "reported"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class AuditBody(Record):
    """An outside body that audits or certifies. `advised_until_on` is the last day on which it advised us on what it audits."""

    ties: ClassVar[Ties] = Ties(chapter="compliance")
    listed: ClassVar[tuple[str, ...]] = ("accreditor", "accredited_until_on", "independence_checked_on")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "accreditor")
    persons: ClassVar[tuple[str, ...]] = ("independence_checked_by",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    accreditor = models.CharField(max_length=300, blank=True)
    accreditation = models.CharField(max_length=120, blank=True)
    accredited_until_on = models.DateField(null=True, blank=True)
    advised_until_on = models.DateField(null=True, blank=True)
    independence_checked_on = models.DateField(null=True, blank=True)
    independence_checked_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("title",)
        verbose_name = "body that audits"
        verbose_name_plural = "bodies that audit"

    def __str__(self) -> str:
        return self.title


class Audit(Record):
    """One audit of the programme. `chapters` and `systems` are its scope, the period is what it looks back on.

    `lead` leads it; `auditors` are all who audit, people.id, the lead among them. Where an outside body audits there need be none.
    """

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="lead", at="opened_at")
    files_over: ClassVar[str] = "closed_at"
    listed: ClassVar[tuple[str, ...]] = ("kind", "state", "lead", "planned_from_on", "ended_on")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "criteria")
    persons: ClassVar[tuple[str, ...]] = ("lead", "auditors")
    joined: ClassVar[tuple[str, ...]] = ("body",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    criteria = models.TextField()
    chapters = models.JSONField(default=list)
    systems = models.JSONField(default=list)
    period_from_on = models.DateField()
    period_until_on = models.DateField()
    planned_from_on = models.DateField()
    planned_until_on = models.DateField()
    lead = models.CharField(max_length=120, blank=True, db_index=True)
    auditors = models.JSONField(default=list)
    body = models.ForeignKey(AuditBody, models.PROTECT, null=True, blank=True, related_name="audits")
    follows = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10)
    opened_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)
    conclusion = models.TextField(blank=True)
    report = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-planned_from_on", "-id")
        verbose_name = "audit"

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it is still being worked on."""
        return self.state in (AuditState.PLANNED, AuditState.RUNNING)


class AuditRequest(Record):
    """Something that the auditors asked of somebody, due by a day: a question, or evidence."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="person", concerns="audit__lead", at="asked_at")
    files_over: ClassVar[str] = "audit__closed_at"
    listed: ClassVar[tuple[str, ...]] = ("audit", "person", "due_on", "answered_at", "accepted_at")
    searched: ClassVar[tuple[str, ...]] = ("what", "audit__title")
    persons: ClassVar[tuple[str, ...]] = ("person", "asked_by", "accepted_by")
    joined: ClassVar[tuple[str, ...]] = ("audit",)
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="requests")
    what = models.TextField()
    person = models.CharField(max_length=120, db_index=True)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    answer = models.TextField(blank=True)
    file = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=120, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("due_on", "id")
        verbose_name = "audit request"

    def __str__(self) -> str:
        return self.what if len(self.what) <= 100 else f"{self.what[:99]}…"


class Sample(Record):
    """A sample of a measure's population as of an instant: which `size` of `population` were drawn follows from `seed` and `digest`."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="audit__lead", at="drawn_at")
    listed: ClassVar[tuple[str, ...]] = ("audit", "measure", "as_of", "size", "population")
    searched: ClassVar[tuple[str, ...]] = ("measure", "audit__title")
    persons: ClassVar[tuple[str, ...]] = ("drawn_by",)
    joined: ClassVar[tuple[str, ...]] = ("audit",)
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="samples")
    measure = models.CharField(max_length=120)
    as_of = models.DateTimeField()
    population = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10)
    drawn_by = models.CharField(max_length=120)
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ("drawn_at", "id")
        verbose_name = "sample"

    def __str__(self) -> str:
        return f"{self.size} of {self.population} of {self.measure}"


class SampleItem(Record):
    """One subject that a sample drew, and what the auditors found when they looked at it: conforms, deviates, or nothing yet."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="sample__audit__lead", at="tested_at")
    listed: ClassVar[tuple[str, ...]] = ("sample", "result", "tested_by", "tested_at")
    searched: ClassVar[tuple[str, ...]] = ("subject", "label")
    persons: ClassVar[tuple[str, ...]] = ("tested_by",)
    joined: ClassVar[tuple[str, ...]] = ("sample",)
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="items")
    place = models.PositiveIntegerField()
    subject = models.TextField()
    label = models.TextField()
    measured = models.CharField(max_length=10)
    result = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
    tested_by = models.CharField(max_length=120, blank=True)
    tested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("sample", "place")
        verbose_name = "item of a sample"
        verbose_name_plural = "items of samples"

    def __str__(self) -> str:
        return self.label


class Grade(StrEnum):
    """How grave what was found is."""

    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"


class AuditFinding(Record):
    """What an audit found, who mends it by when, and whether that worked."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="person", concerns="audit__lead", at="raised_at")
    files_over: ClassVar[str] = "closed_at"
    listed: ClassVar[tuple[str, ...]] = ("audit", "grade", "person", "due_on", "closed_at")
    searched: ClassVar[tuple[str, ...]] = ("what", "clause", "audit__title")
    persons: ClassVar[tuple[str, ...]] = ("person", "raised_by", "closed_by")
    joined: ClassVar[tuple[str, ...]] = ("audit",)
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="findings")
    grade = models.CharField(max_length=12)
    clause = models.CharField(max_length=120, blank=True)
    what = models.TextField()
    person = models.CharField(max_length=120, db_index=True)
    due_on = models.DateField()
    raised_by = models.CharField(max_length=120)
    raised_at = models.DateTimeField()
    cause = models.TextField(blank=True)
    correction = models.TextField(blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=64, blank=True)
    closed_by = models.CharField(max_length=120, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    effect = models.TextField(blank=True)

    class Meta:
        ordering = ("due_on", "id")
        verbose_name = "audit finding"

    def __str__(self) -> str:
        said = self.what if len(self.what) <= 100 else f"{self.what[:99]}…"
        return f"{self.grade}: {said}"
