"""Rows of the chapter privacy: categories of data, customers, and what was agreed with each."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class DataCategory(Record):
    """A category of data. `special`: of those in GDPR 9 or 10. `retention` is in words ("3 years"), "" where nothing is set."""

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("personal", "special", "of_customers", "retention", "owner")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    what = models.TextField()
    personal = models.BooleanField()
    special = models.BooleanField()
    of_customers = models.BooleanField()
    retention = models.CharField(max_length=40, blank=True)
    owner = models.CharField(max_length=120, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "data category"
        verbose_name_plural = "data categories"

    def __str__(self) -> str:
        return self.title


class Customer(Record):
    """A customer: somebody on whose behalf the company may process data."""

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="owner", customer="name")
    listed: ClassVar[tuple[str, ...]] = ("owner", "country", "from_on", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    country = models.CharField(max_length=60, blank=True)
    contact = models.TextField(blank=True)
    notice_address = models.CharField(max_length=254, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = "customer"

    def __str__(self) -> str:
        return self.title


class Authorisation(StrEnum):
    """How a customer lets the company engage others for its data (GDPR 28(2))."""

    NONE = "none"
    SPECIFIC = "specific"
    GENERAL = "general"


class NoticeMode(StrEnum):
    """How a customer is told of what its contract says it must be told of, and what proves that it was.

    A mail was told when its mail server took it and it did not come back; a letter when its receipt is kept; through the
    customer's own pages when somebody of the customer acknowledged it.
    """

    MAIL = "mail"
    LETTER = "letter"
    PAGES = "own-pages"


class Clause(StrEnum):
    """What a contract on processing must contain (GDPR 28(3))."""

    INSTRUCTIONS = "instructions"
    CONFIDENTIALITY = "confidentiality"
    SECURITY = "security"
    SUBPROCESSORS = "subprocessors"
    RIGHTS = "data-subject-rights"
    BREACH = "breach-assistance"
    DPIA = "impact-assessment-assistance"
    DELETION = "deletion-or-return"
    AUDIT = "audit"
    INFRINGING = "infringing-instructions"


class Contract(Record):
    """A contract with a customer, with its deadlines in words ("72 hours"), "" where none was agreed.

    Whoever entered it is not who checked it against the signed text (`checked_by`); it counts from then on. `agreed_to` holds short
    names of the sub-processors and transfers that its annex names: the customer knew of these when it signed. `annex` is the document of
    promises that is part of it, in the version `annex_version`.
    """

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="customer__owner", customer="customer__name")
    listed: ClassVar[tuple[str, ...]] = ("from_on", "until_on", "authorisation", "breach_notice", "deletion_within", "checked_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "customer__title", "customer__name")
    persons: ClassVar[tuple[str, ...]] = ("checked_by",)
    joined: ClassVar[tuple[str, ...]] = ("customer",)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contracts")
    title = models.CharField(max_length=300)
    signed_on = models.DateField()
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    notice_period = models.CharField(max_length=40, blank=True)
    processes_personal_data = models.BooleanField()
    clauses = models.JSONField(default=list)
    data_categories = models.JSONField(default=list)
    regions = models.JSONField(default=list)
    authorisation = models.CharField(max_length=20)
    subprocessor_notice = models.CharField(max_length=40, blank=True)
    transfer_notice = models.CharField(max_length=40, blank=True)
    notice_mode = models.CharField(max_length=20, default=NoticeMode.MAIL.value)
    agreed_to = models.JSONField(default=list)
    breach_notice = models.CharField(max_length=40, blank=True)
    rights_within = models.CharField(max_length=40, blank=True)
    information_within = models.CharField(max_length=40, blank=True)
    deletion_within = models.CharField(max_length=40, blank=True)
    annex = models.CharField(max_length=60, blank=True)
    annex_version = models.CharField(max_length=40, blank=True)
    document = models.CharField(max_length=64)
    checked_by = models.CharField(max_length=120, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-from_on", "-id")
        verbose_name = "contract"

    def __str__(self) -> str:
        return f"{self.customer}: {self.title}"
