"""Rows about signing in: who works from afar, which devices are carried, which secrets came out, and which were handed over."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class RemoteWork(Record):
    """Somebody may work from afar, under conditions, from a day until a day."""

    ties: ClassVar[Ties] = Ties(chapter="access", concerns="person", owner="approved_by", at="approved_at")
    listed: ClassVar[tuple[str, ...]] = ("person", "from_on", "until_on", "approved_by", "withdrawn_at")
    searched: ClassVar[tuple[str, ...]] = ("person",)
    persons: ClassVar[tuple[str, ...]] = ("person", "approved_by")
    person = models.CharField(max_length=120, db_index=True)
    conditions = models.TextField()
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    approved_by = models.CharField(max_length=120)
    approved_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-approved_at", "-id")
        verbose_name = "approval of remote work"
        verbose_name_plural = "approvals of remote work"

    def __str__(self) -> str:
        return f"{self.person} from {self.from_on}"


class Enrolment(Record):
    """A device that is carried is enrolled: whose it is, until it is retired; lost and wiped are said here."""

    ties: ClassVar[Ties] = Ties(chapter="access", owner="person", at="enrolled_at")
    listed: ClassVar[tuple[str, ...]] = ("device", "kind", "person", "enrolled_at", "lost_at", "wiped_at", "retired_at")
    searched: ClassVar[tuple[str, ...]] = ("device", "person")
    persons: ClassVar[tuple[str, ...]] = ("person", "enrolled_by")
    device = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10)
    person = models.CharField(max_length=120, db_index=True)
    enrolled_at = models.DateTimeField()
    enrolled_by = models.CharField(max_length=120)
    lost_at = models.DateTimeField(null=True, blank=True)
    lost_how = models.TextField(blank=True)
    wipe_asked_at = models.DateTimeField(null=True, blank=True)
    wiped_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("device",)
        verbose_name = "enrolled device"

    def __str__(self) -> str:
        return self.device


class Disclosure(Record):
    """A secret came out, or may have: of which account on which system, and when that was reported. Never the secret itself."""

    ties: ClassVar[Ties] = Ties(chapter="access", owner="reported_by", concerns="person", at="reported_at")
    listed: ClassVar[tuple[str, ...]] = ("account", "system", "kind", "reported_at", "closed_at")
    searched: ClassVar[tuple[str, ...]] = ("account", "system")
    persons: ClassVar[tuple[str, ...]] = ("reported_by", "person", "closed_by")
    system = models.CharField(max_length=60)
    account = models.CharField(max_length=200, db_index=True)
    person = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10)
    how = models.TextField()
    reported_by = models.CharField(max_length=120)
    reported_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=120, blank=True)
    outcome = models.TextField(blank=True)

    class Meta:
        ordering = ("-reported_at", "-id")
        verbose_name = "disclosed credential"

    def __str__(self) -> str:
        return f"{self.kind} of {self.account} on {self.system}"


class SecretLink(Record):
    """A first secret was handed over by a link that opens once: for whom, until when, and who opened it.

    `opens` is the digest of what the link ends in. The secret itself stands sealed elsewhere (`FirstSecret`), until it is opened.
    """

    ties: ClassVar[Ties] = Ties(chapter="access", concerns="person", owner="made_by", at="made_at")
    listed: ClassVar[tuple[str, ...]] = ("person", "account", "system", "made_at", "expires_at", "opened_at", "withdrawn_at")
    searched: ClassVar[tuple[str, ...]] = ("person", "account", "system")
    persons: ClassVar[tuple[str, ...]] = ("person", "made_by", "opened_by")
    pages: ClassVar[Mapping[str, str]] = {"first-secret": "Open it"}
    person = models.CharField(max_length=120, db_index=True)
    system = models.CharField(max_length=60)
    account = models.CharField(max_length=200)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opens = models.CharField(max_length=64, unique=True, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        verbose_name = "handed-over secret"

    def __str__(self) -> str:
        return f"for {self.account} on {self.system}"


class FirstSecret(models.Model):
    """A first secret that waits to be opened, sealed under the key of whom it is for; deleted once opened or run out."""

    link = models.OneToOneField(SecretLink, models.PROTECT, related_name="sealed")
    box = models.BinaryField()

    def __str__(self) -> str:
        return str(self.link)
