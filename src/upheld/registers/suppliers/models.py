"""Rows of the chapter suppliers: who supplies, and what was agreed; how each is looked at again has a file of its own."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class Tier(StrEnum):
    """How much harm a supplier could do: its risk class, which decides what is required of it and how often it is looked at."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Provides(StrEnum):
    """What sort of thing a supplier provides."""

    SOFTWARE = "software"
    HOSTING = "hosting"
    DATA_CENTRE = "data-centre"
    HARDWARE = "hardware"
    STAFF = "staff"
    ADVICE = "advice"
    SECURITY = "security-service"
    OTHER = "other"


class Supplier(Record):
    """A supplier, engaged from `from_on` (None: not yet). `touches`: it reaches, holds or could alter the company's information."""

    ties: ClassVar[Ties] = Ties(chapter="suppliers", owner="owner", team="name")
    listed: ClassVar[tuple[str, ...]] = ("tier", "touches", "owner", "from_on", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "what")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    provides = models.JSONField(default=list)
    what = models.TextField()
    tier = models.CharField(max_length=20)
    touches = models.BooleanField()
    personal_data = models.BooleanField()
    countries = models.JSONField(default=list)
    contact = models.TextField(blank=True)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = "supplier"

    def __str__(self) -> str:
        return self.title


class SupplierAssessment(Record):
    """What could go wrong with a supplier, written by somebody before it is engaged and approved by somebody else."""

    ties: ClassVar[Ties] = Ties(chapter="suppliers", owner="supplier__owner")
    listed: ClassVar[tuple[str, ...]] = ("author", "approved_by", "approved_at")
    searched: ClassVar[tuple[str, ...]] = ("supplier__title", "supplier__name")
    persons: ClassVar[tuple[str, ...]] = ("author", "approved_by")
    joined: ClassVar[tuple[str, ...]] = ("supplier",)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="assessments")
    author = models.CharField(max_length=120)
    at = models.DateTimeField()
    risks = models.TextField()
    mended_by = models.TextField(blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "supplier assessment"

    def __str__(self) -> str:
        return f"{self.supplier}, {'approved' if self.approved_at else 'not approved'}"


class Requirement(Record):
    """What an agreement with suppliers of some tiers must contain. `supply_chain`: about the supplier's own suppliers."""

    ties: ClassVar[Ties] = Ties(chapter="suppliers")
    listed: ClassVar[tuple[str, ...]] = ("name", "tiers", "supply_chain", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "text")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    text = models.TextField()
    tiers = models.JSONField(default=list)
    supply_chain = models.BooleanField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "requirement of suppliers"
        verbose_name_plural = "requirements of suppliers"

    def __str__(self) -> str:
        return self.title


class Agreement(Record):
    """A signed agreement: which requirements it contains, and what it says of time. It counts once somebody else checked it."""

    ties: ClassVar[Ties] = Ties(chapter="suppliers", owner="supplier__owner")
    listed: ClassVar[tuple[str, ...]] = ("from_on", "until_on", "requirements", "checked_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "supplier__title", "supplier__name")
    persons: ClassVar[tuple[str, ...]] = ("checked_by",)
    joined: ClassVar[tuple[str, ...]] = ("supplier",)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="agreements")
    title = models.CharField(max_length=300)
    signed_on = models.DateField()
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    requirements = models.JSONField(default=list)
    recovery_time = models.CharField(max_length=40, blank=True)
    change_notice = models.CharField(max_length=40, blank=True)
    breach_notice = models.CharField(max_length=40, blank=True)
    notice_period = models.CharField(max_length=40, blank=True)
    document = models.CharField(max_length=64)
    checked_by = models.CharField(max_length=120, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-from_on", "-id")
        verbose_name = "supplier agreement"

    def __str__(self) -> str:
        return f"{self.supplier}: {self.title}"
