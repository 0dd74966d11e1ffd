"""Rows about people who join, change jobs or leave: the case, and everything that must be there or gone before it closes."""

from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class StaffCase(Record):
    """Somebody joins, changes jobs or leaves. It closes once everything of it was seen as it must be, or is withdrawn: they do not."""

    ties: ClassVar[Ties] = Ties(chapter="authorization", concerns="person", owner="opened_by", at="opened_at")
    listed: ClassVar[tuple[str, ...]] = ("kind", "person", "due_on", "opened_at", "closed_at")
    searched: ClassVar[tuple[str, ...]] = ("person", "why")
    persons: ClassVar[tuple[str, ...]] = ("person", "opened_by", "closed_by")
    kind = models.CharField(max_length=10, db_index=True)
    person = models.CharField(max_length=120, db_index=True)
    due_on = models.DateField()
    why = models.TextField()
    former_role = models.CharField(max_length=200, blank=True)
    opened_by = models.CharField(max_length=120)
    opened_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=120, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        ordering = ("-due_on", "-id")
        verbose_name = "joiner, mover or leaver"
        verbose_name_plural = "joiners, movers and leavers"

    def __str__(self) -> str:
        return f"{self.kind} {self.person}, {self.due_on}"


class CaseThing(Record):
    """One thing of a case: what was found where, whether it must be there or gone, and when that was seen."""

    ties: ClassVar[Ties] = Ties(chapter="authorization", concerns="case__person", owner="case__opened_by", at="found_at")
    files_over: ClassVar[str] = "case__closed_at"
    listed: ClassVar[tuple[str, ...]] = ("case", "what", "label", "wanted", "found_at", "settled_at")
    searched: ClassVar[tuple[str, ...]] = ("label", "system")
    joined: ClassVar[tuple[str, ...]] = ("case",)
    case = models.ForeignKey(StaffCase, models.PROTECT, related_name="things")
    what = models.CharField(max_length=10)
    told_by = models.CharField(max_length=60)
    system = models.CharField(max_length=60, blank=True)
    account = models.CharField(max_length=300, blank=True)
    ref = models.CharField(max_length=300)
    group = models.CharField(max_length=300, blank=True)
    label = models.CharField(max_length=400)
    wanted = models.BooleanField()
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    proof = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("case", "id")
        verbose_name = "thing of a case"
        verbose_name_plural = "things of cases"
        constraints = (models.UniqueConstraint(fields=["case", "what", "told_by", "ref", "account"], name="thing_once_a_case"),)

    def __str__(self) -> str:
        return f"{self.what}: {self.label}"
