"""Rows about backups and records: who may read a store, restores that were asked for, and what must be kept for how long."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record

THING = "backups"  # the row of the table of rights


class Right(StrEnum):
    """What somebody may do in a store."""

    READ = "read"
    CHANGE = "change"
    RELEASE = "release"


class StoreReader(Record):
    """That somebody may read, change or release what lies in a store; `principal` and `store` as the store's own settings call them."""

    ties: ClassVar[Ties] = Ties(chapter="backup", owner="asked_by", at="asked_at")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("store", "principal", "right", "approved_at", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("store", "principal", "why")
    persons: ClassVar[tuple[str, ...]] = ("asked_by", "approved_by")
    store = models.CharField(max_length=300, db_index=True)
    principal = models.CharField(max_length=200)
    right = models.CharField(max_length=10)
    why = models.TextField()
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("store", "principal", "id")
        verbose_name = "reader of a store"
        verbose_name_plural = "readers of stores"

    def __str__(self) -> str:
        return f"{self.principal} may {self.right} {self.store}"


class RestoreRequest(Record):
    """That data are to be restored on a system, between two instants: decided by somebody of the management."""

    ties: ClassVar[Ties] = Ties(chapter="backup", owner="asked_by", at="asked_at")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("system", "what", "asked_by", "granted", "from_at", "until_at")
    searched: ClassVar[tuple[str, ...]] = ("system", "what", "why")
    persons: ClassVar[tuple[str, ...]] = ("asked_by", "decided_by")
    system = models.CharField(max_length=60, db_index=True)
    what = models.CharField(max_length=300)
    why = models.TextField()
    asked_by = models.CharField(max_length=120, db_index=True)
    asked_at = models.DateTimeField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    granted = models.BooleanField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True)

    class Meta:
        ordering = ("-from_at", "-id")
        verbose_name = "request for a restore"
        verbose_name_plural = "requests for restores"

    def __str__(self) -> str:
        return f"{self.what}, {self.system}"


class RecordClass(Record):
    """A class of records that law or contract wants kept: where they lie (`store`), and for how long."""

    ties: ClassVar[Ties] = Ties(chapter="backup", owner="owner")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("name", "store", "keep_for", "owner", "held")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "store")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    store = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    keep_for = models.CharField(max_length=40)
    basis = models.TextField()
    held = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)
        verbose_name = "class of records"
        verbose_name_plural = "classes of records"

    def __str__(self) -> str:
        return self.title


class RecordHold(Record):
    """A legal hold on a class of records: while it lasts, none of them is destroyed."""

    ties: ClassVar[Ties] = Ties(chapter="backup", owner="record_class__owner", at="from_at")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("record_class", "from_at", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("record_class__name", "why")
    joined: ClassVar[tuple[str, ...]] = ("record_class",)
    record_class = models.ForeignKey(RecordClass, models.PROTECT, related_name="holds")
    why = models.TextField()
    from_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-from_at", "-id")
        verbose_name = "hold on records"
        verbose_name_plural = "holds on records"

    def __str__(self) -> str:
        return f"{self.record_class}, since {self.from_at:%Y-%m-%d}"


class FiledRecord(Record):
    """A record, or a bundle of them such as a year's invoices: kept until `keep_until_on`, then destroyed. `file`: kept here."""

    ties: ClassVar[Ties] = Ties(chapter="backup", owner="record_class__owner", at="filed_at")
    thing: ClassVar[str] = THING
    files_over: ClassVar[str] = "destroyed_at"
    listed: ClassVar[tuple[str, ...]] = ("record_class", "filed_at", "keep_until_on", "destroyed_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "record_class__name", "record_class__title")
    persons: ClassVar[tuple[str, ...]] = ("filed_by", "destroyed_by")
    joined: ClassVar[tuple[str, ...]] = ("record_class",)
    record_class = models.ForeignKey(RecordClass, models.PROTECT, related_name="records")
    title = models.CharField(max_length=300)
    place = models.CharField(max_length=300, blank=True)
    file = models.CharField(max_length=64, blank=True)
    filed_by = models.CharField(max_length=120)
    filed_at = models.DateTimeField()
    closed_on = models.DateField()
    keep_until_on = models.DateField()
    destroyed_by = models.CharField(max_length=120, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    how = models.TextField(blank=True)

    class Meta:
        ordering = ("record_class", "title", "id")
        verbose_name = "record"

    def __str__(self) -> str:
        return f"{self.record_class}: {self.title}"


class RecordRelease(Record):
    """That records of a class may be given to somebody outside, until a day."""

    ties: ClassVar[Ties] = Ties(chapter="backup", owner="asked_by", at="asked_at")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("record_class", "recipient", "authorised_at", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("record_class__name", "recipient", "what")
    persons: ClassVar[tuple[str, ...]] = ("asked_by", "authorised_by")
    joined: ClassVar[tuple[str, ...]] = ("record_class",)
    record_class = models.ForeignKey(RecordClass, models.PROTECT, related_name="releases")
    recipient = models.CharField(max_length=300)
    what = models.TextField()
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    authorised_by = models.CharField(max_length=120, blank=True)
    authorised_at = models.DateTimeField(null=True, blank=True)
    until_on = models.DateField()

    class Meta:
        ordering = ("-id",)
        verbose_name = "release of records"
        verbose_name_plural = "releases of records"

    def __str__(self) -> str:
        return f"{self.record_class} to {self.recipient}"
