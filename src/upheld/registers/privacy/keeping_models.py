"""Rows about where personal data lie and how they go: data sets, requests, ends of contracts, searches, temporary places."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.privacy.models import Contract, Customer
from upheld.registers.privacy.sharing_models import SPACE


class DataSet(Record):
    """Where personal data of one category lie: a table, a folder, an index of a system. `fields`: what is held of each person there.

    `keep` is how long at most, in words; `how` is how what is over is deleted.
    """

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("system", "data_category", "keep", "owner", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "system", "data_category")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    system = models.CharField(max_length=60)
    data_category = models.CharField(max_length=60)
    fields = models.JSONField(default=list)
    keep = models.CharField(max_length=40)
    how = models.TextField()
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("system", "name")
        verbose_name = "data set"

    def __str__(self) -> str:
        return self.title


class Right(StrEnum):
    """What a data subject asks for (GDPR 15 to 21)."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"


class SubjectRequest(Record):
    """What somebody asks about their own data. `due_at`: a month by law (GDPR 12(3)), as a processor what the customer's contract says.

    `principal` is who they are, `identity` how that was checked. As a processor the request goes to the customer (`forwarded_at`).
    """

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="owner", customer="customer__name", at="received_at")
    thing: ClassVar[str] = SPACE
    files_over: ClassVar[str] = "closed_at"
    listed: ClassVar[tuple[str, ...]] = ("right", "received_at", "due_at", "executed_at", "closed_at")
    searched: ClassVar[tuple[str, ...]] = ("principal", "customer__title")
    persons: ClassVar[tuple[str, ...]] = ("owner", "executed_by")
    joined: ClassVar[tuple[str, ...]] = ("customer",)
    right = models.CharField(max_length=20)
    principal = models.TextField()
    what = models.TextField()
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="subject_requests")
    owner = models.CharField(max_length=120, db_index=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    identity = models.TextField(blank=True)
    identity_at = models.DateTimeField(null=True, blank=True)
    extended_at = models.DateTimeField(null=True, blank=True)
    extended_why = models.TextField(blank=True)
    forwarded_at = models.DateTimeField(null=True, blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)
    executed_by = models.CharField(max_length=120, blank=True)
    refused_why = models.TextField(blank=True)
    answer = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-received_at", "-id")
        verbose_name = "request of a data subject"
        verbose_name_plural = "requests of data subjects"

    def __str__(self) -> str:
        return f"{self.right}, {self.received_at:%Y-%m-%d}"


class Choice(StrEnum):
    """What a customer wants with its data at the end (GDPR 28(3)(g))."""

    ERASE = "erase"
    RETURN = "return-and-erase"
    TRANSFER = "hand-over-and-erase"


class ContractEnd(Record):
    """What becomes of a customer's data when its contract ends. `due_at`: by the contract. `certificate`: what the customer was given."""

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="contract__customer__owner", customer="contract__customer__name")
    thing: ClassVar[str] = SPACE
    listed: ClassVar[tuple[str, ...]] = ("choice", "due_at", "returned_at", "erased_at")
    searched: ClassVar[tuple[str, ...]] = ("contract__title", "contract__customer__title")
    persons: ClassVar[tuple[str, ...]] = ("erased_by",)
    joined: ClassVar[tuple[str, ...]] = ("contract__customer",)
    contract = models.OneToOneField(Contract, models.PROTECT, related_name="ending")
    choice = models.CharField(max_length=30)
    due_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(max_length=64, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_by = models.CharField(max_length=120, blank=True)
    certificate = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("due_at", "id")
        verbose_name = "end of a contract"
        verbose_name_plural = "ends of contracts"

    def __str__(self) -> str:
        return str(self.contract)


class StoreSearch(Record):
    """That a data set was searched for somebody, or for a customer, after what was asked was done there: how many rows were found.

    `fields` are those that the package for the data subject holds; `protocol` is the digest of what the search printed.
    """

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="data_set__owner", at="searched_at")
    listed: ClassVar[tuple[str, ...]] = ("data_set", "searched_at", "found")
    searched: ClassVar[tuple[str, ...]] = ("data_set__name", "data_set__title")
    joined: ClassVar[tuple[str, ...]] = ("data_set", "request", "ending__contract__customer")
    data_set = models.ForeignKey(DataSet, models.PROTECT, related_name="searches")
    request = models.ForeignKey(SubjectRequest, models.PROTECT, null=True, blank=True, related_name="searches")
    ending = models.ForeignKey(ContractEnd, models.PROTECT, null=True, blank=True, related_name="searches")
    searched_at = models.DateTimeField()
    found = models.PositiveIntegerField()
    fields = models.JSONField(default=list)
    protocol = models.CharField(max_length=64)

    class Meta:
        ordering = ("-searched_at", "-id")
        verbose_name = "search of a data set"
        verbose_name_plural = "searches of data sets"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(request=None, ending__isnull=False) | models.Q(request__isnull=False, ending=None),
                name="search_for_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.data_set}: {self.found}"


class TemporaryPlace(Record):
    """Where files or rows lie for a while when personal data are processed, and for how long at most (`keep`, in words)."""

    ties: ClassVar[Ties] = Ties(chapter="privacy", owner="owner")
    listed: ClassVar[tuple[str, ...]] = ("system", "place", "keep", "owner", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title", "place", "system")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    system = models.CharField(max_length=60)
    place = models.TextField()
    keep = models.CharField(max_length=40)
    how = models.TextField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("system", "name")
        verbose_name = "temporary place"

    def __str__(self) -> str:
        return self.title
