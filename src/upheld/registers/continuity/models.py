"""Rows of the chapter continuity: processes, what losing them does, plans, exercises, and what was learned."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class Weight(StrEnum):
    """How much the company depends on a process."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Process(Record):
    """Something that the company does and may have to go on doing in a disruption."""

    ties: ClassVar[Ties] = Ties(chapter="continuity", owner="owner", team="name")
    listed: ClassVar[tuple[str, ...]] = ("criticality", "owner", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    what = models.TextField()
    criticality = models.CharField(max_length=20)
    owner = models.CharField(max_length=120, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "process"
        verbose_name_plural = "processes"

    def __str__(self) -> str:
        return self.title


class ImpactAnalysis(Record):
    """What losing a process does, how soon it must be back, and what it depends on, by short names. Spans are in words.

    `recovery_time` is how long it may be down (RTO), `recovery_point` how much work may be lost (RPO, "": does not matter).
    """

    ties: ClassVar[Ties] = Ties(chapter="continuity", owner="process__owner")
    listed: ClassVar[tuple[str, ...]] = ("recovery_time", "recovery_point", "author", "approved_at")
    searched: ClassVar[tuple[str, ...]] = ("process__title", "process__name")
    persons: ClassVar[tuple[str, ...]] = ("author", "approved_by")
    joined: ClassVar[tuple[str, ...]] = ("process",)
    process = models.ForeignKey(Process, models.PROTECT, related_name="analyses")
    author = models.CharField(max_length=120)
    at = models.DateTimeField()
    impact = models.TextField()
    recovery_time = models.CharField(max_length=40)
    recovery_point = models.CharField(max_length=40, blank=True)
    security_kept = models.TextField()
    systems = models.JSONField(default=list)
    suppliers = models.JSONField(default=list)
    processes = models.JSONField(default=list)
    responsibilities = models.JSONField(default=list)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "impact analysis"
        verbose_name_plural = "impact analyses"

    def __str__(self) -> str:
        return f"{self.process}, {'approved' if self.approved_at else 'not approved'}"


class ContinuityPlan(Record):
    """How a process goes on: `document` is the short name of the written plan among the policies, `roles` those who carry it out."""

    ties: ClassVar[Ties] = Ties(chapter="continuity", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("document", "roles", "owner", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("process__title", "process__name", "document")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    joined: ClassVar[tuple[str, ...]] = ("process",)
    process = models.ForeignKey(Process, models.PROTECT, related_name="plans")
    document = models.CharField(max_length=60)
    roles = models.JSONField(default=list)
    owner = models.CharField(max_length=120, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("process__name", "id")
        verbose_name = "continuity plan"

    def __str__(self) -> str:
        return f"{self.process}: {self.document}"


class ExerciseKind(StrEnum):
    """How real an exercise is."""

    TABLE_TOP = "table-top"
    WALK_THROUGH = "walk-through"
    SIMULATION = "simulation"
    FULL = "full"


class Exercise(Record):
    """A plan is tried: planned, then held. `recovered_in` and `lost` are measured times in words, "" where nobody measured."""

    ties: ClassVar[Ties] = Ties(chapter="continuity", owner="lead")
    listed: ClassVar[tuple[str, ...]] = ("kind", "planned_on", "lead", "held_at", "recovered_in")
    searched: ClassVar[tuple[str, ...]] = ("scenario", "plan__process__title", "plan__document")
    persons: ClassVar[tuple[str, ...]] = ("lead", "participants")
    joined: ClassVar[tuple[str, ...]] = ("plan__process",)
    plan = models.ForeignKey(ContinuityPlan, models.PROTECT, related_name="exercises")
    kind = models.CharField(max_length=20)
    scenario = models.TextField()
    planned_on = models.DateField()
    lead = models.CharField(max_length=120, db_index=True)
    participants = models.JSONField(default=list)
    held_at = models.DateTimeField(null=True, blank=True)
    recovered_in = models.CharField(max_length=40, blank=True)
    lost = models.CharField(max_length=40, blank=True)
    result = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    report = models.CharField(max_length=64, blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-planned_on", "-id")
        verbose_name = "exercise"

    def __str__(self) -> str:
        return f"{self.plan.process}, {self.kind} of {(self.held_at.date() if self.held_at else self.planned_on)}"


class ExerciseFollowUp(Record):
    """Something to be done after an exercise. Whether it is done says somebody else than who did it."""

    ties: ClassVar[Ties] = Ties(chapter="continuity", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("what", "owner", "due_on", "done_at", "checked_at")
    searched: ClassVar[tuple[str, ...]] = ("what", "exercise__plan__process__title")
    persons: ClassVar[tuple[str, ...]] = ("owner", "checked_by")
    joined: ClassVar[tuple[str, ...]] = ("exercise__plan__process",)
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="follow_ups")
    what = models.TextField()
    owner = models.CharField(max_length=120, db_index=True)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    how = models.TextField(blank=True)
    checked_by = models.CharField(max_length=120, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_on", "id")
        verbose_name = "follow-up of an exercise"
        verbose_name_plural = "follow-ups of exercises"

    def __str__(self) -> str:
        return f"{self.exercise.plan.process}: {self.what[:80]}"
