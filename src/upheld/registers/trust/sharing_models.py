"""Rows of what customers are given: documents, on which terms of confidentiality, who agreed to these, and who fetched what."""

from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.privacy.models import Customer
from upheld.registers.privacy.sharing_models import SPACE


class Terms(Record):
    """Terms of confidentiality that somebody agrees to before a document is handed out. `digest` is the SHA-256 of the text."""

    ties: ClassVar[Ties] = Ties(chapter="trust")
    listed: ClassVar[tuple[str, ...]] = ("published_at", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "text")
    title = models.CharField(max_length=300)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-published_at", "-id")
        verbose_name = "terms of confidentiality"
        verbose_name_plural = "terms of confidentiality"

    def __str__(self) -> str:
        return self.title


class SharedDocument(Record):
    """A PDF that customers may fetch: those named in `customers`, all where it is empty; with `terms`, once these were agreed to."""

    ties: ClassVar[Ties] = Ties(chapter="trust")
    listed: ClassVar[tuple[str, ...]] = ("terms", "customers", "shared_at", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "what")
    joined: ClassVar[tuple[str, ...]] = ("terms",)
    title = models.CharField(max_length=300)
    what = models.TextField(blank=True)
    file = models.CharField(max_length=64)
    terms = models.ForeignKey(Terms, models.PROTECT, null=True, blank=True, related_name="documents")
    customers = models.JSONField(default=list)
    shared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = "shared document"

    def __str__(self) -> str:
        return self.title

    def is_for(self, customer: Customer) -> bool:
        """Whether `customer` may have it."""
        return self.ended_at is None and (not self.customers or customer.name in self.customers)


class Agreed(Record):
    """That somebody of a customer agreed to terms: who they said they are, and the digest of the text that they were shown."""

    ties: ClassVar[Ties] = Ties(chapter="trust", customer="customer__name", at="at")
    thing: ClassVar[str] = SPACE
    listed: ClassVar[tuple[str, ...]] = ("customer", "person", "name", "at")
    searched: ClassVar[tuple[str, ...]] = ("customer__title", "name")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("terms", "customer")
    terms = models.ForeignKey(Terms, models.PROTECT, related_name="agreements")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="confidentiality")
    person = models.CharField(max_length=120, db_index=True)
    name = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "agreement to confidentiality"
        verbose_name_plural = "agreements to confidentiality"
        constraints = (models.UniqueConstraint(fields=["terms", "customer", "person"], name="agreed_once"),)

    def __str__(self) -> str:
        return f"{self.customer}: {self.terms}"


class Fetched(Record):
    """That somebody of a customer fetched a document, marked with who they are and this record's number."""

    ties: ClassVar[Ties] = Ties(chapter="trust", customer="customer__name", at="at")
    thing: ClassVar[str] = SPACE
    listed: ClassVar[tuple[str, ...]] = ("customer", "person", "at")
    searched: ClassVar[tuple[str, ...]] = ("customer__title", "document__title")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("document", "customer")
    document = models.ForeignKey(SharedDocument, models.PROTECT, related_name="fetched")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="fetched")
    person = models.CharField(max_length=120, db_index=True)
    file = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "fetched document"

    def __str__(self) -> str:
        return f"{self.customer}: {self.document}"
