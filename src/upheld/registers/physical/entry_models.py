"""Rows about comings and goings: who may enter what, badges, permits, visits, deliveries, and the tablets at doors."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.physical.site_models import FACILITIES, Site, Zone


class ZoneAuthorisation(Record):
    """Somebody may enter a zone from a day until another. It stands until it is withdrawn, in the badge system too."""

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="zone__owner", concerns="person")
    listed: ClassVar[tuple[str, ...]] = ("zone", "person", "from_on", "until_on", "withdrawn_at")
    searched: ClassVar[tuple[str, ...]] = ("person", "zone__title")
    persons: ClassVar[tuple[str, ...]] = ("person", "authorised_by")
    joined: ClassVar[tuple[str, ...]] = ("zone",)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="authorisations")
    person = models.CharField(max_length=120, db_index=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    why = models.TextField(blank=True)
    authorised_by = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "zone authorisation"

    def __str__(self) -> str:
        return f"{self.zone} from {self.from_on}"


class RulesAcknowledgement(Record):
    """Somebody read the working rules of a zone: when, and the digest of the text that they were shown."""

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="person", at="at")
    listed: ClassVar[tuple[str, ...]] = ("zone", "person", "at")
    searched: ClassVar[tuple[str, ...]] = ("zone__title", "person")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("zone",)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="rules_acknowledgements")
    person = models.CharField(max_length=120, db_index=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "acknowledgement of working rules"
        verbose_name_plural = "acknowledgements of working rules"
        constraints = (models.UniqueConstraint(fields=["zone", "person", "digest"], name="zone_rules_acknowledged_once"),)

    def __str__(self) -> str:
        return f"{self.zone}, {self.at:%Y-%m-%d}"


class Permit(Record):
    """Leave to work alone, or to record, in a secure zone: asked for by somebody, decided by somebody else."""

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="zone__owner", concerns="person")
    listed: ClassVar[tuple[str, ...]] = ("zone", "what", "person", "from_at", "until_at", "granted")
    searched: ClassVar[tuple[str, ...]] = ("zone__title", "person", "what")
    persons: ClassVar[tuple[str, ...]] = ("person", "decided_by")
    joined: ClassVar[tuple[str, ...]] = ("zone",)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="permits")
    person = models.CharField(max_length=120, db_index=True)
    what = models.CharField(max_length=20)
    why = models.TextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "permit"

    def __str__(self) -> str:
        return f"{self.what} in {self.zone}"


class Badge(Record):
    """A badge, key or code that somebody has. One number is out once."""

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="person")
    listed: ClassVar[tuple[str, ...]] = ("kind", "person", "given_at", "returned_at")
    searched: ClassVar[tuple[str, ...]] = ("number", "person")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    number = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    person = models.CharField(max_length=120, db_index=True)
    given_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)
    lost = models.BooleanField(default=False)

    class Meta:
        ordering = ("number", "-id")
        verbose_name = "badge"
        constraints = (models.UniqueConstraint(fields=["number"], condition=models.Q(returned_at=None), name="a_badge_is_out_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Kiosk(Record):
    """A tablet at the door of a site: who has its link signs visitors in and out there, and does and sees nothing else."""

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="site__owner")
    pages: ClassVar[Mapping[str, str]] = {"kiosk-link": "Its link"}
    listed: ClassVar[tuple[str, ...]] = ("site", "made_by", "made_at", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "site__title")
    persons: ClassVar[tuple[str, ...]] = ("made_by",)
    joined: ClassVar[tuple[str, ...]] = ("site",)
    site = models.ForeignKey(Site, models.PROTECT, related_name="kiosks")
    title = models.CharField(max_length=300)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("site__title", "id")
        verbose_name = "kiosk"

    def __str__(self) -> str:
        return f"{self.title}, {self.site}"


class Visit(Record):
    """Somebody from outside is here. `rules_digest` is the SHA-256 of the house rules that they signed; `zones` are names of zones."""

    # Who works at the door of a site holds the role of owner for the site's name.
    ties: ClassVar[Ties] = Ties(chapter="physical", owner="host", team="site__name", at="in_at")
    listed: ClassVar[tuple[str, ...]] = ("company", "host", "badge", "in_at", "out_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "company", "badge")
    persons: ClassVar[tuple[str, ...]] = ("host",)
    joined: ClassVar[tuple[str, ...]] = ("site",)
    site = models.ForeignKey(Site, models.PROTECT, related_name="visits")
    name = models.CharField(max_length=120)
    company = models.CharField(max_length=300, blank=True)
    host = models.CharField(max_length=120, db_index=True)
    badge = models.CharField(max_length=60, blank=True)
    zones = models.JSONField(default=list)
    in_at = models.DateTimeField()
    leave_by_at = models.DateTimeField()
    out_at = models.DateTimeField(null=True, blank=True)
    rules_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-in_at", "-id")
        verbose_name = "visit"
        constraints = (
            models.UniqueConstraint(
                fields=["badge"], condition=models.Q(out_at=None) & ~models.Q(badge=""), name="a_visitor_badge_is_worn_once"
            ),
        )
        indexes = (models.Index(fields=["site", "out_at"]),)

    def __str__(self) -> str:
        return f"{self.name}, {self.in_at:%Y-%m-%d}"


class Delivery(Record):
    """Something that was delivered, and whether somebody looked into it."""

    ties: ClassVar[Ties] = Ties(chapter="physical", owner="received_by", at="received_at")
    thing: ClassVar[str] = FACILITIES
    listed: ClassVar[tuple[str, ...]] = ("zone", "carrier", "received_by", "received_at", "inspected_at")
    searched: ClassVar[tuple[str, ...]] = ("what", "carrier")
    persons: ClassVar[tuple[str, ...]] = ("received_by", "inspected_by")
    joined: ClassVar[tuple[str, ...]] = ("zone",)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="deliveries")
    carrier = models.CharField(max_length=300)
    what = models.CharField(max_length=300)
    received_by = models.CharField(max_length=120)
    received_at = models.DateTimeField()
    inspected_by = models.CharField(max_length=120, blank=True)
    inspected_at = models.DateTimeField(null=True, blank=True)
    in_order = models.BooleanField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-received_at", "-id")
        verbose_name = "delivery"
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.what}, {self.received_at:%Y-%m-%d}"
