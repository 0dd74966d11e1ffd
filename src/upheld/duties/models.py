"""Occurrences of duties, and secret links to people's calendars; what people arranged about duties is in `arranged.py`."""

from enum import StrEnum
from hashlib import sha256

import orjson
from django.db import models

from upheld.duties.arranged import Absence, Delegation, Demand, Pause, Skip

__all__ = ["Absence", "CalendarLink", "Delegation", "Demand", "Look", "Occurrence", "Pause", "Skip", "State", "ToldUntil"]


class CalendarLink(models.Model):
    """The link by which somebody's calendar program reads what they owe; a new one ends the old."""

    account = models.UUIDField(db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (models.UniqueConstraint(fields=["account"], condition=models.Q(ended_at=None), name="one_calendar_link"),)

    def __str__(self) -> str:
        return f"since {self.made_at:%Y-%m-%d}"


class State(StrEnum):
    """How an occurrence stands: still owed, or how it ended."""

    OPEN = "open"
    DONE = "done"
    MISSED = "missed"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"  # no longer owed: its record ended


class Occurrence(models.Model):
    """One due instance of a duty: about what, by when, who owes it, and how it ended. Written by the worker, each once.

    `duty` is the action by which it is done, or the measure whose duty it is; `subject` a record's reference, or the measure's subject;
    `whose` is set where everybody must do it themselves. `owes` is a people.id, "" where whoever holds `role` owes it; `held_by`
    is with whom it is now (a deputy, or whom it was delegated to). `due_at` is None while it is paused. `escalated` counts
    how often it was passed on because nobody did it, the last time to `escalated_to`, "" for the security lead.
    `told` is how much of it people were told: 1 that it is due soon, 2 that it is overdue, 2 + n that it was passed on for the nth time.
    `opened_entry` and `ended_entry` are the entries that say so, `done_entry` that of the step by which it was done.
    """

    duty = models.CharField(max_length=120)
    subject = models.CharField(max_length=1000)
    whose = models.CharField(max_length=120, blank=True)
    cycle = models.CharField(max_length=60)
    do = models.CharField(max_length=300)
    about = models.TextField()
    owes = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=60, blank=True)
    held_by = models.CharField(max_length=120, blank=True)
    counts_from_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    planned_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)
    why = models.TextField(blank=True)
    escalated = models.PositiveSmallIntegerField(default=0)
    escalated_to = models.CharField(max_length=120, blank=True)
    told = models.PositiveSmallIntegerField(default=0)
    salt = models.CharField(max_length=32)
    opened_at = models.DateTimeField()
    opened_entry = models.CharField(max_length=36, db_index=True)
    ended_entry = models.CharField(max_length=36, blank=True, db_index=True)
    done_entry = models.CharField(max_length=36, blank=True)

    class Meta:
        ordering = ("planned_at", "id")
        constraints = (models.UniqueConstraint(fields=["duty", "subject", "whose", "cycle"], name="an_occurrence_once"),)
        indexes = (
            models.Index(fields=["held_by", "due_at"], condition=models.Q(state="open"), name="occurrences_of_somebody"),
            models.Index(fields=["role", "due_at"], condition=models.Q(state="open"), name="occurrences_of_a_role"),
            models.Index(fields=["escalated_to"], condition=models.Q(state="open"), name="occurrences_passed_on"),
            models.Index(fields=["state"], name="occurrences_by_state"),
            models.Index(fields=["told", "due_at"], condition=models.Q(state="open"), name="occurrences_to_tell"),
        )

    def __str__(self) -> str:
        return f"{self.do}: {self.about}"

    @property
    def is_late(self) -> bool:
        """Whether it was done after its day."""
        return self.state == State.DONE and self.due_at is not None and self.ended_at is not None and self.ended_at > self.due_at

    def digest(self, *, opening: bool = False) -> bytes:
        """Return SHA-256 over salt and facts that no longer change: what the entry of its end is made of, or of its `opening`."""
        facts = [self.duty, self.subject, self.whose, self.cycle, self.counts_from_at.isoformat(), self.opened_at.isoformat()]
        if not opening and self.state != State.OPEN and self.ended_at is not None:
            facts += [self.state, self.ended_at.isoformat(), self.ended_by, self.done_entry]
        return sha256(bytes.fromhex(self.salt) + orjson.dumps(facts)).digest()


class Look(models.Model):
    """When the worker last looked what falls due: one row. That nothing was found is known only where somebody looked."""

    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class ToldUntil(models.Model):
    """How far people were told of what is numbered in the order in which it came about: findings, and steps."""

    what = models.CharField(primary_key=True, max_length=20)
    number = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.what} until {self.number}"
