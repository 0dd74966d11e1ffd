"""What every register's row has, what was done to each, and the requests that were answered before."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, ClassVar

import orjson
from django.db import models

from upheld.accounts.person import Person
from upheld.accounts.scope import Ties

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC
_BESIDE = frozenset({"salt"})


class Record(models.Model):
    """A row of a register. Actions alone write it; `version` counts its changes, `salt` (hex) keeps its digest from being guessed."""

    # How records are tied to people, and the row of the table of rights that speaks of them ("": that of the chapter's registers).
    ties: ClassVar[Ties]
    thing: ClassVar[str] = ""
    # What a list shows and searches, which fields hold people.id, and what must be joined so that a record can say what it is.
    listed: ClassVar[tuple[str, ...]] = ()
    searched: ClassVar[tuple[str, ...]] = ()
    persons: ClassVar[tuple[str, ...]] = ()
    joined: ClassVar[tuple[str, ...]] = ()
    # The instant after which the files that a record names are needed no longer, as a path of fields; "": they are kept for good.
    files_over: ClassVar[str] = ""
    # Pages of its own that a record has, by the name of their address, with the words that lead there.
    pages: ClassVar[Mapping[str, str]] = {}

    version = models.PositiveIntegerField(default=0, editable=False)
    salt = models.CharField(max_length=32, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def shown_to(cls, person: Person) -> models.Q:
        """Return the condition on records that `person` may see among those that their roles reach; none at all as a rule."""
        return models.Q()

    @classmethod
    def register(cls) -> str:
        """Return the register's name: "governance.contact"."""
        chapter = cls.__module__.split(".")[-2]
        return f"{chapter}.{cls._meta.model_name}"

    @property
    def reference(self) -> str:
        """The record's name in the ledger: "governance.contact/7"."""
        return f"{self.register()}/{self.pk}"

    def values(self) -> dict[str, Any]:
        """Return every column's value as JSON has it, by the column's name."""
        return {
            field.attname: _plain(field.value_from_object(self)) for field in self._meta.concrete_fields if field.attname not in _BESIDE
        }

    def row_digest(self) -> str:
        """Return SHA-256, in hex, of salt and row: what the ledger says of it."""
        return sha256(b"\x00" + bytes.fromhex(self.salt) + orjson.dumps(self.values(), option=_OPTIONS)).hexdigest()


def natural_key(register: type[Record]) -> str:
    """Return the field of `register` that names each record in one short word, "" where it has none."""
    texts = (field for field in register._meta.concrete_fields if isinstance(field, models.CharField) and field.unique)
    return next((field.name for field in texts if not field.primary_key), "")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if value is None or isinstance(value, str | bool | int | list | dict):
        return value
    return str(value)


class Step(models.Model):
    """Who did what to which record, and what changed in it. The ledger's entry says it too.

    `wrote` says whether its row changed; one that was acted on without changing is told all the same, in the version it had.
    `target` marks what came of the action; others changed along with it. `changes` is {field: [before, after]}.
    """

    action = models.CharField(max_length=80)
    register = models.CharField(max_length=80)
    record = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    target = models.BooleanField()
    wrote = models.BooleanField(default=True)
    gone = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    via = models.CharField(max_length=10)
    changes = models.JSONField(default=dict)
    entry_id = models.CharField(max_length=36)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["register", "record", "version"], condition=models.Q(wrote=True), name="one_step_wrote_a_version"
            ),
        )
        indexes = (models.Index(fields=["register", "record"]), models.Index(fields=["by", "at"]), models.Index(fields=["entry_id"]))

    def __str__(self) -> str:
        return f"{self.action} on {self.register}/{self.record}"


class Lent(models.Model):
    """That somebody may do one action to one record as if it were theirs, and see it: a deputy, or whom a duty was given to.

    Derived from what was arranged about duties, which is where it is entered; a row lasts as long as that does.
    """

    action = models.CharField(max_length=80)
    register = models.CharField(max_length=80)
    number = models.BigIntegerField()
    person = models.CharField(max_length=120)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["person", "register", "number", "action"], name="lent_once"),)

    def __str__(self) -> str:
        return f"{self.action} on {self.register}/{self.number}"


class Call(models.Model):
    """A request that carried an idempotency key, and what it came to: the same again is answered with that, and not done twice."""

    key = models.CharField(max_length=120, unique=True)
    request = models.CharField(max_length=64)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    record = models.CharField(max_length=120, blank=True)
    entry_id = models.CharField(max_length=36)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.key
