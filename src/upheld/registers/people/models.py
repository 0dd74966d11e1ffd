"""Rows about the people who work here: what they signed, what they may reach, what they learned, and what followed from breaking rules."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record

TRAINING, SANCTIONS = "training", "sanctions"
HUMAN_RESOURCES = "people"  # the word that measures of this chapter name as their owner


class Undertaking(Record):
    """Somebody signed that they keep confidential what they learn: on which day, and the digest of the paper.

    What is signed here is a policy's text on the topic of confidentiality, and stands among the acknowledgements.
    """

    ties: ClassVar[Ties] = Ties(chapter="people", concerns="person", team="kept_by", at="recorded_at")
    listed: ClassVar[tuple[str, ...]] = ("person", "signed_on", "recorded_at")
    searched: ClassVar[tuple[str, ...]] = ("person",)
    persons: ClassVar[tuple[str, ...]] = ("person", "recorded_by")
    person = models.CharField(max_length=120, db_index=True)
    signed_on = models.DateField()
    paper = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)
    kept_by = models.CharField(max_length=60, default=HUMAN_RESOURCES, editable=False)

    class Meta:
        ordering = ("-recorded_at", "-id")
        verbose_name = "undertaking of confidentiality"
        verbose_name_plural = "undertakings of confidentiality"

    def __str__(self) -> str:
        return f"{self.person}, {self.signed_on}"


class Authorisation(Record):
    """Somebody may reach personal data on a system: which, what for, and who said so. `letter` is the digest of the paper, "" for none."""

    ties: ClassVar[Ties] = Ties(chapter="people", owner="given_by", concerns="person", at="given_at")
    listed: ClassVar[tuple[str, ...]] = ("person", "system", "given_by", "given_at", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("person", "system", "purpose")
    persons: ClassVar[tuple[str, ...]] = ("person", "given_by")
    person = models.CharField(max_length=120, db_index=True)
    system = models.CharField(max_length=60)
    categories = models.JSONField(default=list)
    purpose = models.TextField()
    given_by = models.CharField(max_length=120, db_index=True)
    given_at = models.DateTimeField()
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    letter = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-given_at", "-id")
        verbose_name = "authorisation"
        indexes = (models.Index(fields=["system", "person"]),)

    def __str__(self) -> str:
        return f"{self.person} on {self.system}"


class Provider(StrEnum):
    """Who gives a course."""

    INSIDE = "inside"
    OUTSIDE = "outside"


class Course(Record):
    """A course: what it covers, whom it is for, how often. One that names neither roles nor departments is for everybody.

    Spans are in words ("12 months"); `within` is how long newcomers, and everybody once it is declared, have for the first time.
    """

    ties: ClassVar[Ties] = Ties(chapter="people", team="kept_by")
    thing: ClassVar[str] = TRAINING
    listed: ClassVar[tuple[str, ...]] = ("name", "provider", "mandatory", "every", "retired_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    provider = models.CharField(max_length=10)
    provider_name = models.CharField(max_length=300, blank=True)
    subjects = models.JSONField(default=list)
    roles = models.JSONField(default=list)
    departments = models.JSONField(default=list)
    mandatory = models.BooleanField()
    every = models.CharField(max_length=40)
    within = models.CharField(max_length=40)
    declared_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    kept_by = models.CharField(max_length=60, default=HUMAN_RESOURCES, editable=False)

    class Meta:
        ordering = ("name",)
        verbose_name = "course"

    def __str__(self) -> str:
        return self.title


class CourseSession(Record):
    """A course was held on a day. `register` is the digest of the list that people signed, "" for none."""

    ties: ClassVar[Ties] = Ties(chapter="people", team="course__kept_by")
    thing: ClassVar[str] = TRAINING
    listed: ClassVar[tuple[str, ...]] = ("held_on", "trainer")
    searched: ClassVar[tuple[str, ...]] = ("course__title", "trainer")
    joined: ClassVar[tuple[str, ...]] = ("course",)
    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions")
    held_on = models.DateField()
    trainer = models.CharField(max_length=300)
    register_file = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-held_on", "-id")
        verbose_name = "session of a course"
        verbose_name_plural = "sessions of courses"

    def __str__(self) -> str:
        return f"{self.course}, {self.held_on}"


class Completion(Record):
    """Somebody completed a course on a day: in a session, or as a certificate shows (its digest)."""

    ties: ClassVar[Ties] = Ties(chapter="people", owner="person", team="course__kept_by", at="recorded_at")
    listed: ClassVar[tuple[str, ...]] = ("person", "completed_on", "session")
    searched: ClassVar[tuple[str, ...]] = ("person", "course__title")
    persons: ClassVar[tuple[str, ...]] = ("person", "recorded_by")
    joined: ClassVar[tuple[str, ...]] = ("course", "session__course")
    course = models.ForeignKey(Course, models.PROTECT, related_name="completions")
    person = models.CharField(max_length=120, db_index=True)
    completed_on = models.DateField()
    session = models.ForeignKey(CourseSession, models.PROTECT, null=True, blank=True, related_name="completions")
    certificate = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)

    class Meta:
        ordering = ("-completed_on", "-id")
        verbose_name = "completion of a course"
        verbose_name_plural = "completions of courses"
        constraints = (models.UniqueConstraint(fields=["course", "person", "completed_on"], name="completed_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.course}: {self.person}"


class Sanction(Record):
    """What followed from somebody's breaking a rule. Only who holds the role owner for people sees it, not even whom it is about."""

    ties: ClassVar[Ties] = Ties(chapter="people", team="kept_by", at="at")
    thing: ClassVar[str] = SANCTIONS
    listed: ClassVar[tuple[str, ...]] = ("person", "at")
    searched: ClassVar[tuple[str, ...]] = ("person",)
    persons: ClassVar[tuple[str, ...]] = ("person", "decided_by")
    person = models.CharField(max_length=120, db_index=True)
    rule = models.CharField(max_length=300)
    what = models.TextField()
    decided_by = models.CharField(max_length=120)
    at = models.DateTimeField()
    kept_by = models.CharField(max_length=60, default=HUMAN_RESOURCES, editable=False)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "sanction"

    def __str__(self) -> str:
        return f"{self.person}, {self.at:%Y-%m-%d}"
