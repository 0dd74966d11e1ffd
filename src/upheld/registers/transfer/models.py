"""Rows of the chapter transfer: channels by which information leaves, couriers, and media on their way."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class Content(StrEnum):
    """The highest class of information that goes through a channel, or is on a medium."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    PERSONAL = "personal"


class Way(StrEnum):
    """How information is transferred."""

    HTTPS = "https"
    SFTP = "sftp"
    MAIL = "mail"
    MESSENGER = "messenger"
    DATABASE = "database"
    FTP = "ftp"
    OTHER = "other"


class TransferChannel(Record):
    """A way by which information leaves: `endpoint` is the address that handshakes measure, `addresses` where flows may go."""

    ties: ClassVar[Ties] = Ties(chapter="transfer", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("system", "recipient", "content", "way", "owner", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "recipient", "system", "endpoint")
    persons: ClassVar[tuple[str, ...]] = ("owner", "approved_by")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    system = models.CharField(max_length=60)
    recipient = models.CharField(max_length=300)
    content = models.CharField(max_length=20)
    way = models.CharField(max_length=20)
    owner = models.CharField(max_length=120, db_index=True)
    endpoint = models.CharField(max_length=300, blank=True)
    addresses = models.JSONField(default=list)
    agreement = models.CharField(max_length=300, blank=True)
    agreed_until_on = models.DateField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "transfer channel"

    def __str__(self) -> str:
        return self.title


class Courier(Record):
    """Somebody who carries media for the company, approved by somebody else than who proposed them."""

    ties: ClassVar[Ties] = Ties(chapter="transfer", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("owner", "approved_at", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "supplier")
    persons: ClassVar[tuple[str, ...]] = ("owner", "approved_by")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    supplier = models.CharField(max_length=60, blank=True)
    owner = models.CharField(max_length=120, db_index=True)
    why = models.TextField()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "courier"

    def __str__(self) -> str:
        return self.title


class Shipment(Record):
    """A medium on its way: sent under seal, and received by somebody who looked at it."""

    ties: ClassVar[Ties] = Ties(chapter="transfer", owner="owner", at="sent_at")
    listed: ClassVar[tuple[str, ...]] = ("courier", "recipient", "sent_at", "due_on", "received_at", "seal_intact")
    searched: ClassVar[tuple[str, ...]] = ("title", "recipient", "medium", "seal")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    joined: ClassVar[tuple[str, ...]] = ("courier",)
    title = models.CharField(max_length=300)
    medium = models.CharField(max_length=120, blank=True)
    content = models.CharField(max_length=20)
    encrypted = models.BooleanField()
    seal = models.CharField(max_length=120, blank=True)
    courier = models.ForeignKey(Courier, models.PROTECT, related_name="shipments")
    recipient = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    sent_at = models.DateTimeField()
    due_on = models.DateField()
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.CharField(max_length=300, blank=True)
    seal_intact = models.BooleanField(null=True)
    undamaged = models.BooleanField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-sent_at", "-id")
        verbose_name = "shipment"

    def __str__(self) -> str:
        return self.title
