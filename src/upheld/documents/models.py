"""The steps that a document went through: which version was approved, published or reviewed, by whom and when."""

from enum import StrEnum

from django.db import models


class Step(StrEnum):
    """What can be recorded about a document's text as it stands."""

    APPROVED = "approved"
    PUBLISHED = "published"
    REVIEWED = "reviewed"


class DocumentStep(models.Model):
    """One step of a document's life. `digest` is `Document.digest` of the text as it stood then."""

    document = models.CharField(max_length=60)
    step = models.CharField(max_length=10)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=120, blank=True)
    entry_id = models.CharField(max_length=36)

    class Meta:
        ordering = ("document", "at", "id")
        indexes = (models.Index(fields=["document", "step", "at"]),)

    def __str__(self) -> str:
        return f"{self.document} {self.version} {self.step}"
