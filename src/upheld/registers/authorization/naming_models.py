"""Rows about log-on names: every name that was ever seen, as fingerprints, and those that were given out here."""

from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class RememberedName(models.Model):
    """A log-on name of a system stood for somebody. Both are keyed fingerprints (HMAC-SHA-256, hex), so that it outlives an erasure."""

    system = models.CharField(max_length=60, editable=False)
    name = models.CharField(max_length=64, editable=False)
    holder = models.CharField(max_length=64, editable=False)
    first_at = models.DateTimeField()

    objects: ClassVar[models.Manager["RememberedName"]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["system", "name", "holder"], name="name_once_a_holder"),)
        indexes = (models.Index(fields=["system", "first_at"]),)

    def __str__(self) -> str:
        return f"a name on {self.system}, since {self.first_at:%Y-%m-%d}"


class IssuedName(Record):
    """A log-on name on a system was given to somebody, for good: nobody else is given it, not after they left either."""

    ties: ClassVar[Ties] = Ties(chapter="authorization", concerns="person", owner="issued_by", at="issued_at")
    listed: ClassVar[tuple[str, ...]] = ("account", "system", "person", "issued_at")
    searched: ClassVar[tuple[str, ...]] = ("account", "system", "person")
    persons: ClassVar[tuple[str, ...]] = ("person", "issued_by")
    system = models.CharField(max_length=60)
    account = models.CharField(max_length=200)
    person = models.CharField(max_length=120, db_index=True)
    issued_by = models.CharField(max_length=120)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ("-issued_at", "-id")
        verbose_name = "issued log-on name"

    def __str__(self) -> str:
        return f"{self.account} on {self.system}"
