"""Versions of the documents that the company publishes: drafted, approved by somebody else, published, and in force until the next."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.governance.policy_models import POLICIES


class Stage(StrEnum):
    """How far a version is."""

    IN_REVIEW = "in review"
    SENT_BACK = "sent back"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


WAITING = (Stage.IN_REVIEW, Stage.APPROVED)


class DocumentVersion(Record):
    """One version of a published document; `edition` is what its text calls it.

    `digest` is the SHA-256 of its text, under which that is kept; `before` that of the version in force when it was drafted, "" where
    there was none. `grace_hours` is how long after it broke a promise is shown to the public as it stood before.
    """

    ties: ClassVar[Ties] = Ties(chapter="governance", owner="author", document="document", at="drafted_at")
    thing: ClassVar[str] = POLICIES
    listed: ClassVar[tuple[str, ...]] = ("edition", "state", "author", "drafted_at", "published_at")
    searched: ClassVar[tuple[str, ...]] = ("document", "title", "edition")
    persons: ClassVar[tuple[str, ...]] = ("author", "decided_by", "published_by")
    pages: ClassVar[Mapping[str, str]] = {"document-version": "See what is different"}
    document = models.CharField(max_length=60, db_index=True)
    edition = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    before = models.CharField(max_length=64, blank=True)
    summary = models.TextField()
    state = models.CharField(max_length=12)
    author = models.CharField(max_length=120)
    drafted_at = models.DateTimeField()
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    published_by = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    grace_hours = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-drafted_at", "-id")
        verbose_name = "document version"
        constraints = (
            models.UniqueConstraint(fields=["document"], condition=models.Q(state="published"), name="one_document_version_in_force"),
            models.UniqueConstraint(
                fields=["document"], condition=models.Q(state__in=["in review", "approved"]), name="one_document_version_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}, version {self.edition}"

    @classmethod
    def shown_to(cls, person: Person) -> models.Q:
        """What was published is for all; before, for whoever leads, audits, or wrote it."""
        if person.roles & {Role.SECURITY_LEAD, Role.DPO, Role.AUDITOR}:
            return models.Q()
        published = models.Q(state__in=(Stage.PUBLISHED, Stage.SUPERSEDED))
        return published | models.Q(author=person.ref) if person.ref else published
