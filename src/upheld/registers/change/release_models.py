"""Rows about releases: the criteria by which each is accepted, tests on changed platforms, and looks through whole code."""

from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.change.models import THING


class Acceptance(Record):
    """A release that is to go live on a system: accepted by who answers for that system, once every criterion is met."""

    ties: ClassVar[Ties] = Ties(chapter="change", owner="owner", at="asked_at")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("system", "release", "owner", "accepted_at")
    searched: ClassVar[tuple[str, ...]] = ("system", "release")
    persons: ClassVar[tuple[str, ...]] = ("owner", "asked_by", "accepted_by")
    system = models.CharField(max_length=60, db_index=True)
    release = models.CharField(max_length=200)
    owner = models.CharField(max_length=120, db_index=True)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    accepted_by = models.CharField(max_length=120, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "acceptance of a release"
        verbose_name_plural = "acceptances of releases"
        constraints = (models.UniqueConstraint(fields=("system", "release"), name="one_acceptance_a_release"),)

    def __str__(self) -> str:
        return f"{self.release} on {self.system}"


class Criterion(Record):
    """One thing that a release must do or be, and whether it is met."""

    ties: ClassVar[Ties] = Ties(chapter="change", owner="acceptance__owner", at="acceptance__asked_at")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("acceptance", "met", "tested_by", "tested_at")
    searched: ClassVar[tuple[str, ...]] = ("text", "acceptance__release")
    persons: ClassVar[tuple[str, ...]] = ("tested_by",)
    joined: ClassVar[tuple[str, ...]] = ("acceptance",)
    acceptance = models.ForeignKey(Acceptance, models.PROTECT, related_name="criteria")
    text = models.TextField()
    met = models.BooleanField(null=True, blank=True)
    evidence = models.TextField(blank=True)
    tested_by = models.CharField(max_length=120, blank=True)
    tested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("acceptance", "id")
        verbose_name = "acceptance criterion"
        verbose_name_plural = "acceptance criteria"

    def __str__(self) -> str:
        return self.text if len(self.text) <= 100 else f"{self.text[:99]}…"


class PlatformTest(Record):
    """An application was tested after the platform under it changed. `application` and `platform` are short names of systems."""

    ties: ClassVar[Ties] = Ties(chapter="change", owner="person", at="at")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("application", "platform", "platform_version", "passed", "at")
    searched: ClassVar[tuple[str, ...]] = ("application", "platform", "platform_version")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    application = models.CharField(max_length=60, db_index=True)
    platform = models.CharField(max_length=60, db_index=True)
    platform_version = models.CharField(max_length=200)
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    passed = models.BooleanField()
    said = models.TextField()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "test after a change of platform"
        verbose_name_plural = "tests after changes of platforms"

    def __str__(self) -> str:
        return f"{self.application} on {self.platform_version}"


class CodeReview(Record):
    """Somebody looked through code for errors: all files of a repository whose path begins with `path`, as of a commit."""

    ties: ClassVar[Ties] = Ties(chapter="change", owner="person", at="at")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("repository", "path", "person", "at", "errors")
    searched: ClassVar[tuple[str, ...]] = ("repository", "path")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    repository = models.CharField(max_length=200, db_index=True)
    path = models.CharField(max_length=300, blank=True)
    commit = models.CharField(max_length=64, blank=True)
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    errors = models.PositiveIntegerField()
    said = models.TextField()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "review of code"
        verbose_name_plural = "reviews of code"

    def __str__(self) -> str:
        return f"{self.repository}/{self.path}, {self.at:%Y-%m-%d}"
