"""Rows about questionnaires: sets of questions, what was sent to a supplier, and what came back."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.suppliers.models import Supplier


class QuestionSet(Record):
    """Questions that are sent to suppliers, in order."""

    ties: ClassVar[Ties] = Ties(chapter="suppliers")
    listed: ClassVar[tuple[str, ...]] = ("name", "ended_at")
    searched: ClassVar[tuple[str, ...]] = ("name", "title")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    introduction = models.TextField(blank=True)
    questions = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "set of questions"
        verbose_name_plural = "sets of questions"

    def __str__(self) -> str:
        return self.title


class InquiryState(StrEnum):
    """How far a questionnaire is."""

    OPEN = "open"
    SENT_IN = "sent in"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"


class Inquiry(Record):
    """A questionnaire that a supplier answers by a link, with the questions as they were when it was sent.

    `link` is the SHA-256 of the link's secret, which is kept nowhere; `visitor` stands for whoever has the link.
    """

    ties: ClassVar[Ties] = Ties(chapter="suppliers", owner="supplier__owner", concerns="visitor", at="sent_in_at")
    listed: ClassVar[tuple[str, ...]] = ("state", "until_on", "sent_in_at", "outcome")
    searched: ClassVar[tuple[str, ...]] = ("title", "supplier__title", "supplier__name")
    persons: ClassVar[tuple[str, ...]] = ("concluded_by",)
    joined: ClassVar[tuple[str, ...]] = ("supplier",)
    pages: ClassVar[Mapping[str, str]] = {"questionnaire": "The link to hand out, and the answers"}
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="inquiries")
    title = models.CharField(max_length=300)
    introduction = models.TextField(blank=True)
    questions = models.JSONField(default=list)
    state = models.CharField(max_length=20)
    until_on = models.DateField()
    link = models.CharField(max_length=64, blank=True, db_index=True)
    visitor = models.CharField(max_length=60, blank=True, db_index=True)
    sent_in_at = models.DateTimeField(null=True, blank=True)
    sent_in_by = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    outcome = models.CharField(max_length=30, blank=True)
    concluded_by = models.CharField(max_length=120, blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "questionnaire"

    def __str__(self) -> str:
        return f"{self.supplier}: {self.title}"


class Says(StrEnum):
    """What a supplier answers."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_APPLICABLE = "not-applicable"


class Score(StrEnum):
    """What somebody here thinks of an answer."""

    GOOD = "good"
    WEAK = "weak"
    BAD = "bad"


class Answer(Record):
    """A supplier's answer to one question, by its place in the questionnaire; scored by a person, never by a rule."""

    ties: ClassVar[Ties] = Ties(chapter="suppliers", owner="inquiry__supplier__owner", concerns="inquiry__visitor", at="answered_at")
    files_over: ClassVar[str] = "inquiry__concluded_at"
    listed: ClassVar[tuple[str, ...]] = ("says", "words", "score", "scored_by")
    searched: ClassVar[tuple[str, ...]] = ("question", "words", "inquiry__supplier__title")
    persons: ClassVar[tuple[str, ...]] = ("scored_by",)
    joined: ClassVar[tuple[str, ...]] = ("inquiry__supplier",)
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="answers")
    number = models.PositiveIntegerField()
    question = models.TextField()
    says = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    file = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField()
    score = models.CharField(max_length=10, blank=True)
    remark = models.TextField(blank=True)
    scored_by = models.CharField(max_length=120, blank=True)
    scored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("inquiry", "number")
        verbose_name = "answer of a supplier"
        verbose_name_plural = "answers of suppliers"
        constraints = (models.UniqueConstraint(fields=["inquiry", "number"], name="a_question_answered_once"),)

    def __str__(self) -> str:
        return f"{self.number}. {self.question[:80]}"
