"""Rows about what is written of systems: descriptions of architecture and features, and which procedures a kind of system needs."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.change.models import THING


class Describes(StrEnum):
    """What a description is of."""

    ARCHITECTURE = "architecture"
    FEATURES = "features"


class Description(Record):
    """Where the architecture or the features of a system are described: the short name of a policy, or a file or address elsewhere."""

    ties: ClassVar[Ties] = Ties(chapter="change", owner="owner")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("system", "describes", "owner", "reviewed_at")
    searched: ClassVar[tuple[str, ...]] = ("system", "place", "document")
    persons: ClassVar[tuple[str, ...]] = ("owner", "reviewed_by")
    system = models.CharField(max_length=60, db_index=True)
    describes = models.CharField(max_length=20)
    document = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=120, db_index=True)
    reviewed_by = models.CharField(max_length=120, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("system", "describes", "id")
        verbose_name = "description of a system"
        verbose_name_plural = "descriptions of systems"

    def __str__(self) -> str:
        return f"{self.system}, {self.describes}"


class ProcedureRule(Record):
    """That every system of a kind needs a procedure for a task."""

    ties: ClassVar[Ties] = Ties(chapter="change")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("system_kind", "task", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("system_kind", "task", "why")
    system_kind = models.CharField(max_length=20)
    task = models.CharField(max_length=60)
    why = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("system_kind", "task", "id")
        verbose_name = "required procedure"

    def __str__(self) -> str:
        return f"{self.system_kind}: {self.task}"
