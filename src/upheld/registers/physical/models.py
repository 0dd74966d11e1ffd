"""Rows of the chapter physical: sites, perimeters, zones, doors, controls and protections; comings and goings have a file of their own."""

from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.physical.entry_models import (
    Badge,
    Delivery,
    Kiosk,
    Permit,
    RulesAcknowledgement,
    Visit,
    ZoneAuthorisation,
)
from upheld.registers.physical.site_models import FACILITIES, Perimeter, Site, Zone

__all__ = [
    "Badge",
    "ControlRule",
    "Delivery",
    "Door",
    "Inspection",
    "Kiosk",
    "Perimeter",
    "Permit",
    "Protection",
    "RulesAcknowledgement",
    "SecurityService",
    "Site",
    "Visit",
    "Zone",
    "ZoneAuthorisation",
    "ZoneControl",
]


class Door(Record):
    """A way from one zone straight into another. `control` keeps people from passing who may not; "" for none."""

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="zone__owner")
    thing: ClassVar[str] = FACILITIES
    listed: ClassVar[tuple[str, ...]] = ("zone", "other", "control", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("zone__title", "other__title")
    joined: ClassVar[tuple[str, ...]] = ("zone", "other")
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="doors")
    other = models.ForeignKey(Zone, models.PROTECT, related_name="doors_from")
    control = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = "door"

    def __str__(self) -> str:
        return f"{self.zone} to {self.other}"


class ControlRule(Record):
    """Which controls every zone of a class must have."""

    ties: ClassVar[Ties] = Ties(chapter="physical")
    thing: ClassVar[str] = FACILITIES
    listed: ClassVar[tuple[str, ...]] = ("controls",)
    searched: ClassVar[tuple[str, ...]] = ("classification",)
    classification = models.CharField(max_length=20, unique=True)
    controls = models.JSONField(default=list)

    class Meta:
        ordering = ("classification",)
        verbose_name = "control rule"

    def __str__(self) -> str:
        return f"zones that are {self.classification}"


class ZoneControl(Record):
    """A control that a zone has, since a day. `evidence` is the digest of a photo or document, "" for none."""

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="zone__owner")
    thing: ClassVar[str] = FACILITIES
    listed: ClassVar[tuple[str, ...]] = ("control", "applied_on", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("control", "zone__title")
    joined: ClassVar[tuple[str, ...]] = ("zone",)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="controls")
    control = models.CharField(max_length=20)
    applied_on = models.DateField()
    evidence = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("zone__title", "control", "id")
        verbose_name = "zone control"

    def __str__(self) -> str:
        return f"{self.zone}: {self.control}"


class Protection(Record):
    """What protects a site against a hazard, and how often it must be tried ("12 months")."""

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="site__owner")
    thing: ClassVar[str] = FACILITIES
    listed: ClassVar[tuple[str, ...]] = ("site", "hazard", "test_every", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "hazard", "site__title")
    joined: ClassVar[tuple[str, ...]] = ("site",)
    site = models.ForeignKey(Site, models.PROTECT, related_name="protections")
    hazard = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    test_every = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("site__title", "title", "id")
        verbose_name = "protection"

    def __str__(self) -> str:
        return f"{self.title}, {self.site}"


class SecurityService(Record):
    """A contract with somebody who guards a site. `contract` is the digest of the paper, "" for none."""

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="site__owner")
    thing: ClassVar[str] = FACILITIES
    listed: ClassVar[tuple[str, ...]] = ("site", "from_on", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("title", "site__title")
    joined: ClassVar[tuple[str, ...]] = ("site",)
    site = models.ForeignKey(Site, models.PROTECT, related_name="security_services")
    title = models.CharField(max_length=300)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    contract = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("site__title", "from_on", "id")
        verbose_name = "security service"

    def __str__(self) -> str:
        return f"{self.title}, {self.site}"


class Inspection(Record):
    """Somebody looked at a perimeter or an office, tried a protection, or handed in the guards' report; `found` is what was wrong.

    `evidence` is the digest of photos or of a report. What was found is closed once it is mended.
    """

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="person", at="at")
    thing: ClassVar[str] = FACILITIES
    listed: ClassVar[tuple[str, ...]] = ("person", "at", "passed", "closed_at")
    searched: ClassVar[tuple[str, ...]] = ("kind", "found", "zone__title", "perimeter__title", "protection__title", "site__title")
    persons: ClassVar[tuple[str, ...]] = ("person", "closed_by")
    joined: ClassVar[tuple[str, ...]] = ("zone", "perimeter__site", "protection__site", "site")
    kind = models.CharField(max_length=20)
    perimeter = models.ForeignKey(Perimeter, models.PROTECT, null=True, blank=True, related_name="inspections")
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, blank=True, related_name="inspections")
    protection = models.ForeignKey(Protection, models.PROTECT, null=True, blank=True, related_name="inspections")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="guard_reports")
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    passed = models.BooleanField()
    found = models.TextField(blank=True)
    evidence = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "inspection"
        indexes = (models.Index(fields=["kind", "at"]),)

    def __str__(self) -> str:
        return f"{self.of}, {self.kind} of {self.at:%Y-%m-%d}"

    @property
    def of(self) -> Record:
        """What was looked at."""
        found = self.perimeter or self.zone or self.protection or self.site
        assert found is not None, "an inspection is of something"
        return found
