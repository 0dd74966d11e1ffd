"""Rows about information: what there is, how each class is handled, and where it lies."""

from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.assets.thing_models import ASSETS


class InformationAsset(Record):
    """A body of information, and what was answered about it (1 to 4, nothing for not answered)."""

    ties: ClassVar[Ties] = Ties(chapter="assets", owner="owner")
    thing: ClassVar[str] = ASSETS
    listed: ClassVar[tuple[str, ...]] = ("owner", "classification", "reviewed_at", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    law = models.PositiveSmallIntegerField(null=True, blank=True)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    criticality = models.PositiveSmallIntegerField(null=True, blank=True)
    sensitivity = models.PositiveSmallIntegerField(null=True, blank=True)
    classification = models.CharField(max_length=20, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title",)
        verbose_name = "information asset"

    def __str__(self) -> str:
        return self.title


class HandlingRule(Record):
    """How information of a class is handled where it lies. `most_readers` is nothing where any number may read it."""

    ties: ClassVar[Ties] = Ties(chapter="assets")
    thing: ClassVar[str] = ASSETS
    listed: ClassVar[tuple[str, ...]] = ("encrypted", "most_readers")
    searched: ClassVar[tuple[str, ...]] = ("classification",)
    classification = models.CharField(max_length=20, unique=True)
    encrypted = models.BooleanField()
    most_readers = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("classification",)
        verbose_name = "handling rule"

    def __str__(self) -> str:
        return f"information that is {self.classification}"


class InformationStore(Record):
    """A place where information may lie. `classes` may lie there, `holds` names what does; its documents bear at least `label`."""

    ties: ClassVar[Ties] = Ties(chapter="assets", owner="owner")
    thing: ClassVar[str] = ASSETS
    listed: ClassVar[tuple[str, ...]] = ("owner", "classes", "holds", "label")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=200, unique=True)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    classes = models.JSONField(default=list)
    holds = models.JSONField(default=list)
    label = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title",)
        verbose_name = "information store"

    def __str__(self) -> str:
        return self.title
