"""Rows about how long this product itself keeps what ended: the history of tables, and files that records rest on."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class Kept(StrEnum):
    """What has a time for which it is kept. Logs have theirs each (`upheld logs keep`)."""

    HISTORY = "history"
    FILES = "files"


class Retention(Record):
    """For how long after its end something is kept; for good where there is no rule, and until somebody else approved it.

    `what` is a table or a register, "" for each that has no rule of its own; `keep` is in words ("3 years").
    """

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="set_by", at="set_at")
    listed: ClassVar[tuple[str, ...]] = ("kind", "what", "keep", "approved_at", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("what", "why")
    persons: ClassVar[tuple[str, ...]] = ("set_by", "approved_by")
    kind = models.CharField(max_length=10)
    what = models.CharField(max_length=60, blank=True)
    keep = models.CharField(max_length=40)
    why = models.TextField()
    set_by = models.CharField(max_length=120)
    set_at = models.DateTimeField()
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("kind", "what", "id")
        verbose_name = "time to keep"
        verbose_name_plural = "times to keep"
        constraints = (
            models.UniqueConstraint(fields=["kind", "what"], condition=models.Q(ended_at=None), name="one_time_to_keep_in_force"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.what or 'everything else'}: {self.keep}"
