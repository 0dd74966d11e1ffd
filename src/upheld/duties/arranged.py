"""What people arrange about duties: absences, delegations, pauses, what is skipped, and what is wanted out of turn.

Like a finding, a duty about a record is named by both: occurrences come and go, and what was arranged outlives them.
"""

from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class Absence(Record):
    """That somebody is away, both days included, and who stands in for them meanwhile."""

    ties: ClassVar[Ties] = Ties(chapter="duties", owner="person", concerns="deputy")
    listed: ClassVar[tuple[str, ...]] = ("person", "deputy", "from_on", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("person", "deputy")
    persons: ClassVar[tuple[str, ...]] = ("person", "deputy")
    person = models.CharField(max_length=120, db_index=True)
    deputy = models.CharField(max_length=120, db_index=True)
    from_on = models.DateField()
    until_on = models.DateField()

    class Meta:
        ordering = ("-from_on", "-id")
        verbose_name = "absence"

    def __str__(self) -> str:
        return f"{self.person}, {self.from_on} to {self.until_on}"


class AboutDuty(Record):
    """Something arranged about a duty: `duty` and `subject` as an occurrence names them."""

    searched: ClassVar[tuple[str, ...]] = ("duty", "subject")
    duty = models.CharField(max_length=120)
    subject = models.CharField(max_length=1000)
    about = models.TextField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.about


class Delegation(AboutDuty):
    """That a duty is somebody else's until a day; `given_by` gave it."""

    ties: ClassVar[Ties] = Ties(chapter="duties", owner="given_by", concerns="person")
    listed: ClassVar[tuple[str, ...]] = ("person", "until_on", "given_by")
    persons: ClassVar[tuple[str, ...]] = ("person", "given_by")
    person = models.CharField(max_length=120)
    given_by = models.CharField(max_length=120)
    until_on = models.DateField()

    class Meta(AboutDuty.Meta):
        abstract = False
        ordering = ("-id",)
        verbose_name = "delegation"
        indexes = (models.Index(fields=["until_on"], name="delegations_until"),)


class Skip(AboutDuty):
    """That one occurrence, named by its `cycle`, need not be done, and why."""

    ties: ClassVar[Ties] = Ties(chapter="duties", owner="by", at="at")
    listed: ClassVar[tuple[str, ...]] = ("by", "at", "reason")
    persons: ClassVar[tuple[str, ...]] = ("by", "whose")
    cycle = models.CharField(max_length=60)
    whose = models.CharField(max_length=120, blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    reason = models.TextField()

    class Meta(AboutDuty.Meta):
        abstract = False
        ordering = ("-id",)
        verbose_name = "skipped occurrence"
        constraints = (models.UniqueConstraint(fields=["duty", "subject", "whose", "cycle"], name="skipped_once"),)


class Pause(AboutDuty):
    """A time that does not count towards a duty's day, and why; `until_at` is None while it lasts."""

    ties: ClassVar[Ties] = Ties(chapter="duties", owner="by", at="from_at")
    listed: ClassVar[tuple[str, ...]] = ("from_at", "until_at", "reason")
    persons: ClassVar[tuple[str, ...]] = ("by",)
    by = models.CharField(max_length=120)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField()

    class Meta(AboutDuty.Meta):
        abstract = False
        ordering = ("-id",)
        verbose_name = "pause"
        constraints = (models.UniqueConstraint(fields=["duty", "subject"], condition=models.Q(until_at=None), name="one_pause_at_a_time"),)


class Demand(AboutDuty):
    """That something is wanted once out of its turn, by a day, and why."""

    ties: ClassVar[Ties] = Ties(chapter="duties", owner="by", at="at")
    listed: ClassVar[tuple[str, ...]] = ("by", "due_on", "reason")
    persons: ClassVar[tuple[str, ...]] = ("by",)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    due_on = models.DateField()
    reason = models.TextField()

    class Meta(AboutDuty.Meta):
        abstract = False
        ordering = ("-id",)
        verbose_name = "demand"
