"""How the columns of files that come again and again are read."""

from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class Mapping(Record):
    """Which column of a file tells which field of the register `of` ("governance.contact"), as lines "field = header"."""

    ties: ClassVar[Ties] = Ties(chapter="exchange")
    listed: ClassVar[tuple[str, ...]] = ("name", "of")
    searched: ClassVar[tuple[str, ...]] = ("name", "of")
    name = models.CharField(max_length=60, unique=True)
    of = models.CharField(max_length=120)
    columns = models.JSONField(default=list)
    make = models.CharField(max_length=120)

    class Meta:
        ordering = ("name",)
        verbose_name = "column mapping"
        verbose_name_plural = "column mappings"

    def __str__(self) -> str:
        return self.name

    @property
    def said(self) -> dict[str, str]:
        """The headers by the field that each tells."""
        return dict(pair(line) for line in self.columns)


def pair(line: str) -> tuple[str, str]:
    """Return field and header of a line "field = header"; the header is "" where there is none."""
    field, _, header = line.partition("=")
    return field.strip(), header.strip()
