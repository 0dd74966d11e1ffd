"""Rows about how suppliers are looked at again: reviews, issues, their own suppliers, changes, and reports of others."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.suppliers.models import Supplier


class ReviewKind(StrEnum):
    """How a supplier was looked at."""

    REVIEW = "review"
    QUESTIONNAIRE = "questionnaire"
    AUDIT = "audit"


class ReviewOutcome(StrEnum):
    """What was found."""

    GOOD = "good"
    CONDITIONS = "good-with-conditions"
    BAD = "not-acceptable"


class SupplierReview(Record):
    """Somebody looked at a supplier again. `report` is the digest of the report, "" for none."""

    ties: ClassVar[Ties] = Ties(chapter="suppliers", owner="supplier__owner", at="at")
    listed: ClassVar[tuple[str, ...]] = ("kind", "person", "at", "outcome")
    searched: ClassVar[tuple[str, ...]] = ("supplier__title", "supplier__name")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("supplier",)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=20)
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=30)
    note = models.TextField()
    report = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "supplier review"

    def __str__(self) -> str:
        return f"{self.supplier}, {self.kind} of {self.at:%Y-%m-%d}"


class SupplierIssue(Record):
    """Something that a supplier has to put right, found in a review. It is settled by somebody else than who found it."""

    ties: ClassVar[Ties] = Ties(chapter="suppliers", owner="review__supplier__owner")
    listed: ClassVar[tuple[str, ...]] = ("what", "due_on", "settled_at")
    searched: ClassVar[tuple[str, ...]] = ("what", "review__supplier__title")
    persons: ClassVar[tuple[str, ...]] = ("settled_by",)
    joined: ClassVar[tuple[str, ...]] = ("review__supplier",)
    review = models.ForeignKey(SupplierReview, models.PROTECT, related_name="issues")
    what = models.TextField()
    due_on = models.DateField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=120, blank=True)
    how = models.TextField(blank=True)

    class Meta:
        ordering = ("due_on", "id")
        verbose_name = "issue with a supplier"
        verbose_name_plural = "issues with suppliers"

    def __str__(self) -> str:
        return f"{self.review.supplier}: {self.what[:80]}"


class Subcontractor(Record):
    """Somebody whom a supplier uses for what it does for us."""

    ties: ClassVar[Ties] = Ties(chapter="suppliers", owner="supplier__owner")
    listed: ClassVar[tuple[str, ...]] = ("what", "country", "from_on", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("title", "supplier__title")
    joined: ClassVar[tuple[str, ...]] = ("supplier",)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="subcontractors")
    title = models.CharField(max_length=300)
    what = models.TextField()
    country = models.CharField(max_length=60)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = "subcontractor"

    def __str__(self) -> str:
        return f"{self.title}, of {self.supplier}"


class ChainDisclosure(Record):
    """A supplier told whom it uses: when, and the digest of what it sent."""

    ties: ClassVar[Ties] = Ties(chapter="suppliers", owner="supplier__owner", at="at")
    listed: ClassVar[tuple[str, ...]] = ("at", "person", "document")
    searched: ClassVar[tuple[str, ...]] = ("supplier__title", "supplier__name")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("supplier",)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="disclosures")
    at = models.DateTimeField()
    person = models.CharField(max_length=120)
    document = models.CharField(max_length=64)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "disclosure of a supply chain"
        verbose_name_plural = "disclosures of supply chains"

    def __str__(self) -> str:
        return f"{self.supplier}, {self.at:%Y-%m-%d}"


class Decision(StrEnum):
    """What the company does about a change of a supplier's service."""

    ACCEPT = "accept"
    OBJECT = "object"
    EXIT = "exit"


class ServiceChange(Record):
    """A change to what a supplier does for us: risk assessed anew by somebody, then decided by somebody else, before it takes effect."""

    ties: ClassVar[Ties] = Ties(chapter="suppliers", owner="supplier__owner")
    listed: ClassVar[tuple[str, ...]] = ("what", "takes_effect_at", "reassessed_at", "decision")
    searched: ClassVar[tuple[str, ...]] = ("what", "supplier__title", "supplier__name")
    persons: ClassVar[tuple[str, ...]] = ("reassessed_by", "decided_by")
    joined: ClassVar[tuple[str, ...]] = ("supplier",)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="changes")
    what = models.CharField(max_length=300)
    announced_at = models.DateTimeField()
    takes_effect_at = models.DateTimeField()
    systems = models.JSONField(default=list)
    risks = models.TextField(blank=True)
    tier = models.CharField(max_length=20, blank=True)
    reassessed_at = models.DateTimeField(null=True, blank=True)
    reassessed_by = models.CharField(max_length=120, blank=True)
    decision = models.CharField(max_length=20, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-takes_effect_at", "-id")
        verbose_name = "change of a supplier"
        verbose_name_plural = "changes of suppliers"

    def __str__(self) -> str:
        return f"{self.supplier}: {self.what}"


class AssuranceKind(StrEnum):
    """What somebody independent wrote about a supplier."""

    SOC2 = "soc-2"
    ISO27001 = "iso-27001"
    ISO27017 = "iso-27017"
    C5 = "c5"
    OTHER = "other"


class Assurance(Record):
    """A certificate or report of somebody independent about a supplier, good until a day, read by somebody here."""

    ties: ClassVar[Ties] = Ties(chapter="suppliers", owner="supplier__owner")
    listed: ClassVar[tuple[str, ...]] = ("kind", "until_on", "read_by", "read_at", "good")
    searched: ClassVar[tuple[str, ...]] = ("title", "supplier__title", "supplier__name")
    persons: ClassVar[tuple[str, ...]] = ("read_by",)
    joined: ClassVar[tuple[str, ...]] = ("supplier",)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="assurances")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    from_on = models.DateField()
    until_on = models.DateField()
    document = models.CharField(max_length=64)
    read_by = models.CharField(max_length=120, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    good = models.BooleanField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-until_on", "-id")
        verbose_name = "assurance report"

    def __str__(self) -> str:
        return f"{self.supplier}: {self.title}"
