"""Rows of the chapter cryptography: keys, how they were destroyed and who watched, and rules on cryptography."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class KeyPurpose(StrEnum):
    """What a key is for."""

    SSH_USER = "ssh-user"
    SSH_HOST = "ssh-host"
    TLS = "tls"
    GIT_SIGNING = "git-signing"
    LEDGER_SIGNING = "ledger-signing"
    DATA_ENCRYPTION = "data-encryption"


class CryptoKey(Record):
    """A key that somebody answers for: never the key itself. `successor` took over from it, which somebody else confirms."""

    ties: ClassVar[Ties] = Ties(chapter="cryptography", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("purpose", "owner", "system", "retire_on", "destroyed_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "fingerprint", "system")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    fingerprint = models.CharField(max_length=200, unique=True)
    title = models.CharField(max_length=300)
    purpose = models.CharField(max_length=20)
    owner = models.CharField(max_length=120, db_index=True)
    system = models.CharField(max_length=60, blank=True)
    activated_on = models.DateField()
    retire_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    retired_at = models.DateTimeField(null=True, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = "key"

    def __str__(self) -> str:
        return self.title


class KeyDestruction(Record):
    """A key was destroyed: every copy of it, by somebody, in front of others."""

    ties: ClassVar[Ties] = Ties(chapter="cryptography", owner="person", at="at")
    listed: ClassVar[tuple[str, ...]] = ("person", "at", "how")
    searched: ClassVar[tuple[str, ...]] = ("key__title", "key__fingerprint")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("key",)
    key = models.OneToOneField(CryptoKey, models.PROTECT, related_name="destruction")
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    how = models.TextField()
    protocol = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "destruction of a key"
        verbose_name_plural = "destructions of keys"

    def __str__(self) -> str:
        return str(self.key)


class KeyWitness(Record):
    """Somebody who watched how a key was destroyed; it counts once they said so themselves (`at`)."""

    ties: ClassVar[Ties] = Ties(chapter="cryptography", owner="person")
    listed: ClassVar[tuple[str, ...]] = ("person", "at")
    searched: ClassVar[tuple[str, ...]] = ("destruction__key__title",)
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("destruction__key",)
    destruction = models.ForeignKey(KeyDestruction, models.PROTECT, related_name="witnesses")
    person = models.CharField(max_length=120, db_index=True)
    at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "witness of a destruction"
        verbose_name_plural = "witnesses of destructions"
        constraints = (models.UniqueConstraint(fields=["destruction", "person"], name="a_witness_once"),)

    def __str__(self) -> str:
        return str(self.destruction)


class RuleEffect(StrEnum):
    """What a rule does: forbids something, demands something, or says that whoever looked found nothing to keep to."""

    FORBIDS = "forbids"
    DEMANDS = "demands"
    FREE = "free"


class CryptographyRule(Record):
    """What law, regulation or a contract says of cryptography: `names` are protocols, suites and algorithms, as sources call them.

    It binds systems that run in one of `regions`, and those named in `systems`.
    """

    ties: ClassVar[Ties] = Ties(chapter="cryptography", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("effect", "names", "regions", "owner", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "citation")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    effect = models.CharField(max_length=10)
    names = models.JSONField(default=list)
    regions = models.JSONField(default=list)
    systems = models.JSONField(default=list)
    jurisdiction = models.CharField(max_length=60, blank=True)
    citation = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "rule on cryptography"
        verbose_name_plural = "rules on cryptography"

    def __str__(self) -> str:
        return self.title
