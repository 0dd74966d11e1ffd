"""Rows about incidents: what was reported and decided, categories with their playbooks, who is on call, and the incidents themselves."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.incidents.incident_models import FollowUp, Incident, IncidentNote, IncidentNotice, IncidentStep, Lesson

__all__ = [
    "DetectionException",
    "FollowUp",
    "Incident",
    "IncidentCategory",
    "IncidentNote",
    "IncidentNotice",
    "IncidentStep",
    "Lesson",
    "OnCall",
    "ReportLink",
    "SecurityEvent",
]

FIRST_WORDS = 80


class IncidentCategory(Record):
    """A sort of incident, and by its short name the playbook by which such incidents are handled."""

    ties: ClassVar[Ties] = Ties(chapter="incidents")
    listed: ClassVar[tuple[str, ...]] = ("name", "playbook", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    examples = models.TextField(blank=True)
    playbook = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "category"
        verbose_name_plural = "categories of incidents"

    def __str__(self) -> str:
        return self.title


class EventKind(StrEnum):
    """What somebody reports: something that happened, or something that could be used."""

    EVENT = "event"
    WEAKNESS = "weakness"


class Decision(StrEnum):
    """What was decided about an event. Only the first opens an incident; the second makes it part of one that is open."""

    INCIDENT = "incident"
    PART = "part-of-an-incident"
    MEND = "weakness-to-mend"
    NONE = "no-incident"


class SecurityEvent(Record):
    """Something that was noticed and reported, by somebody, by a link or by a rule over logs, and what was decided about it.

    `reporter` is a people.id, "" where nobody signed in; `detections` are the numbers of what the rule found.
    """

    ties: ClassVar[Ties] = Ties(chapter="incidents", owner="reporter", at="reported_at")
    listed: ClassVar[tuple[str, ...]] = ("kind", "reporter", "reported_at", "decision", "decided_at")
    searched: ClassVar[tuple[str, ...]] = ("what", "decision")
    persons: ClassVar[tuple[str, ...]] = ("reporter", "decided_by")
    kind = models.CharField(max_length=10)
    what = models.TextField()
    noticed_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reporter = models.CharField(max_length=120, blank=True, db_index=True)
    contact = models.CharField(max_length=300, blank=True)
    link = models.ForeignKey("registers.ReportLink", models.PROTECT, null=True, blank=True, related_name="events")
    rule = models.CharField(max_length=200, blank=True)
    log = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=20, blank=True)
    detections = models.JSONField(default=list)
    decision = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="events")
    told_at = models.DateTimeField(null=True, blank=True)
    told = models.TextField(blank=True)

    class Meta:
        ordering = ("-reported_at", "-id")
        verbose_name = "event"
        verbose_name_plural = "reported events"
        indexes = (models.Index(fields=["decided_at", "reported_at"]),)

    def __str__(self) -> str:
        first = self.what.strip().splitlines()[0] if self.what.strip() else self.kind
        return first if len(first) <= FIRST_WORDS else f"{first[: FIRST_WORDS - 1]}…"


class DetectionException(Record):
    """Detections of `rule` that are expected until a day: in one log or ("") all, where line or group have the text `only`, if any."""

    ties: ClassVar[Ties] = Ties(chapter="incidents", owner="asked_by")
    listed: ClassVar[tuple[str, ...]] = ("rule", "log", "only", "until_on", "agreed_at", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("rule", "log", "only")
    persons: ClassVar[tuple[str, ...]] = ("asked_by", "agreed_by")
    rule = models.CharField(max_length=200, db_index=True)
    log = models.CharField(max_length=60, blank=True)
    only = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    until_on = models.DateField()
    asked_by = models.CharField(max_length=120)
    agreed_by = models.CharField(max_length=120, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-until_on", "-id")
        verbose_name = "exception for detections"
        verbose_name_plural = "exceptions for detections"

    def __str__(self) -> str:
        return f"{self.rule} until {self.until_on}"


class ReportLink(Record):
    """An address where whoever has it reports without an account, from `networks` alone where any are named, until a day.

    `visitor` is what whoever comes by it is called in the ledger; it owns the link, and nothing else.
    """

    ties: ClassVar[Ties] = Ties(chapter="incidents", owner="visitor")
    listed: ClassVar[tuple[str, ...]] = ("networks", "until_on", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("title",)
    title = models.CharField(max_length=300)
    visitor = models.CharField(max_length=40, unique=True)
    networks = models.JSONField(default=list)
    until_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "reporting link"

    def __str__(self) -> str:
        return self.title


class OnCall(Record):
    """Somebody is on call for incidents from one instant until another."""

    ties: ClassVar[Ties] = Ties(chapter="incidents", owner="person", at="from_at")
    listed: ClassVar[tuple[str, ...]] = ("person", "from_at", "until_at")
    searched: ClassVar[tuple[str, ...]] = ("person",)
    persons: ClassVar[tuple[str, ...]] = ("person",)
    person = models.CharField(max_length=120, db_index=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        ordering = ("-from_at", "-id")
        verbose_name = "turn on call"
        verbose_name_plural = "turns on call"
        indexes = (models.Index(fields=["until_at"]),)

    def __str__(self) -> str:
        return f"{self.person} from {self.from_at:%Y-%m-%d %H:%M} UTC"
