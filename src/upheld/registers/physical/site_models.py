"""Rows about places: sites, what surrounds them, and the zones inside."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record

FACILITIES = "facilities"


class Site(Record):
    """A place where the company, or a provider of it, works. `closes` is "19:00" in `time_zone`; nobody visits after it."""

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="owner")
    thing: ClassVar[str] = FACILITIES
    pages: ClassVar[Mapping[str, str]] = {"site-round": "Round after work"}
    listed: ClassVar[tuple[str, ...]] = ("operated_by", "owner", "hazards", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    operated_by = models.CharField(max_length=20)
    owner = models.CharField(max_length=120, db_index=True)
    time_zone = models.CharField(max_length=60)
    closes = models.CharField(max_length=5)
    hazards = models.JSONField(default=list)
    house_rules = models.TextField(blank=True)
    from_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title",)
        verbose_name = "site"

    def __str__(self) -> str:
        return self.title


class Perimeter(Record):
    """A wall, fence or floor that keeps others out of a site."""

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="site__owner")
    thing: ClassVar[str] = FACILITIES
    listed: ClassVar[tuple[str, ...]] = ("site", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "site__title")
    joined: ClassVar[tuple[str, ...]] = ("site",)
    site = models.ForeignKey(Site, models.PROTECT, related_name="perimeters")
    title = models.CharField(max_length=300)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("site__title", "title", "id")
        verbose_name = "perimeter"

    def __str__(self) -> str:
        return f"{self.title}, {self.site}"


class Zone(Record):
    """An area of a site. `rules` are its working rules (Markdown); `rules_digest` is their SHA-256, "" where there are none."""

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="owner")
    thing: ClassVar[str] = FACILITIES
    pages: ClassVar[Mapping[str, str]] = {"zone-rules": "Its working rules"}
    listed: ClassVar[tuple[str, ...]] = ("site", "kind", "classification", "perimeter", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "site__title")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    joined: ClassVar[tuple[str, ...]] = ("site", "perimeter__site")
    site = models.ForeignKey(Site, models.PROTECT, related_name="zones")
    perimeter = models.ForeignKey(Perimeter, models.PROTECT, null=True, blank=True, related_name="zones")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    classification = models.CharField(max_length=20)
    owner = models.CharField(max_length=120, db_index=True)
    processes_data = models.BooleanField()
    personal_data = models.BooleanField()
    equipment = models.BooleanField()
    desks = models.BooleanField()
    rules = models.TextField(blank=True)
    rules_digest = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("site__title", "title", "id")
        verbose_name = "zone"

    def __str__(self) -> str:
        return self.title
