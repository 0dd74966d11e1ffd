"""Rows about findings. A finding is named by its measure and its subject, since it comes and goes with what the measure sees."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class State(StrEnum):
    """How far a request for an exception is."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    ENDED = "ended"


class Care(Record):
    """Who takes care of a finding, and by when, where that is not the day that its severity gives."""

    ties: ClassVar[Ties] = Ties(chapter="findings", owner="person")
    listed: ClassVar[tuple[str, ...]] = ("person", "due_on")
    searched: ClassVar[tuple[str, ...]] = ("measure", "subject")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    measure = models.CharField(max_length=120)
    subject = models.CharField(max_length=1000)
    person = models.CharField(max_length=120, db_index=True)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "care"
        verbose_name_plural = "who takes care of findings"
        constraints = (models.UniqueConstraint(fields=["measure", "subject"], name="one_takes_care"),)

    def __str__(self) -> str:
        return f"{self.measure}: {self.subject}"


class Comment(Record):
    """What somebody said about a finding, and who was asked by it (people.id)."""

    ties: ClassVar[Ties] = Ties(chapter="findings", owner="person", at="at")
    listed: ClassVar[tuple[str, ...]] = ("person", "at", "words")
    searched: ClassVar[tuple[str, ...]] = ("measure", "subject", "words")
    persons: ClassVar[tuple[str, ...]] = ("person", "mentions")
    measure = models.CharField(max_length=120)
    subject = models.CharField(max_length=1000)
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    words = models.TextField()
    mentions = models.JSONField(default=list)

    class Meta:
        ordering = ("at", "id")
        verbose_name = "comment"
        indexes = (models.Index(fields=["measure", "subject"]),)

    def __str__(self) -> str:
        return f"{self.measure}: {self.subject}"


class Attachment(Record):
    """A file about a finding, kept under the SHA-256 of what is in it; `name` is what it was called."""

    ties: ClassVar[Ties] = Ties(chapter="findings", owner="person", at="at")
    listed: ClassVar[tuple[str, ...]] = ("name", "person", "at", "size_bytes")
    searched: ClassVar[tuple[str, ...]] = ("measure", "subject", "name")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    measure = models.CharField(max_length=120)
    subject = models.CharField(max_length=1000)
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()

    class Meta:
        ordering = ("at", "id")
        verbose_name = "attachment"
        indexes = (models.Index(fields=["measure", "subject"]),)

    def __str__(self) -> str:
        return self.name


class RiskAccepted(Record):
    """An exception: that a finding is accepted until an end, asked for by somebody and decided by somebody else."""

    ties: ClassVar[Ties] = Ties(chapter="findings", owner="asked_by")
    listed: ClassVar[tuple[str, ...]] = ("state", "asked_by", "decided_by", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("measure", "subject", "reason")
    persons: ClassVar[tuple[str, ...]] = ("asked_by", "decided_by")
    measure = models.CharField(max_length=120)
    subject = models.CharField(max_length=1000)
    reason = models.TextField()
    until_on = models.DateField()
    state = models.CharField(max_length=10)
    asked_by = models.CharField(max_length=120)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "exception"
        constraints = (
            models.UniqueConstraint(fields=["measure", "subject"], condition=models.Q(state="approved"), name="one_exception_in_force"),
        )
        indexes = (models.Index(fields=["state", "until_on"]),)

    def __str__(self) -> str:
        return f"{self.measure}: {self.subject}"
