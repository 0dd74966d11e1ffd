"""The access model as rows: what can be reached, which business role gives it, what must not meet, and who may grant."""

from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record

MODEL = "access-model"  # its row in the table of rights: everybody sees what there is to ask for


class Entitlement(Record):
    """Something that can be granted on a system: what the system calls it, who answers for it, and what it could do.

    Who has the role `in_emergency` may take it in one, and is given it at once; by default nobody is.
    """

    ties: ClassVar[Ties] = Ties(chapter="authorization", owner="owner")
    thing: ClassVar[str] = MODEL
    listed: ClassVar[tuple[str, ...]] = ("title", "system", "entitlement", "owner", "privileged", "risk", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "system", "entitlement")
    persons: ClassVar[tuple[str, ...]] = ("owner",)
    system = models.CharField(max_length=60)
    entitlement = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    privileged = models.BooleanField()
    risk = models.CharField(max_length=10)
    in_emergency = models.ForeignKey("BusinessRole", models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("system", "title", "id")
        verbose_name = "entitlement"
        constraints = (models.UniqueConstraint(fields=["system", "entitlement"], name="entitlement_once_a_system"),)

    def __str__(self) -> str:
        return f"{self.title} on {self.system}"


class BusinessRole(Record):
    """What a job needs: a role as the list of people names it ("*" for everybody), with who answers for it and reviews it."""

    ties: ClassVar[Ties] = Ties(chapter="authorization", owner="owner")
    thing: ClassVar[str] = MODEL
    listed: ClassVar[tuple[str, ...]] = ("title", "name", "owner", "reviewed_at", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "name")
    persons: ClassVar[tuple[str, ...]] = ("owner", "reviewed_by")
    name = models.CharField(max_length=200, unique=True)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, db_index=True)
    declared_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=120, blank=True)
    outcome = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = "business role"

    def __str__(self) -> str:
        return self.title


class RoleRight(Record):
    """That a business role gives an entitlement, and since when."""

    ties: ClassVar[Ties] = Ties(chapter="authorization", owner="role__owner")
    thing: ClassVar[str] = MODEL
    listed: ClassVar[tuple[str, ...]] = ("role", "entitlement", "added_at")
    searched: ClassVar[tuple[str, ...]] = ("role__title", "entitlement__title")
    joined: ClassVar[tuple[str, ...]] = ("role", "entitlement")
    persons: ClassVar[tuple[str, ...]] = ("added_by",)
    role = models.ForeignKey(BusinessRole, models.PROTECT, related_name="rights")
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="roles")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)

    class Meta:
        ordering = ("role", "id")
        verbose_name = "right of a role"
        verbose_name_plural = "rights of roles"
        constraints = (models.UniqueConstraint(fields=["role", "entitlement"], name="right_once_a_role"),)

    def __str__(self) -> str:
        return f"{self.role}: {self.entitlement}"


class ConflictRule(Record):
    """Two entitlements that nobody may hold together, and what could happen if somebody did."""

    ties: ClassVar[Ties] = Ties(chapter="authorization")
    thing: ClassVar[str] = MODEL
    listed: ClassVar[tuple[str, ...]] = ("name", "left", "right", "why")
    searched: ClassVar[tuple[str, ...]] = ("name",)
    joined: ClassVar[tuple[str, ...]] = ("left", "right")
    name = models.CharField(max_length=60, unique=True)
    left = models.ForeignKey(Entitlement, models.PROTECT, related_name="+")
    right = models.ForeignKey(Entitlement, models.PROTECT, related_name="+")
    why = models.TextField()

    class Meta:
        ordering = ("name",)
        verbose_name = "conflict rule"

    def __str__(self) -> str:
        return self.name


class GrantorApproval(Record):
    """Somebody may grant, alter or cancel rights on a system, approved by somebody else."""

    ties: ClassVar[Ties] = Ties(chapter="authorization", concerns="person", at="approved_at")
    listed: ClassVar[tuple[str, ...]] = ("person", "system", "approved_by", "until_on", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("person", "system")
    persons: ClassVar[tuple[str, ...]] = ("person", "approved_by")
    person = models.CharField(max_length=120, db_index=True)
    system = models.CharField(max_length=60)
    why = models.TextField()
    approved_by = models.CharField(max_length=120)
    approved_at = models.DateTimeField()
    until_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("system", "person", "id")
        verbose_name = "grantor"

    def __str__(self) -> str:
        return f"{self.person} on {self.system}"
