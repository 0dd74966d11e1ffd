"""Rows that are believed: what was set aside since a clock ran ahead is kept, and counts for nothing."""

from typing import TypeVar

from django.db import models

_Row = TypeVar("_Row", bound=models.Model)


class Believed(models.Manager[_Row]):
    """The rows that were not set aside; a model's `every` has them all. `aside` is the field that says when one was."""

    aside = "set_aside_at"

    def get_queryset(self) -> models.QuerySet[_Row]:
        """Return the rows that were not set aside."""
        return super().get_queryset().filter(**{self.aside: None})


class OfBelieved(Believed[_Row]):
    """The rows of collections that were not set aside."""

    aside = "collection__set_aside_at"
