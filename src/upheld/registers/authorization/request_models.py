"""Rows about asking: requests for access, and emergencies in which nobody could be asked."""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.authorization.models import Entitlement

LOOKED_AT_WITHIN = timedelta(days=1)  # within this an emergency is looked at by somebody else


class AccessRequest(Record):
    """Somebody is to hold an entitlement: who asked for whom, why, until when, and who agreed.

    `owner` is who answered for the entitlement when it was asked for; `privileged` what it was then. `provision` is how it stands on the
    system since `provisioned_at`, as seen there.
    """

    ties: ClassVar[Ties] = Ties(chapter="authorization", owner="owner", concerns="person", also=("asked_by",), at="asked_at")
    listed: ClassVar[tuple[str, ...]] = ("person", "entitlement", "state", "provision", "asked_by", "asked_at", "until_on")
    searched: ClassVar[tuple[str, ...]] = ("person", "entitlement__title", "entitlement__system")
    joined: ClassVar[tuple[str, ...]] = ("entitlement",)
    persons: ClassVar[tuple[str, ...]] = ("person", "owner", "asked_by", "agreed_by", "approved_by", "ended_by")
    person = models.CharField(max_length=120, db_index=True)
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="requests")
    role = models.CharField(max_length=200, blank=True)
    owner = models.CharField(max_length=120, db_index=True)
    privileged = models.BooleanField()
    why = models.TextField()
    until_on = models.DateField(null=True, blank=True)
    asked_by = models.CharField(max_length=120, db_index=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, db_index=True)
    agreed_by = models.CharField(max_length=120, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    said = models.TextField(blank=True)
    provision = models.CharField(max_length=12, blank=True)
    provision_said = models.TextField(blank=True)
    provisioned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        verbose_name = "access request"
        indexes = (models.Index(fields=["person", "state"]),)

    def __str__(self) -> str:
        return f"{self.entitlement} for {self.person}"


class EmergencyAccess(Record):
    """Somebody took access that nobody could be asked for in time: what for, until when, and who looked at it afterwards.

    `provision` is how it stands on the system since `provisioned_at`, as seen there.
    """

    ties: ClassVar[Ties] = Ties(chapter="authorization", owner="owner", concerns="person", at="begun_at")
    listed: ClassVar[tuple[str, ...]] = ("person", "entitlement", "provision", "begun_at", "ends_at", "reviewed_at", "justified")
    searched: ClassVar[tuple[str, ...]] = ("person", "entitlement__title")
    joined: ClassVar[tuple[str, ...]] = ("entitlement",)
    persons: ClassVar[tuple[str, ...]] = ("person", "owner", "reviewed_by")
    person = models.CharField(max_length=120, db_index=True)
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="emergencies")
    owner = models.CharField(max_length=120, db_index=True)
    why = models.TextField()
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=120, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    justified = models.BooleanField(null=True, blank=True)
    outcome = models.TextField(blank=True)
    provision = models.CharField(max_length=12, blank=True)
    provision_said = models.TextField(blank=True)
    provisioned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-begun_at", "-id")
        verbose_name = "emergency access"
        verbose_name_plural = "emergency access"

    def __str__(self) -> str:
        return f"{self.person}, {self.entitlement}, {self.begun_at:%Y-%m-%d %H:%M}"
