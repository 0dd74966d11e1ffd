"""Rows of the chapter separation: doors between environments, functions and their roles, and test data."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class EnvironmentDoor(Record):
    """A way from one environment into another that is meant to be open: to one port of one system, and for whom."""

    ties: ClassVar[Ties] = Ties(chapter="separation", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("from_environment", "to_system", "port", "owner", "until_on", "closed_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "to_system")
    persons: ClassVar[tuple[str, ...]] = ("owner", "approved_by")
    title = models.CharField(max_length=300)
    from_environment = models.CharField(max_length=20)
    to_system = models.CharField(max_length=60)
    port = models.PositiveIntegerField()
    why = models.TextField()
    owner = models.CharField(max_length=120, db_index=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    until_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = "door between environments"
        verbose_name_plural = "doors between environments"

    def __str__(self) -> str:
        return self.title


class FunctionRule(Record):
    """Which roles of an application may reach one of its functions, or a class of its data: a line of the function matrix."""

    ties: ClassVar[Ties] = Ties(chapter="separation", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("system", "roles", "owner", "confirmed_at")
    searched: ClassVar[tuple[str, ...]] = ("function", "system")
    persons: ClassVar[tuple[str, ...]] = ("owner", "confirmed_by")
    system = models.CharField(max_length=60)
    function = models.CharField(max_length=200)
    roles = models.JSONField(default=list)
    owner = models.CharField(max_length=120, db_index=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("system", "function", "id")
        verbose_name = "function and its roles"
        verbose_name_plural = "functions and their roles"

    def __str__(self) -> str:
        return f"{self.system}: {self.function}"


class Origin(StrEnum):
    """Where test data come from."""

    MADE_UP = "made-up"
    ANONYMISED = "anonymised"
    MASKED = "masked"


class TestDataSet(Record):
    """Data to test with, on one system: where they come from, who approved them, and until when they may be there."""

    __test__ = False  # no test, for pytest

    ties: ClassVar[Ties] = Ties(chapter="separation", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("system", "origin", "owner", "approved_at", "expires_on", "erased_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "system")
    persons: ClassVar[tuple[str, ...]] = ("owner", "approved_by")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    system = models.CharField(max_length=60)
    origin = models.CharField(max_length=20)
    how = models.TextField()
    owner = models.CharField(max_length=120, db_index=True)
    expires_on = models.DateField()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "set of test data"
        verbose_name_plural = "sets of test data"

    def __str__(self) -> str:
        return self.title
