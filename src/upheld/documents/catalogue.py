"""Which measures a document may name: the shipped ones, and those of a workspace."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from upheld.checks.library import measures


@dataclass(frozen=True)
class Known:
    """A measure that a document may name. `fact` is its promise in plain words; `clauses` and `owner` are its file's own."""

    id: str
    title: str
    fact: str
    clauses: tuple[str, ...]
    owner: str = ""
    kind: str = ""

    @property
    def chapter(self) -> str:
        """The folder it lies in."""
        return self.id.partition("/")[0]


def known(own: Path | None = None) -> dict[str, Known]:
    """Every measure a document may name, by id: shipped, and those in the folder `own` of a workspace as it is now.

    Raises `MeasureError` for a broken file.
    """
    return _product() | _known(own) if own and any(own.glob("*/*.sql")) else _product()


@cache
def _product() -> dict[str, Known]:
    return _known(None)


def _known(own: Path | None) -> dict[str, Known]:
    return {m.id: Known(m.id, m.title, m.promise, m.clauses, owner=m.owner, kind=m.kind) for m in measures(own).values()}
