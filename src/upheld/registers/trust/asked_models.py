"""Rows of what customers ask in their own forms: questionnaires with the answers given to each question, and audits of us."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record
from upheld.registers.privacy.processing_models import InformationRequest
from upheld.registers.privacy.sharing_models import SPACE

_OWNER, _CUSTOMER = "request__customer__owner", "request__customer__name"


class Questionnaire(Record):
    """A customer's questionnaire, as the file that it sent. Its clock is that of `request`.

    `sheets` says where questions and answers stand in it, `questions` what is asked ({"sheet", "row", "ref", "text"}), in order.
    `filled` is the same file with the answers in it, once somebody handed it over; `states` how each promise that an answer rests on
    stood for customers then.
    """

    ties: ClassVar[Ties] = Ties(chapter="trust", owner=_OWNER, customer=_CUSTOMER, at="received_at")
    thing: ClassVar[str] = SPACE
    files_over: ClassVar[str] = "handed_over_at"
    listed: ClassVar[tuple[str, ...]] = ("received_at", "handed_over_at", "withdrawn_at")
    searched: ClassVar[tuple[str, ...]] = ("request__title", "request__customer__title", "file_name")
    persons: ClassVar[tuple[str, ...]] = ("handed_over_by",)
    joined: ClassVar[tuple[str, ...]] = ("request__customer",)
    pages: ClassVar[Mapping[str, str]] = {"customer-questionnaire": "Answer it"}
    request = models.OneToOneField(InformationRequest, models.PROTECT, related_name="questionnaire")
    file = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    sheets = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    received_at = models.DateTimeField()
    filled = models.CharField(max_length=64, blank=True)
    states = models.JSONField(default=dict)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-received_at", "-id")
        verbose_name = "questionnaire of a customer"
        verbose_name_plural = "questionnaires of customers"

    def __str__(self) -> str:
        return str(self.request)

    @property
    def filled_name(self) -> str:
        """What the file with the answers is called."""
        stem, dot, ending = self.file_name.rpartition(".")
        return f"{stem or ending}-answered{dot}{ending}" if dot else f"{ending}-answered"


class Reply(StrEnum):
    """What a question is answered with; `see` where the words alone answer it."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not-applicable"
    SEE = "see-words"


class QuestionReply(Record):
    """What somebody answered to one question of a questionnaire, having read it. `promises` are the ids of those that it rests on."""

    ties: ClassVar[Ties] = Ties(
        chapter="trust", owner=f"questionnaire__{_OWNER}", customer=f"questionnaire__{_CUSTOMER}", at="questionnaire__handed_over_at"
    )
    listed: ClassVar[tuple[str, ...]] = ("says", "promises", "written_at")
    searched: ClassVar[tuple[str, ...]] = ("question", "words")
    persons: ClassVar[tuple[str, ...]] = ("written_by",)
    joined: ClassVar[tuple[str, ...]] = ("questionnaire__request__customer",)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="replies")
    number = models.PositiveIntegerField()
    question = models.TextField()
    says = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    promises = models.JSONField(default=list)
    written_by = models.CharField(max_length=120)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("questionnaire", "number")
        verbose_name = "answer to a customer's question"
        verbose_name_plural = "answers to customers' questions"
        constraints = (models.UniqueConstraint(fields=["questionnaire", "number"], name="one_reply_a_question"),)

    def __str__(self) -> str:
        return f"{self.questionnaire}, {self.number}"


class How(StrEnum):
    """How a customer wants to audit."""

    DOCUMENTS = "documents"
    REMOTE = "remote"
    ON_SITE = "on-site"


class CustomerAudit(Record):
    """A customer's audit of us (GDPR 28(3)(h)): when it would like to, what was agreed, what it found, and our answer.

    `request` holds the clock until days are proposed; `answer_due_at` the one of our answer to what it found.
    """

    ties: ClassVar[Ties] = Ties(chapter="trust", owner=_OWNER, customer=_CUSTOMER, at="request__asked_at")
    thing: ClassVar[str] = SPACE
    files_over: ClassVar[str] = "closed_at"
    listed: ClassVar[tuple[str, ...]] = ("how", "agreed_from_on", "confirmed_at", "held_on", "closed_at")
    searched: ClassVar[tuple[str, ...]] = ("request__title", "request__customer__title", "terms", "found")
    persons: ClassVar[tuple[str, ...]] = ("proposed_by", "answered_by")
    joined: ClassVar[tuple[str, ...]] = ("request__customer",)
    request = models.OneToOneField(InformationRequest, models.PROTECT, related_name="audit")
    how = models.CharField(max_length=20)
    from_on = models.DateField()
    until_on = models.DateField()
    agreed_from_on = models.DateField(null=True, blank=True)
    agreed_until_on = models.DateField(null=True, blank=True)
    terms = models.TextField(blank=True)
    proposed_by = models.CharField(max_length=120, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    found = models.TextField(blank=True)
    report = models.CharField(max_length=64, blank=True)
    answer_due_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "customer's audit"
        verbose_name_plural = "customers' audits"

    def __str__(self) -> str:
        return str(self.request)
