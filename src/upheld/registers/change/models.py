"""Rows about changes: what is to be changed, by whom and when, looks at its design, and deployments."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record

THING = "changes"  # the row of the table of rights


class ChangeKind(StrEnum):
    """How a change is decided about: one by one; once for all that recur; or afterwards, where it cannot wait."""

    NORMAL = "normal"
    STANDARD = "standard"
    EMERGENCY = "emergency"


class ChangeState(StrEnum):
    """How far a change is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DONE = "done"


class Change(Record):
    """A change of systems, between two instants. `packages`: what it installs, all that it needs where none is named; `name`: as commits,
    deployments and tickets call it. Carried out by people, or by a machine that works unattended."""

    ties: ClassVar[Ties] = Ties(chapter="change", owner="requested_by", at="asked_at")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("name", "kind", "systems", "state", "from_at", "until_at", "requested_by")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "what")
    persons: ClassVar[tuple[str, ...]] = ("requested_by", "carried_out_by", "decided_by")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    what = models.TextField()
    systems = models.JSONField(default=list)
    packages = models.JSONField(default=list)
    personal_data = models.BooleanField()
    back_out = models.TextField()
    requested_by = models.CharField(max_length=120, db_index=True)
    asked_at = models.DateTimeField()
    carried_out_by = models.JSONField(default=list)
    unattended = models.BooleanField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    state = models.CharField(max_length=20)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)

    class Meta:
        ordering = ("-from_at", "-id")
        verbose_name = "change"

    def __str__(self) -> str:
        return self.title


class DesignReview(Record):
    """Somebody looked at the design of a change that touches personal data: whether it protects them by design and by default."""

    ties: ClassVar[Ties] = Ties(chapter="change", owner="person", at="at")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("change", "person", "at", "passed")
    searched: ClassVar[tuple[str, ...]] = ("change__name", "change__title")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("change",)
    change = models.ForeignKey(Change, models.PROTECT, related_name="design_reviews")
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    as_little_as_needed = models.BooleanField()
    private_by_default = models.BooleanField()
    erased_in_time = models.BooleanField()
    passed = models.BooleanField()
    said = models.TextField()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "privacy design review"

    def __str__(self) -> str:
        return f"{self.change}, {self.at:%Y-%m-%d}"


class Deployment(Record):
    """Something was put into operation on a system: told by whoever did it, or by the program that did. `change` is a change's name."""

    ties: ClassVar[Ties] = Ties(chapter="change", owner="person", at="at")
    thing: ClassVar[str] = THING
    listed: ClassVar[tuple[str, ...]] = ("system", "release", "environment", "at", "change")
    searched: ClassVar[tuple[str, ...]] = ("system", "release", "change")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    system = models.CharField(max_length=60, db_index=True)
    environment = models.CharField(max_length=20)
    release = models.CharField(max_length=200, blank=True)
    change = models.CharField(max_length=60, blank=True)
    person = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "deployment"

    def __str__(self) -> str:
        return f"{self.release or self.system}, {self.at:%Y-%m-%d %H:%M}"
