"""Rows about reviews of rights: the campaign, the items that were frozen when it opened, and what was decided about each."""

from collections.abc import Mapping
from hashlib import sha256
from secrets import token_hex
from typing import Any, ClassVar

import orjson
from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.actions.redacting import redact
from upheld.ledger.entry import Actor


class AccessReview(Record):
    """A campaign: which rights were there when it opened, by their number and digest, and whether all of them are decided."""

    ties: ClassVar[Ties] = Ties(chapter="authorization", owner="opened_by", at="opened_at")
    thing: ClassVar[str] = "access-reviews"
    listed: ClassVar[tuple[str, ...]] = ("title", "kind", "system", "opened_at", "due_on", "size", "finished_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "system")
    persons: ClassVar[tuple[str, ...]] = ("person", "opened_by", "finished_by")
    pages: ClassVar[Mapping[str, str]] = {"review": "Decide about your items"}
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=10)
    system = models.CharField(max_length=60, blank=True, db_index=True)
    person = models.CharField(max_length=120, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.CharField(max_length=120, db_index=True)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    finished_by = models.CharField(max_length=120, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        verbose_name = "access review"

    def __str__(self) -> str:
        return self.title


def new_salt() -> str:
    """Return what makes an item's digest tell nothing of whom it is about, once the salt is gone."""
    return token_hex(16)


class ReviewItem(models.Model):
    """One right as it was when its review opened. Its own digest covers all but `reviewer`, and the review's digest those of all items.

    Never written again but for `reviewer`, and where somebody is erased (`reseal`), who takes the salt along.
    """

    review = models.ForeignKey(AccessReview, models.PROTECT, related_name="items_of")
    number = models.PositiveIntegerField()
    reviewer = models.CharField(max_length=120)
    told_by = models.CharField(max_length=60)
    system = models.CharField(max_length=60)
    account = models.CharField(max_length=300)
    account_name = models.CharField(max_length=300)
    person = models.CharField(max_length=120, blank=True)
    person_name = models.CharField(max_length=300, blank=True)
    entitlement = models.CharField(max_length=300, blank=True)
    group = models.CharField(max_length=300, blank=True)
    via = models.TextField(blank=True)
    risk = models.CharField(max_length=10)
    flags = models.JSONField(default=list)
    unchanged = models.BooleanField()
    last_used_at = models.DateTimeField(null=True)
    salt = models.CharField(max_length=32, default=new_salt)
    digest = models.CharField(max_length=64, default="")

    class Meta:
        ordering = ("review", "number")
        constraints = (models.UniqueConstraint(fields=["review", "number"], name="item_once_a_review"),)
        indexes = (models.Index(fields=["review", "reviewer", "number"]),)

    def __str__(self) -> str:
        return f"{self.account_name} on {self.system}: {self.entitlement}"

    @property
    def routine(self) -> bool:
        """Whether it may be kept together with others: low risk, kept last time, and nothing to look at twice."""
        return self.risk == "low" and self.unchanged and not self.flags

    def sealed(self) -> str:
        """Return the digest of what of it was frozen, as it is now: SHA-256, in hex, of the salt and the rest."""
        return sha256(self.salt.encode() + self._line()).hexdigest()

    @property
    def is_as_frozen(self) -> bool:
        """Whether it is as it was frozen, or as the erasure of somebody whom it named left it."""
        return self.digest == self.sealed()

    def _line(self) -> bytes:
        used = self.last_used_at.isoformat() if self.last_used_at else None
        frozen = [self.number, self.told_by, self.system, self.account, self.account_name, self.person, self.person_name]
        return orjson.dumps([*frozen, self.entitlement, self.group, self.via, self.risk, self.flags, self.unchanged, used])


class ReviewDecision(Record):
    """What somebody decided about one item of a review."""

    ties: ClassVar[Ties] = Ties(chapter="authorization", owner="decided_by", at="decided_at")
    listed: ClassVar[tuple[str, ...]] = ("review", "number", "decision", "decided_by", "decided_at")
    searched: ClassVar[tuple[str, ...]] = ("decided_by",)
    joined: ClassVar[tuple[str, ...]] = ("review",)
    persons: ClassVar[tuple[str, ...]] = ("decided_by",)
    review = models.ForeignKey(AccessReview, models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    decision = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    decided_by = models.CharField(max_length=120, db_index=True)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("review", "number")
        verbose_name = "decision of a review"
        verbose_name_plural = "decisions of reviews"
        constraints = (models.UniqueConstraint(fields=["review", "number"], name="decided_once_a_review"),)

    def __str__(self) -> str:
        return f"{self.review}, item {self.number}"


class ReviewHandover(Record):
    """Somebody gave the items that they had not decided yet to somebody else."""

    ties: ClassVar[Ties] = Ties(chapter="authorization", owner="given_by", concerns="given_to", at="at")
    listed: ClassVar[tuple[str, ...]] = ("review", "given_by", "given_to", "size", "at")
    searched: ClassVar[tuple[str, ...]] = ("given_by", "given_to")
    joined: ClassVar[tuple[str, ...]] = ("review",)
    persons: ClassVar[tuple[str, ...]] = ("given_by", "given_to")
    review = models.ForeignKey(AccessReview, models.PROTECT, related_name="handovers")
    given_by = models.CharField(max_length=120)
    given_to = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    why = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "handover of a review"
        verbose_name_plural = "handovers of reviews"

    def __str__(self) -> str:
        return f"{self.review}: {self.size} items"


def frozen(review: AccessReview) -> str:
    """Return the digest of the items of `review` as they are now: SHA-256, in hex, of their digests in order."""
    digest = sha256()
    for item in review.items_of.order_by("number").iterator(chunk_size=5_000):
        digest.update(item.sealed().encode())
    return digest.hexdigest()


def reseal(new: Mapping[int, Mapping[str, Any]], by: Actor) -> None:
    """Write the values `new`, by column, into the items of these keys, since somebody whom they named is erased.

    Each gets a new salt and digest, and its review the digest of them all, with the entry that says so: what is altered later is told
    apart from what was erased. A review that was not as frozen before stays so. Call it in a transaction.
    """
    for review in AccessReview.objects.filter(items_of__in=new).distinct():
        was = frozen(review) == review.digest
        for item in review.items_of.filter(pk__in=new):
            for name, value in new[item.pk].items():
                setattr(item, name, value)
            item.salt = new_salt()
            item.digest = item.sealed()
            item.save(update_fields=[*new[item.pk], "salt", "digest"])
        if was:
            redact(review, {"digest": frozen(review)}, by=by)
