"""Rows of the auditor's space: what somebody who reads a scope and a period drew as samples, noted, and asked of the company."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.person import Person
from upheld.accounts.scope import Ties
from upheld.actions.models import Record

SPACE = "audit-space"


class Said(StrEnum):
    """Whether an auditor keeps it to themselves, or asks the company."""

    NOTE = "note"
    REQUEST = "request"


class AuditorSample(Record):
    """A sample that an auditor drew from a measure's population as of an instant.

    Which `size` of `population` were drawn follows from `seed` and `digest` alone: the subjects are not kept, and are found again.
    """

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="auditor")
    thing: ClassVar[str] = SPACE
    listed: ClassVar[tuple[str, ...]] = ("measure", "as_of", "size", "population", "drawn_at")
    searched: ClassVar[tuple[str, ...]] = ("measure",)
    persons: ClassVar[tuple[str, ...]] = ("auditor",)
    pages: ClassVar[Mapping[str, str]] = {"audit-sample": "See what was drawn"}
    auditor = models.CharField(max_length=120, db_index=True)
    measure = models.CharField(max_length=120)
    as_of = models.DateTimeField()
    population = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10)
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ("-drawn_at", "-id")
        verbose_name = "auditor's sample"

    def __str__(self) -> str:
        return f"{self.size} of {self.population} of {self.measure}"


class AuditorRemark(Record):
    """A note that an auditor keeps for themselves, or a request to the company, due by a day, with its answer."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="auditor")
    thing: ClassVar[str] = SPACE
    listed: ClassVar[tuple[str, ...]] = ("kind", "about", "due_on", "answered_at", "closed_at")
    searched: ClassVar[tuple[str, ...]] = ("about", "what")
    persons: ClassVar[tuple[str, ...]] = ("auditor", "answered_by")
    auditor = models.CharField(max_length=120, db_index=True)
    kind = models.CharField(max_length=8)
    about = models.CharField(max_length=120, blank=True)
    what = models.TextField()
    said_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    file = models.CharField(max_length=64, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    missing = models.TextField(blank=True)

    class Meta:
        ordering = ("-said_at", "-id")
        verbose_name = "auditor's remark"

    def __str__(self) -> str:
        return self.what if len(self.what) <= 100 else f"{self.what[:99]}…"

    @classmethod
    def shown_to(cls, person: Person) -> models.Q:
        """Notes are for whoever wrote them alone."""
        return models.Q(kind=Said.REQUEST) | models.Q(auditor=person.ref)


class AuditorBundle(Record):
    """That an auditor asked for the bundle of a scope and period: made by the worker, and kept for a day.

    `trouble` is why it could not be made; `manifest` is the digest by which the ledger's entry knows it.
    """

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="auditor")
    thing: ClassVar[str] = SPACE
    listed: ClassVar[tuple[str, ...]] = ("about", "name", "as_of", "asked_at", "made_at")
    persons: ClassVar[tuple[str, ...]] = ("auditor",)
    auditor = models.CharField(max_length=120, db_index=True)
    about = models.CharField(max_length=20)
    name = models.CharField(max_length=120, blank=True)
    from_at = models.DateTimeField()
    as_of = models.DateTimeField()
    disclose = models.CharField(max_length=10, blank=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    manifest = models.CharField(max_length=64, blank=True)
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    trouble = models.TextField(blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        verbose_name = "auditor's bundle"

    def __str__(self) -> str:
        return f"{self.about} {self.name}".strip() + f", until {self.as_of:%Y-%m-%d}"
