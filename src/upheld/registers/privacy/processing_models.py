"""Rows about what is done with personal data: the record of it, customers' instructions, their questions, consents and sign-ups."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.privacy.models import Customer
from upheld.registers.privacy.sharing_models import SPACE


class Capacity(StrEnum):
    """For whom data are processed (GDPR 4(7), 4(8)): for oneself, or for a customer."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"


class Processing(Record):
    """One kind of processing, as the record of it must say (GDPR 30(1) as controller, 30(2) as processor). "" is what nobody wrote yet.

    `purpose` is the short name that instructions and logs use. `transfers` says to which countries and under which safeguards, or "none".
    """

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("capacity", "purpose", "owner", "confirmed_at", "ended_on")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "purpose", "operations")
    persons: ClassVar[tuple[str, ...]] = ("owner", "confirmed_by")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    capacity = models.CharField(max_length=20)
    purpose = models.CharField(max_length=60)
    operations = models.TextField(blank=True)
    customers = models.JSONField(default=list)
    data_categories = models.JSONField(default=list)
    data_subjects = models.TextField(blank=True)
    recipients = models.TextField(blank=True)
    transfers = models.TextField(blank=True)
    retention = models.TextField(blank=True)
    security = models.TextField(blank=True)
    contact = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=120, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = "processing"
        verbose_name_plural = "processings"

    def __str__(self) -> str:
        return self.title


class Finding(StrEnum):
    """What was found of an instruction: it may be followed, or seems to break the law (GDPR 28(3), last sentence)."""

    LAWFUL = "lawful"
    INFRINGING = "infringing"


class Outcome(StrEnum):
    """What became of an instruction that was suspended."""

    WITHDRAWN = "withdrawn"
    CHANGED = "changed"
    CONFIRMED = "confirmed"


class Instruction(Record):
    """What a customer wants done with its data: for which purpose, with which categories, until when. It is assessed before it is followed.

    One that seems to break the law is suspended when that is found, and the customer is told; `settled_at` is when that was over.
    """

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="customer__owner", customer="customer__name", at="received_at")
    listed: ClassVar[tuple[str, ...]] = ("purpose", "from_on", "until_on", "finding", "suspended_at", "notified_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "purpose", "customer__title")
    persons: ClassVar[tuple[str, ...]] = ("assessed_by",)
    joined: ClassVar[tuple[str, ...]] = ("customer",)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="instructions")
    title = models.CharField(max_length=300)
    what = models.TextField()
    purpose = models.CharField(max_length=60)
    data_categories = models.JSONField(default=list)
    received_at = models.DateTimeField()
    document = models.CharField(max_length=64)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    finding = models.CharField(max_length=20, blank=True)
    why = models.TextField(blank=True)
    assessed_at = models.DateTimeField(null=True, blank=True)
    assessed_by = models.CharField(max_length=120, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    message = models.CharField(max_length=36, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("-received_at", "-id")
        verbose_name = "instruction of a customer"
        verbose_name_plural = "instructions of customers"

    def __str__(self) -> str:
        return f"{self.customer}: {self.title}"


class InformationRequest(Record):
    """That a customer asks for what it needs to show that it keeps the law: a report, an audit. `due_at`: by its contract."""

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="customer__owner", customer="customer__name", at="asked_at")
    thing: ClassVar[str] = SPACE
    listed: ClassVar[tuple[str, ...]] = ("asked_at", "due_at", "answered_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "what", "customer__title")
    persons: ClassVar[tuple[str, ...]] = ("answered_by",)
    joined: ClassVar[tuple[str, ...]] = ("customer",)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="information_requests")
    title = models.CharField(max_length=300)
    what = models.TextField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    document = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        verbose_name = "customer's request for information"
        verbose_name_plural = "customers' requests for information"

    def __str__(self) -> str:
        return f"{self.customer}: {self.title}"


class Consent(Record):
    """That somebody agreed to a use of their data. `principal` is how that use's log calls them: a pseudonym rather than an address."""

    ties: ClassVar[Ties] = Ties(chapter="privacy", at="given_at")
    listed: ClassVar[tuple[str, ...]] = ("principal", "purpose", "given_at", "withdrawn_at")
    searched: ClassVar[tuple[str, ...]] = ("principal", "purpose")
    principal = models.CharField(max_length=200, db_index=True)
    purpose = models.CharField(max_length=60)
    how = models.TextField()
    wording = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-given_at", "-id")
        verbose_name = "consent"

    def __str__(self) -> str:
        return f"{self.purpose}, {self.given_at:%Y-%m-%d}"


class SignUp(Record):
    """One way to enrol in a service, looked at by somebody else. `consent_required`: whether it takes agreeing to marketing."""

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("consent_required", "owner", "checked_at", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "asks")
    persons: ClassVar[tuple[str, ...]] = ("owner", "checked_by")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    asks = models.TextField()
    consent_required = models.BooleanField()
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = "way to sign up"
        verbose_name_plural = "ways to sign up"

    def __str__(self) -> str:
        return self.title
