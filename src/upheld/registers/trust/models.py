"""Rows of the Trust Center: what it says of the company, how much of each promise it shows, and notices for everybody."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class Shown(StrEnum):
    """How much of a promise somebody is shown; each shows what those before it do.

    Its sentence alone; how it stands, since when, and its year; what proves it, in words; how many subjects were looked at, and the
    ledger's entries with their proofs.
    """

    SENTENCE = "sentence"
    STATE = "state"
    MEANS = "means"
    NUMBERS = "numbers"

    @property
    def rank(self) -> int:
        """0 shows least."""
        return list(Shown).index(self)


class ToAuditors(StrEnum):
    """How much of a promise auditors are shown: never less than how it stands, with the numbers; or who and what passes and fails, too."""

    NUMBERS = "numbers"
    SUBJECTS = "subjects"


class Language(StrEnum):
    """In which language the Trust Center's own words are."""

    ENGLISH = "en"
    GERMAN = "de"


class TrustCenter(Record):
    """The company's Trust Center, of which there is one: what it says of the company, and what it shows where nothing else was said."""

    ties: ClassVar[Ties] = Ties(chapter="trust")
    listed: ClassVar[tuple[str, ...]] = ("opened_at", "closed_at", "public", "customers", "auditors")
    searched: ClassVar[tuple[str, ...]] = ("company",)
    company = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    contact = models.CharField(max_length=300)
    contact_until_on = models.DateField()
    reporting_policy = models.CharField(max_length=300, blank=True)
    public = models.CharField(max_length=10)
    customers = models.CharField(max_length=10)
    auditors = models.CharField(max_length=10, default=ToAuditors.SUBJECTS.value)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        verbose_name = "Trust Center"

    def __str__(self) -> str:
        return f"Trust Center of {self.company}"


class PromiseShown(Record):
    """How much of one promise the public, customers and auditors are shown, where that is not what the Trust Center shows of all others."""

    ties: ClassVar[Ties] = Ties(chapter="trust")
    listed: ClassVar[tuple[str, ...]] = ("public", "customers", "auditors", "why")
    searched: ClassVar[tuple[str, ...]] = ("promise", "why")
    promise = models.CharField(max_length=120, unique=True)
    public = models.CharField(max_length=10)
    customers = models.CharField(max_length=10)
    auditors = models.CharField(max_length=10, default=ToAuditors.SUBJECTS.value)
    why = models.TextField()

    class Meta:
        ordering = ("promise",)
        verbose_name = "shown promise"

    def __str__(self) -> str:
        return self.promise


class PublicNotice(Record):
    """Something that everybody is told on the Trust Center, as an incident that concerns customers; `over_at` once it is over."""

    ties: ClassVar[Ties] = Ties(chapter="trust", at="at")
    listed: ClassVar[tuple[str, ...]] = ("at", "over_at")
    searched: ClassVar[tuple[str, ...]] = ("title", "text")
    title = models.CharField(max_length=300)
    text = models.TextField()
    at = models.DateTimeField()
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "public notice"

    def __str__(self) -> str:
        return self.title


class NoticeUpdate(Record):
    """What was said later about a public notice."""

    ties: ClassVar[Ties] = Ties(chapter="trust", at="at")
    listed: ClassVar[tuple[str, ...]] = ("at", "text")
    searched: ClassVar[tuple[str, ...]] = ("text", "notice__title")
    joined: ClassVar[tuple[str, ...]] = ("notice",)
    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="updates")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        verbose_name = "update of a public notice"
        verbose_name_plural = "updates of public notices"

    def __str__(self) -> str:
        return f"{self.notice}, {self.at:%Y-%m-%d}"
