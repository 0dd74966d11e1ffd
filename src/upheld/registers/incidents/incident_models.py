"""Rows of one incident: itself, its checklist, its timeline, who was told of it, and what was learned from it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class Severity(StrEnum):
    """How bad it is; each has its own time to be acknowledged and contained in (parameters of this chapter)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Incident(Record):
    """An incident from opening to closing. `known_at` is when it was known to be a breach of personal data: the law's clock runs from then.

    `personal_data` is None until somebody decided whether it is one. `lead` and `second` handle it.
    """

    ties: ClassVar[Ties] = Ties(chapter="incidents", owner="lead", concerns="second", at="opened_at")
    listed: ClassVar[tuple[str, ...]] = ("severity", "lead", "opened_at", "contained_at", "closed_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "severity", "category__title")
    persons: ClassVar[tuple[str, ...]] = ("lead", "second", "opened_by", "acknowledged_by")
    joined: ClassVar[tuple[str, ...]] = ("category",)
    pages: ClassVar[Mapping[str, str]] = {"incident": "Clocks, timeline and playbook"}
    title = models.CharField(max_length=300)
    category = models.ForeignKey("registers.IncidentCategory", models.PROTECT, related_name="incidents")
    severity = models.CharField(max_length=10)
    lead = models.CharField(max_length=120, db_index=True)
    second = models.CharField(max_length=120, blank=True, db_index=True)
    happened_at = models.DateTimeField(null=True, blank=True)
    noticed_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=120)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=120, blank=True)
    contained_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    personal_data = models.BooleanField(null=True, blank=True)
    known_at = models.DateTimeField(null=True, blank=True)
    affected = models.TextField(blank=True)
    consequences = models.TextField(blank=True)
    measures = models.TextField(blank=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        verbose_name = "incident"

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> str:
        """How far it is, in a word."""
        stages = (("closed", self.closed_at), ("resolved", self.resolved_at), ("contained", self.contained_at))
        return next((word for word, at in stages if at), "being handled" if self.acknowledged_at else "open")


class IncidentStep(Record):
    """A step of the playbook as an incident's checklist has it; done, or excused with a reason."""

    ties: ClassVar[Ties] = Ties(chapter="incidents", owner="incident__lead", concerns="person", also=("incident__second",))
    listed: ClassVar[tuple[str, ...]] = ("incident", "role", "person", "done_at", "excused_at")
    searched: ClassVar[tuple[str, ...]] = ("words", "incident__title")
    persons: ClassVar[tuple[str, ...]] = ("person", "done_by", "excused_by")
    joined: ClassVar[tuple[str, ...]] = ("incident",)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    words = models.TextField()
    role = models.CharField(max_length=60, blank=True)
    person = models.CharField(max_length=120, blank=True, db_index=True)
    mandatory = models.BooleanField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=120, blank=True)
    excused_at = models.DateTimeField(null=True, blank=True)
    excused_by = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("incident_id", "position")
        verbose_name = "step of an incident"
        verbose_name_plural = "steps of incidents"
        constraints = (models.UniqueConstraint(fields=["incident", "position"], name="a_step_once"),)

    def __str__(self) -> str:
        return self.words

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor excused."""
        return self.done_at is None and self.excused_at is None


class Said(StrEnum):
    """What an entry of the timeline tells."""

    NOTE = "noted"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    SEVERITY = "severity changed"
    HANDED_OVER = "handed over"
    STEP_DONE = "step done"
    STEP_EXCUSED = "step excused"
    CONTAINED = "contained"
    BREACH = "personal data breached"
    NO_BREACH = "no personal data breached"
    NOTIFIED = "notified"
    NOT_NOTIFIED = "not notified"
    RESOLVED = "resolved"
    CLOSED = "closed"
    LEARNED = "learned"


class IncidentNote(Record):
    """One entry of an incident's timeline: when it was, who says it, and what."""

    ties: ClassVar[Ties] = Ties(chapter="incidents", owner="incident__lead", concerns="incident__second", at="at")
    listed: ClassVar[tuple[str, ...]] = ("at", "person", "kind", "words")
    searched: ClassVar[tuple[str, ...]] = ("words", "incident__title")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("incident",)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    person = models.CharField(max_length=120)
    kind = models.CharField(max_length=30)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "id")
        verbose_name = "entry of a timeline"
        verbose_name_plural = "timelines of incidents"

    def __str__(self) -> str:
        return f"{self.incident}, {self.at:%Y-%m-%d %H:%M}"


class Told(StrEnum):
    """Whom one tells of an incident."""

    AUTHORITY = "supervisory-authority"
    SUBJECTS = "data-subjects"
    CUSTOMERS = "customers"
    OTHERS = "others"


class IncidentNotice(Record):
    """Somebody outside was told of an incident: when and how; or need not be told, and why not."""

    ties: ClassVar[Ties] = Ties(chapter="incidents", owner="incident__lead", concerns="incident__second", at="at")
    listed: ClassVar[tuple[str, ...]] = ("to", "sent_at", "waived", "person")
    searched: ClassVar[tuple[str, ...]] = ("to", "incident__title")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("incident",)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notices")
    to = models.CharField(max_length=30)
    at = models.DateTimeField()
    person = models.CharField(max_length=120)
    sent_at = models.DateTimeField(null=True, blank=True)
    how = models.TextField(blank=True)
    waived = models.BooleanField()

    class Meta:
        ordering = ("at", "id")
        verbose_name = "notice of an incident"
        verbose_name_plural = "notices of incidents"

    def __str__(self) -> str:
        return f"{self.incident}, {self.to}"


class Lesson(Record):
    """What an incident taught: its cause, and what is done otherwise from now on. `strengthens` names a measure or promise."""

    ties: ClassVar[Ties] = Ties(chapter="incidents", owner="person", at="at")
    listed: ClassVar[tuple[str, ...]] = ("person", "at", "strengthens")
    searched: ClassVar[tuple[str, ...]] = ("lesson", "cause", "incident__title")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("incident",)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="lessons")
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    cause = models.TextField()
    lesson = models.TextField()
    strengthens = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "lesson"
        verbose_name_plural = "lessons from incidents"

    def __str__(self) -> str:
        return f"{self.incident}, {self.at:%Y-%m-%d}"


class FollowUp(Record):
    """Something that somebody does by a day, so that an incident does not come again."""

    ties: ClassVar[Ties] = Ties(chapter="incidents", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("owner", "due_on", "done_at")
    searched: ClassVar[tuple[str, ...]] = ("what", "lesson__incident__title")
    persons: ClassVar[tuple[str, ...]] = ("owner", "done_by")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="follow_ups")
    what = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("due_on", "id")
        verbose_name = "follow-up"

    def __str__(self) -> str:
        return self.what
