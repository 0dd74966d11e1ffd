"""Rows about data that leave: disclosures to third parties, requests of authorities, and transmissions with their receipts."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.privacy.models import Customer
from upheld.registers.privacy.sharing_models import SPACE


class LegalRequest(Record):
    """That an authority, or somebody else, demands a customer's data. `binding` is None until counsel assessed it.

    `prohibition`: the law that forbids to tell the customer, until `prohibited_until_on` (None: without an end).
    """

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="owner", at="received_at")
    listed: ClassVar[tuple[str, ...]] = ("authority", "received_at", "binding", "notified_at", "rejected_at")
    searched: ClassVar[tuple[str, ...]] = ("authority", "customer__title")
    persons: ClassVar[tuple[str, ...]] = ("owner", "assessed_by")
    joined: ClassVar[tuple[str, ...]] = ("customer",)
    authority = models.CharField(max_length=300)
    country = models.CharField(max_length=60)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="legal_requests")
    owner = models.CharField(max_length=120, db_index=True)
    what = models.TextField()
    received_at = models.DateTimeField()
    document = models.CharField(max_length=64)
    binding = models.BooleanField(null=True, blank=True)
    why = models.TextField(blank=True)
    assessed_at = models.DateTimeField(null=True, blank=True)
    assessed_by = models.CharField(max_length=120, blank=True)
    prohibition = models.TextField(blank=True)
    prohibited_until_on = models.DateField(null=True, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)
    notice = models.CharField(max_length=64, blank=True)
    rejected_at = models.DateTimeField(null=True, blank=True)
    authorised_at = models.DateTimeField(null=True, blank=True)
    authorisation = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-received_at", "-id")
        verbose_name = "demand for data"
        verbose_name_plural = "demands for data"

    def __str__(self) -> str:
        return f"{self.authority}, {self.received_at:%Y-%m-%d}"


class DisclosureBasis(StrEnum):
    """What a disclosure rests on."""

    INSTRUCTION = "instruction"
    AUTHORISED = "customer-authorised"
    LAW = "legally-binding"
    SUBJECT = "data-subject"


class DataDisclosure(Record):
    """That personal data were given to a third party: what, to whom, when, on what basis. `export`: the number in the export's log."""

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="owner", customer="customer__name", at="at")
    thing: ClassVar[str] = SPACE
    listed: ClassVar[tuple[str, ...]] = ("recipient", "at", "basis", "customer")
    searched: ClassVar[tuple[str, ...]] = ("recipient", "what", "customer__title")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    joined: ClassVar[tuple[str, ...]] = ("customer", "demand")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="disclosures")
    demand = models.ForeignKey(LegalRequest, models.PROTECT, null=True, blank=True, related_name="disclosures")
    owner = models.CharField(max_length=120, db_index=True)
    recipient = models.CharField(max_length=300)
    what = models.TextField()
    data_categories = models.JSONField(default=list)
    at = models.DateTimeField()
    basis = models.CharField(max_length=30)
    export = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "disclosure"

    def __str__(self) -> str:
        return f"{self.recipient}, {self.at:%Y-%m-%d}"


class Channel(StrEnum):
    """How data are sent."""

    TLS = "tls"
    SFTP = "sftp"
    ENCRYPTED_MAIL = "encrypted-mail"
    ENCRYPTED_MEDIUM = "encrypted-medium"
    MAIL = "mail"
    PLAIN = "plain"


class Transmission(Record):
    """That personal data were sent to somebody, by SHA-256, and what the recipient says it got: from whom, when, by SHA-256."""

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="owner", customer="customer__name", at="sent_at")
    listed: ClassVar[tuple[str, ...]] = ("recipient", "channel", "sent_at", "received_at")
    searched: ClassVar[tuple[str, ...]] = ("recipient", "what")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    joined: ClassVar[tuple[str, ...]] = ("customer",)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="transmissions")
    owner = models.CharField(max_length=120, db_index=True)
    recipient = models.CharField(max_length=300)
    what = models.TextField()
    channel = models.CharField(max_length=30)
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    received_by = models.CharField(max_length=300, blank=True)
    received_digest = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-sent_at", "-id")
        verbose_name = "transmission"

    def __str__(self) -> str:
        return f"{self.recipient}, {self.sent_at:%Y-%m-%d}"
