"""Rows about things: classes of things with their rules, and the inventory."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record

ASSETS = "assets"


class AssetClass(Record):
    """A class of things with rules of acceptable use (Markdown); `roles` are the business roles that need one, none for any."""

    ties: ClassVar[Ties] = Ties(chapter="assets")
    thing: ClassVar[str] = ASSETS
    pages: ClassVar[Mapping[str, str]] = {"use-rules": "Its rules of acceptable use"}
    listed: ClassVar[tuple[str, ...]] = ("name", "roles", "encrypted_off_site")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    rules = models.TextField(blank=True)
    rules_digest = models.CharField(max_length=64, blank=True)
    roles = models.JSONField(default=list)
    encrypted_off_site = models.BooleanField()

    class Meta:
        ordering = ("title",)
        verbose_name = "asset class"
        verbose_name_plural = "asset classes"

    def __str__(self) -> str:
        return self.title


class Asset(Record):
    """A thing on the inventory. `name` is what sources know it by: serial number, host name, name of the repository."""

    ties: ClassVar[Ties] = Ties(chapter="assets", owner="owner")
    thing: ClassVar[str] = ASSETS
    listed: ClassVar[tuple[str, ...]] = ("name", "kind", "asset_class", "owner", "state")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    joined: ClassVar[tuple[str, ...]] = ("asset_class",)
    name = models.CharField(max_length=200, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    asset_class = models.ForeignKey(AssetClass, models.PROTECT, null=True, blank=True, related_name="assets")
    owner = models.CharField(max_length=120, db_index=True)
    state = models.CharField(max_length=20, db_index=True)
    storage = models.BooleanField()
    registered_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    disposed_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")

    class Meta:
        ordering = ("title", "id")
        verbose_name = "asset"

    def __str__(self) -> str:
        return self.title
