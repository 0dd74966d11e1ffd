"""Rows about the end of things: wiping, and disposal."""

from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.assets.thing_models import ASSETS, Asset


class Sanitisation(Record):
    """A storage medium was wiped or destroyed by one person, and looked at by another. `report` is the digest of a tool's report."""

    ties: ClassVar[Ties] = Ties(chapter="assets", owner="asset__owner", concerns="person", at="at")
    thing: ClassVar[str] = ASSETS
    listed: ClassVar[tuple[str, ...]] = ("asset", "method", "person", "at", "verified")
    searched: ClassVar[tuple[str, ...]] = ("asset__name", "asset__title")
    persons: ClassVar[tuple[str, ...]] = ("person", "verified_by")
    joined: ClassVar[tuple[str, ...]] = ("asset",)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="sanitisations")
    method = models.CharField(max_length=20)
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    report = models.CharField(max_length=64, blank=True)
    verified = models.BooleanField(null=True)
    verified_by = models.CharField(max_length=120, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "sanitisation"

    def __str__(self) -> str:
        return f"{self.asset}, {self.method} on {self.at:%Y-%m-%d}"


class Disposal(Record):
    """An asset that is to go: asked for, approved by somebody else, wiped, certified before a witness, gone."""

    ties: ClassVar[Ties] = Ties(chapter="assets", owner="asset__owner", concerns="requested_by", at="requested_at")
    thing: ClassVar[str] = ASSETS
    listed: ClassVar[tuple[str, ...]] = ("asset", "requested_by", "approved_by", "certified_at", "disposed_at")
    searched: ClassVar[tuple[str, ...]] = ("asset__name", "asset__title", "why")
    persons: ClassVar[tuple[str, ...]] = ("requested_by", "approved_by", "witness")
    joined: ClassVar[tuple[str, ...]] = ("asset",)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="disposals")
    why = models.TextField()
    requested_by = models.CharField(max_length=120)
    requested_at = models.DateTimeField()
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    witness = models.CharField(max_length=120, blank=True)
    certificate = models.CharField(max_length=64, blank=True)
    certified_at = models.DateTimeField(null=True, blank=True)
    disposed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "disposal"
        constraints = (models.UniqueConstraint(fields=["asset"], name="an_asset_goes_once"),)

    def __str__(self) -> str:
        return f"{self.asset}, asked for on {self.requested_at:%Y-%m-%d}"
