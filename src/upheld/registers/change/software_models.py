"""Rows about software on endpoints: what is allowed and denied, and what people asked for."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.change.models import THING


class Verdict(StrEnum):
    """What the list says of software."""

    ALLOWED = "allowed"
    DENIED = "denied"


class SoftwareRule(Record):
    """What endpoints may or must not have: `software` is a name as inventories give it, or the beginning of one before a `*`."""

    ties: ClassVar[Ties] = Ties(chapter="change", at="from_at")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("software", "manager", "verdict", "from_at", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("software", "why")
    persons: ClassVar[tuple[str, ...]] = ("decided_by",)
    software = models.CharField(max_length=200)
    manager = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(max_length=10)
    why = models.TextField()
    decided_by = models.CharField(max_length=120)
    from_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("software", "id")
        verbose_name = "rule about software"
        verbose_name_plural = "rules about software"

    def __str__(self) -> str:
        return f"{self.software} is {self.verdict}"


class SoftwareRequest(Record):
    """Somebody asked for software on a device that is not on the list. `device` is the device's id, "" for all that they have."""

    ties: ClassVar[Ties] = Ties(chapter="change", owner="person", at="asked_at")
    thing: ClassVar[str] = "software-requests"
    listed: ClassVar[tuple[str, ...]] = ("software", "person", "device", "granted", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("software", "why", "device")
    persons: ClassVar[tuple[str, ...]] = ("person", "decided_by")
    software = models.CharField(max_length=200)
    device = models.CharField(max_length=120, blank=True)
    person = models.CharField(max_length=120, db_index=True)
    why = models.TextField()
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        verbose_name = "request for software"
        verbose_name_plural = "requests for software"

    def __str__(self) -> str:
        return self.software
