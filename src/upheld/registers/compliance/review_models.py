"""Rows about reviews that are no audits, managers' and technical ones, and about agreed windows to look into live systems."""

from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class ManagedArea(Record):
    """What a manager answers for: `chapters` of promises, whose state they look at when they review it."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="manager")
    listed: ClassVar[tuple[str, ...]] = ("manager", "chapters", "from_on", "ended_on")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    persons: ClassVar[tuple[str, ...]] = ("manager",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    manager = models.CharField(max_length=120, db_index=True)
    chapters = models.JSONField(default=list)
    from_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("title",)
        verbose_name = "managed area"

    def __str__(self) -> str:
        return self.title


class AreaReview(Record):
    """A manager's signed review of their area: `figures` as they saw them, and what they conclude."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="manager", at="signed_at")
    listed: ClassVar[tuple[str, ...]] = ("manager", "signed_at", "complies")
    searched: ClassVar[tuple[str, ...]] = ("area__title", "conclusion")
    persons: ClassVar[tuple[str, ...]] = ("manager",)
    joined: ClassVar[tuple[str, ...]] = ("area",)
    area = models.ForeignKey(ManagedArea, models.PROTECT, related_name="reviews")
    manager = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    figures = models.TextField(blank=True)
    complies = models.BooleanField()
    conclusion = models.TextField()

    class Meta:
        ordering = ("-signed_at", "-id")
        verbose_name = "manager's review"

    def __str__(self) -> str:
        return f"{self.area}, {self.signed_at:%Y-%m-%d}"


class TechnicalReview(Record):
    """Somebody looked by hand whether a system is as the standards want it; scans are read by sources."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="person", at="at")
    listed: ClassVar[tuple[str, ...]] = ("system", "person", "at")
    searched: ClassVar[tuple[str, ...]] = ("system", "what")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    system = models.CharField(max_length=60, db_index=True)
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    what = models.TextField()
    file = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "technical review"

    def __str__(self) -> str:
        return f"{self.system}, {self.at:%Y-%m-%d}"


class AuditWindow(Record):
    """A time in which a live system may be looked into for an audit, asked for by one and agreed by another."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="asked_by", concerns="agreed_by", at="from_at")
    listed: ClassVar[tuple[str, ...]] = ("system", "from_at", "until_at", "read_only", "agreed_by")
    searched: ClassVar[tuple[str, ...]] = ("system", "what")
    persons: ClassVar[tuple[str, ...]] = ("asked_by", "agreed_by")
    system = models.CharField(max_length=60, db_index=True)
    what = models.TextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    read_only = models.BooleanField()
    asked_by = models.CharField(max_length=120)
    agreed_by = models.CharField(max_length=120, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-from_at", "-id")
        verbose_name = "audit window"

    def __str__(self) -> str:
        return f"{self.system}, {self.from_at:%Y-%m-%d %H:%M} to {self.until_at:%Y-%m-%d %H:%M}"


class AuditActivity(Record):
    """Something that was done to a live system for an audit: a scan, a dump, a test."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="person", at="from_at")
    listed: ClassVar[tuple[str, ...]] = ("system", "person", "from_at", "until_at", "read_only")
    searched: ClassVar[tuple[str, ...]] = ("system", "what")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    system = models.CharField(max_length=60, db_index=True)
    what = models.TextField()
    person = models.CharField(max_length=120)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    read_only = models.BooleanField()

    class Meta:
        ordering = ("-from_at", "-id")
        verbose_name = "audit activity"
        verbose_name_plural = "audit activities"

    def __str__(self) -> str:
        return f"{self.system}, {self.from_at:%Y-%m-%d %H:%M}"
