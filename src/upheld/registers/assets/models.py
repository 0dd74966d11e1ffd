"""Rows of the chapter assets: classes, things, custody and permissions; information, and the end of things, have files of their own."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.assets.end_models import Disposal, Sanitisation
from upheld.registers.assets.information_models import HandlingRule, InformationAsset, InformationStore
from upheld.registers.assets.thing_models import Asset, AssetClass

__all__ = [
    "Asset",
    "AssetClass",
    "AssetPermission",
    "Custody",
    "Disposal",
    "HandlingRule",
    "InformationAsset",
    "InformationStore",
    "Sanitisation",
    "UseAcknowledgement",
]


class UseAcknowledgement(Record):
    """Somebody read the rules of acceptable use of a class: when, and the digest of the text that they were shown."""

    ties: ClassVar[Ties] = Ties(chapter="assets", owner="person", at="at")
    listed: ClassVar[tuple[str, ...]] = ("asset_class", "person", "at")
    searched: ClassVar[tuple[str, ...]] = ("asset_class__title", "person")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("asset_class",)
    asset_class = models.ForeignKey(AssetClass, models.PROTECT, related_name="acknowledgements")
    person = models.CharField(max_length=120, db_index=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "acknowledgement of acceptable use"
        verbose_name_plural = "acknowledgements of acceptable use"
        constraints = (models.UniqueConstraint(fields=["asset_class", "person", "digest"], name="use_acknowledged_once"),)

    def __str__(self) -> str:
        return f"{self.asset_class}, {self.at:%Y-%m-%d}"


class Custody(Record):
    """An asset was handed out: by whom, to whom, signed for when, and when it came back in what condition. One is out once."""

    ties: ClassVar[Ties] = Ties(chapter="assets", owner="asset__owner", concerns="holder", at="given_at")
    pages: ClassVar[Mapping[str, str]] = {"receipt": "The receipt"}
    listed: ClassVar[tuple[str, ...]] = ("asset", "holder", "given_at", "signed_at", "returned_at")
    searched: ClassVar[tuple[str, ...]] = ("asset__name", "asset__title", "holder")
    persons: ClassVar[tuple[str, ...]] = ("holder", "given_by", "taken_by")
    joined: ClassVar[tuple[str, ...]] = ("asset",)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="custodies")
    holder = models.CharField(max_length=120, db_index=True)
    given_by = models.CharField(max_length=120)
    given_at = models.DateTimeField()
    given_with = models.CharField(max_length=300, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.CharField(max_length=120, blank=True)
    condition = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-given_at", "-id")
        verbose_name = "custody"
        verbose_name_plural = "custodies"
        constraints = (models.UniqueConstraint(fields=["asset"], condition=models.Q(returned_at=None), name="an_asset_is_out_once"),)

    def __str__(self) -> str:
        return f"{self.asset}, {self.given_at:%Y-%m-%d}"


class AssetPermission(Record):
    """Leave to take something off site, to carry a mobile device or a medium, to print or to copy; decided by somebody else."""

    ties: ClassVar[Ties] = Ties(chapter="assets", owner="person", concerns="asked_by")
    listed: ClassVar[tuple[str, ...]] = ("person", "asset", "from_at", "until_at", "granted")
    searched: ClassVar[tuple[str, ...]] = ("kind", "person", "asset__title", "asset__name", "why")
    persons: ClassVar[tuple[str, ...]] = ("person", "asked_by", "decided_by")
    joined: ClassVar[tuple[str, ...]] = ("asset",)
    kind = models.CharField(max_length=20)
    person = models.CharField(max_length=120, db_index=True)
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, blank=True, related_name="permissions")
    why = models.TextField()
    conditions = models.TextField(blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.CharField(max_length=120)
    granted = models.BooleanField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "permission"

    def __str__(self) -> str:
        return f"{self.kind}: {self.asset}" if self.asset else self.kind
