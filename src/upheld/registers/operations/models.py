"""Rows of the chapter operations: systems, runbooks, and capacity on order."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class SystemKind(StrEnum):
    """What sort of system it is."""

    HOST = "host"
    DIRECTORY = "directory"
    DATABASE = "database"
    APPLICATION = "application"
    REPOSITORY = "repository"
    SERVICE = "service"


class Environment(StrEnum):
    """What it is for."""

    PRODUCTION = "production"
    TEST = "test"
    DEVELOPMENT = "development"


class Criticality(StrEnum):
    """How much the company depends on it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class System(Record):
    """A system that the company runs or rents. Spans are in words ("4 hours"), "" where nothing was agreed; `supplier` is a short name."""

    ties: ClassVar[Ties] = Ties(chapter="operations", owner="owner", team="name")
    listed: ClassVar[tuple[str, ...]] = ("kind", "environment", "criticality", "owner", "supplier")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "supplier")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    environment = models.CharField(max_length=20)
    criticality = models.CharField(max_length=20)
    owner = models.CharField(max_length=120, db_index=True)
    purpose = models.TextField()
    data_categories = models.JSONField(default=list)
    supplier = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=60, blank=True)
    mfa_required = models.BooleanField(null=True)
    keys_required = models.BooleanField(null=True)
    backup_interval = models.CharField(max_length=40, blank=True)
    backup_generations = models.PositiveIntegerField(null=True, blank=True)
    recovery_time = models.CharField(max_length=40, blank=True)
    recovery_point = models.CharField(max_length=40, blank=True)
    runs_on = models.JSONField(default=list)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "system"

    def __str__(self) -> str:
        return self.title


class Runbook(Record):
    """How an operation on a system is done: a written procedure, kept as `document` (the short name of a policy) or at `place`.

    `task` is what it is for, in the word by which procedures are required; `audience` who needs it.
    """

    ties: ClassVar[Ties] = Ties(chapter="operations", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("system", "owner", "looked_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "system__name", "system__title")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    joined: ClassVar[tuple[str, ...]] = ("system",)
    system = models.ForeignKey(System, models.PROTECT, related_name="runbooks")
    title = models.CharField(max_length=300)
    document = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=300, blank=True)
    task = models.CharField(max_length=60, blank=True)
    audience = models.JSONField(default=list)
    owner = models.CharField(max_length=120, db_index=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("system__name", "title", "id")
        verbose_name = "runbook"

    def __str__(self) -> str:
        return f"{self.system}: {self.title}"


class Looked(StrEnum):
    """How somebody found out whether a runbook is right."""

    EXERCISED = "exercised"
    REVIEWED = "reviewed"


class RunbookCheck(Record):
    """Somebody did what a runbook says, or read it, and found it right or not."""

    ties: ClassVar[Ties] = Ties(chapter="operations", owner="person", at="at")
    listed: ClassVar[tuple[str, ...]] = ("person", "at", "how", "good")
    searched: ClassVar[tuple[str, ...]] = ("runbook__title",)
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("runbook__system",)
    runbook = models.ForeignKey(Runbook, models.PROTECT, related_name="checks")
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    how = models.CharField(max_length=20)
    good = models.BooleanField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "check of a runbook"
        verbose_name_plural = "checks of runbooks"

    def __str__(self) -> str:
        return f"{self.runbook}, {self.how} on {self.at:%Y-%m-%d}"


class CapacityOrder(Record):
    """More of a resource that is on its way: a purchase or a change, with the day from which it is there."""

    ties: ClassVar[Ties] = Ties(chapter="operations", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("resource", "owner", "ready_on", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("resource", "system__name", "system__title")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    joined: ClassVar[tuple[str, ...]] = ("system",)
    system = models.ForeignKey(System, models.PROTECT, related_name="capacity_orders")
    resource = models.CharField(max_length=120)
    what = models.TextField()
    owner = models.CharField(max_length=120, db_index=True)
    ready_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "order of capacity"
        verbose_name_plural = "orders of capacity"

    def __str__(self) -> str:
        return f"{self.system}, {self.resource}"


class NetworkDevice(Record):
    """A device, by the address of its network card, that asks to be on some of the company's networks, and who admitted it."""

    ties: ClassVar[Ties] = Ties(chapter="operations", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("hardware_address", "networks", "owner", "admitted_at", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("title", "hardware_address", "asset")
    persons: ClassVar[tuple[str, ...]] = ("owner", "admitted_by")
    hardware_address = models.CharField(max_length=17, unique=True)
    title = models.CharField(max_length=300)
    asset = models.CharField(max_length=120, blank=True)
    networks = models.JSONField(default=list)
    owner = models.CharField(max_length=120, db_index=True)
    admitted_at = models.DateTimeField(null=True, blank=True)
    admitted_by = models.CharField(max_length=120, blank=True)
    until_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = "network device"

    def __str__(self) -> str:
        return self.title


class GatewayKind(StrEnum):
    """What comes through a gateway."""

    MAIL = "mail"
    UPLOAD = "upload"
    WEB = "web"
    SHARE = "share"


class MalwareGateway(Record):
    """A place where files come in from outside, and where malware has to be caught. `ended_at`: nothing comes in there any more."""

    ties: ClassVar[Ties] = Ties(chapter="operations", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("kind", "system", "owner", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "system")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=10)
    system = models.CharField(max_length=60)
    owner = models.CharField(max_length=120, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "malware gateway"

    def __str__(self) -> str:
        return self.title


class GatewayTest(Record):
    """Somebody sent the harmless test file, and a clean one, through a gateway by hand: where no source can."""

    ties: ClassVar[Ties] = Ties(chapter="operations", owner="person", at="at")
    listed: ClassVar[tuple[str, ...]] = ("person", "at", "caught", "clean_passed")
    searched: ClassVar[tuple[str, ...]] = ("gateway__name", "gateway__title")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("gateway",)
    gateway = models.ForeignKey(MalwareGateway, models.PROTECT, related_name="tests")
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    caught = models.BooleanField()
    clean_passed = models.BooleanField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "test of a gateway"
        verbose_name_plural = "tests of gateways"

    def __str__(self) -> str:
        return f"{self.gateway}, {self.at:%Y-%m-%d}"
