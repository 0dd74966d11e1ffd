"""Rows of the chapter compliance: licences, requirements and certificates; audits and reviews have files of their own."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.compliance.audit_models import Audit, AuditBody, AuditFinding, AuditRequest, Sample, SampleItem
from upheld.registers.compliance.review_models import AreaReview, AuditActivity, AuditWindow, ManagedArea, TechnicalReview
from upheld.registers.compliance.space_models import AuditorRemark, AuditorSample

__all__ = [
    "AreaReview",
    "Audit",
    "AuditActivity",
    "AuditBody",
    "AuditFinding",
    "AuditRequest",
    "AuditWindow",
    "AuditorRemark",
    "AuditorSample",
    "Certificate",
    "Certification",
    "LegalRequirement",
    "Licence",
    "LicenceRule",
    "ManagedArea",
    "Sample",
    "SampleItem",
    "TechnicalReview",
]


class Counted(StrEnum):
    """What a licence counts: machines that have the product, or people who can sign in to it."""

    HOSTS = "hosts"
    USERS = "users"


class Licence(Record):
    """The right to use a product: `packages` are its names on machines, `system` where its users sign in; no `seats` means no limit."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("product", "counted", "seats", "owner", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("product", "title", "terms")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    product = models.CharField(max_length=60, db_index=True)
    title = models.CharField(max_length=300)
    terms = models.TextField()
    counted = models.CharField(max_length=10)
    seats = models.PositiveIntegerField(null=True, blank=True)
    packages = models.JSONField(default=list)
    system = models.CharField(max_length=60, blank=True)
    owner = models.CharField(max_length=120, db_index=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    file = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("product", "-from_on", "-id")
        verbose_name = "licence"

    def __str__(self) -> str:
        return f"{self.title}, {'no limit' if self.seats is None else f'{self.seats} {self.counted}'}"


class Decision(StrEnum):
    """Whether components under a licence may be shipped."""

    ALLOWED = "allowed"
    REVIEW = "review"
    DENIED = "denied"


class LicenceRule(Record):
    """What the company's licence policy says of one licence, by its SPDX identifier."""

    ties: ClassVar[Ties] = Ties(chapter="compliance")
    listed: ClassVar[tuple[str, ...]] = ("decision", "why")
    searched: ClassVar[tuple[str, ...]] = ("spdx", "why")
    spdx = models.CharField(max_length=120, unique=True)
    decision = models.CharField(max_length=10)
    why = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("spdx",)
        verbose_name = "licence rule"

    def __str__(self) -> str:
        return f"{self.spdx}: {self.decision}"


class RequiredBy(StrEnum):
    """What a requirement comes from."""

    LAW = "law"
    CONTRACT = "contract"
    STANDARD = "standard"
    OTHER = "other"


class LegalRequirement(Record):
    """Something that law, a contract or a standard wants of the company. `promises` are ids of promises that answer it."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("kind", "jurisdiction", "citation", "owner", "promises", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "citation")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=10)
    jurisdiction = models.CharField(max_length=60, blank=True)
    citation = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    owner = models.CharField(max_length=120, db_index=True)
    promises = models.JSONField(default=list)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "legal requirement"

    def __str__(self) -> str:
        return self.title


class Certification(Record):
    """A certification that the company claims: the standard, and the scope as it states it."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("standard", "scope", "owner", "ended_on")
    searched: ClassVar[tuple[str, ...]] = ("name", "standard", "scope")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    standard = models.CharField(max_length=120)
    scope = models.TextField()
    owner = models.CharField(max_length=120, db_index=True)
    public = models.BooleanField()
    from_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("standard", "name")
        verbose_name = "certification"

    def __str__(self) -> str:
        return self.standard


class Certificate(Record):
    """A certificate that proves a certification: number, dates, the scope printed on it, and the body that issued it."""

    ties: ClassVar[Ties] = Ties(chapter="compliance", owner="certification__owner")
    listed: ClassVar[tuple[str, ...]] = ("certification", "body", "serial", "issued_on", "until_on", "withdrawn_on")
    searched: ClassVar[tuple[str, ...]] = ("serial", "certification__standard")
    joined: ClassVar[tuple[str, ...]] = ("certification", "body")
    certification = models.ForeignKey(Certification, models.PROTECT, related_name="certificates")
    body = models.ForeignKey(AuditBody, models.PROTECT, related_name="certificates")
    serial = models.CharField(max_length=120)
    scope_agrees = models.BooleanField()
    issued_on = models.DateField()
    until_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    file = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-until_on", "-id")
        verbose_name = "certificate"

    def __str__(self) -> str:
        return f"{self.certification}, {self.serial}"
