"""Rows that are believed: what was set aside since a clock ran ahead is kept, and counts for nothing."""

from typing import TypeVar

from django.db import models

_Row = TypeVar("_Row", bound=models.Model)


class Believed(models.Manager[_Row]):
    """The rows that were not set aside; a model's `every` has them all. `aside` is the field that says when one was."""

    def __init__(self, aside: str = "set_aside_at") -> None:
        """Go by the field `aside`, of the row or of what it belongs to."""
        super().__init__()
        self.aside = aside

    def get_queryset(self) -> models.QuerySet[_Row]:
        """Return the rows that were not set aside."""
        return super().get_queryset().filter(**{self.aside: None})
