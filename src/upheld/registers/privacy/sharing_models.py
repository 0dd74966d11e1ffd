"""Rows about whom personal data are shared with: sub-processors, transfers to other countries, what customers were told, and the list."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.notices.models import Notice
from upheld.registers.privacy.models import Customer, NoticeMode

SPACE = "customer-space"  # the row of the table of rights about what customers see of their own, and answer


class Shared(Record):
    """Somewhere that customers' data go. `customers` holds whose (empty: of all); `excluded`, whose not, since they objected.

    It is started once, after whoever is concerned was told as their contracts say, and until then it is a plan.
    """

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="owner")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "purpose")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    kind: ClassVar[str]
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    purpose = models.TextField()
    data_categories = models.JSONField(default=list)
    countries = models.JSONField(default=list)
    safeguards = models.TextField(blank=True)
    customers = models.JSONField(default=list)
    excluded = models.JSONField(default=list)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("title", "id")

    def __str__(self) -> str:
        return self.title


class SubProcessor(Shared):
    """A supplier that processes customers' data for us (GDPR 28(2), 28(4)). `flow_down`: what its terms pass on of customers' contracts."""

    kind: ClassVar[str] = "sub-processor"
    listed: ClassVar[tuple[str, ...]] = ("supplier", "purpose", "countries", "started_on", "ended_on")
    supplier = models.CharField(max_length=60)
    flow_down = models.JSONField(default=list)
    terms = models.CharField(max_length=64, blank=True)

    class Meta(Shared.Meta):
        verbose_name = "sub-processor"


class Basis(StrEnum):
    """What lets personal data go to another country (GDPR 45 to 49)."""

    ADEQUACY = "adequacy"
    CLAUSES = "standard-clauses"
    RULES = "binding-rules"
    DEROGATION = "derogation"


class Transfer(Shared):
    """Personal data that go to another jurisdiction: to whom, to which countries, and on what basis. `assessment`: of the law there."""

    kind: ClassVar[str] = "transfer"
    listed: ClassVar[tuple[str, ...]] = ("recipient", "countries", "basis", "started_on", "ended_on")
    recipient = models.CharField(max_length=300)
    basis = models.CharField(max_length=30)
    assessment = models.CharField(max_length=64, blank=True)

    class Meta(Shared.Meta):
        verbose_name = "transfer"


class Changes(StrEnum):
    """What customers are told of."""

    ADDITION = "addition"
    REPLACEMENT = "replacement"
    CHANGE = "change"


class Announcement(Record):
    """That customers were told of a sub-processor or transfer, or a change of one, before it is so. `done_on`: since when it is.

    `basis` is what a transfer shall rest on from then on. Each customer concerned has a notice of its own.
    """

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="owner", at="at")
    listed: ClassVar[tuple[str, ...]] = ("change", "at", "planned_on", "done_on")
    searched: ClassVar[tuple[str, ...]] = ("what", "subprocessor__title", "transfer__title")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    joined: ClassVar[tuple[str, ...]] = ("subprocessor", "transfer")
    subprocessor = models.ForeignKey(SubProcessor, models.PROTECT, null=True, blank=True, related_name="announcements")
    transfer = models.ForeignKey(Transfer, models.PROTECT, null=True, blank=True, related_name="announcements")
    owner = models.CharField(max_length=120, db_index=True)
    change = models.CharField(max_length=20)
    what = models.TextField()
    basis = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()
    planned_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "announcement to customers"
        verbose_name_plural = "announcements to customers"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(subprocessor=None, transfer__isnull=False) | models.Q(subprocessor__isnull=False, transfer=None),
                name="announcement_of_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.shared}, {self.change}"

    @property
    def shared(self) -> Shared:
        """What is announced."""
        found = self.subprocessor or self.transfer
        assert found is not None
        return found


class CustomerNotice(Record):
    """What one customer was `told`: how its contract says, `message` the number of the mail. A mail that came back told nobody anything.

    `received_at` is when a letter arrived, with its `receipt`, or when somebody of the customer acknowledged it.
    """

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="announcement__owner", customer="customer__name", at="at")
    thing: ClassVar[str] = SPACE
    listed: ClassVar[tuple[str, ...]] = ("customer", "mode", "at", "received_at", "bounced_at", "authorised_at")
    searched: ClassVar[tuple[str, ...]] = ("customer__title", "announcement__what")
    joined: ClassVar[tuple[str, ...]] = ("announcement__subprocessor", "announcement__transfer", "customer")
    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="notices")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="notices")
    mode = models.CharField(max_length=20)
    period = models.CharField(max_length=40)
    told = models.TextField(default="")
    at = models.DateTimeField()
    message = models.CharField(max_length=36, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce = models.TextField(blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(max_length=64, blank=True)
    authorised_at = models.DateTimeField(null=True, blank=True)
    authorisation = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "notice to a customer"
        verbose_name_plural = "notices to customers"
        constraints = (models.UniqueConstraint(fields=["announcement", "customer"], name="one_notice_a_customer"),)

    def __str__(self) -> str:
        return f"{self.announcement} → {self.customer}"

    def delivered(self, sent: Mapping[str, datetime]) -> datetime | None:
        """Return since when the customer knows, None where nothing proves that it does; `sent` says when mails went out, by number."""
        if self.received_at or self.mode != NoticeMode.MAIL or self.bounced_at:
            return self.received_at
        return sent.get(self.message)


def sent(numbers: Any) -> dict[str, datetime]:
    """Return when those of the mails with these `numbers` went out that did, by number."""
    found = Notice.objects.filter(pk__in=list(numbers)).exclude(sent_at=None)
    return {number: at for number, at in found.values_list("pk", "sent_at") if at is not None}


class Settlement(StrEnum):
    """How an objection ended."""

    WITHDRAWN = "withdrawn"
    EXCLUDED = "left-out"
    DROPPED = "plan-dropped"


class Objection(Record):
    """That a customer objects to what it was told of; until it is settled, nothing of it starts."""

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="notice__announcement__owner", customer="notice__customer__name", at="raised_at")
    thing: ClassVar[str] = SPACE
    listed: ClassVar[tuple[str, ...]] = ("raised_at", "settlement", "settled_at")
    searched: ClassVar[tuple[str, ...]] = ("notice__customer__title", "reasons")
    persons: ClassVar[tuple[str, ...]] = ("settled_by",)
    joined: ClassVar[tuple[str, ...]] = (
        "notice__announcement__subprocessor",
        "notice__announcement__transfer",
        "notice__customer",
    )
    notice = models.ForeignKey(CustomerNotice, models.PROTECT, related_name="objections")
    reasons = models.TextField()
    raised_at = models.DateTimeField()
    settlement = models.CharField(max_length=20, blank=True)
    how = models.TextField(blank=True)
    agreed = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-raised_at", "-id")
        verbose_name = "objection"

    def __str__(self) -> str:
        return f"{self.notice.customer}: {self.notice.announcement}"


class Destination(Record):
    """A country that personal data may go to, or an organisation there, on the list that customers can read. `organisation` "": any."""

    ties: ClassVar[Ties] = Ties(chapter="privacy")
    listed: ClassVar[tuple[str, ...]] = ("country", "organisation", "published_at", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("country", "organisation", "why")
    country = models.CharField(max_length=60)
    organisation = models.CharField(max_length=300, blank=True)
    why = models.TextField()
    published_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("country", "organisation", "id")
        verbose_name = "published destination"

    def __str__(self) -> str:
        return f"{self.country}, {self.organisation}" if self.organisation else self.country
