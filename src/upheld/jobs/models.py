"""Whose turn each chore is, how its last turn went, and when it may be tried again."""

from django.db import models


class Turn(models.Model):
    """One chore: who is at it until when, and how it went the last time. A row each, claimed in a transaction.

    What a chore did is in the ledger, as what it did (a collection, a judgement); this only says who does it now.
    """

    chore = models.CharField(max_length=80, primary_key=True)
    holder = models.CharField(max_length=120, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    until_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    said = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)
    not_before_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("chore",)

    def __str__(self) -> str:
        return f"{self.chore}: {self.holder or 'nobody'}"
