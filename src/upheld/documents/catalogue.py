"""Which measures there are: those with a query (`<chapter>/<name>.sql`) and those to come (`<chapter>/to_come.toml`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from upheld.checks.library import SHIPPED, measures
from upheld.documents.fields import DocumentError, Table

TO_COME = "to_come.toml"


@dataclass(frozen=True)
class ToCome:
    """A measure that promises name and no query tests yet: the fact, the evidence it lacks, and what would bring that."""

    id: str
    fact: str
    needs: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Known:
    """A measure that a document may name. `fact` is its promise in plain words; `clauses` and `owner` are its file's own."""

    id: str
    title: str
    fact: str
    clauses: tuple[str, ...]
    shipped: bool
    owner: str = ""
    kind: str = ""

    @property
    def chapter(self) -> str:
        """The folder it lies in."""
        return self.id.partition("/")[0]


@cache
def to_come(root: Path = SHIPPED) -> dict[str, ToCome]:
    """Every measure to come under `root`, by id; raises `DocumentError` for a file that cannot be used."""
    return {measure.id: measure for path in sorted(root.glob(f"*/{TO_COME}")) for measure in _read_to_come(path)}


def known(own: Path | None = None) -> dict[str, Known]:
    """Every measure a document may name, by id: to come, shipped, and those in the folder `own` of a workspace as it is now.

    One that has a query counts as shipped even where it is also listed as one to come. Raises `MeasureError` for a broken file.
    """
    return _product() | _with_query(own) if own and any(own.glob("*/*.sql")) else _product()


@cache
def _product() -> dict[str, Known]:
    coming = {m.id: Known(m.id, m.id.partition("/")[2].replace("_", " "), m.fact, (), shipped=False) for m in to_come().values()}
    return coming | _with_query(None)


def _with_query(own: Path | None) -> dict[str, Known]:
    return {m.id: Known(m.id, m.title, m.promise, m.clauses, shipped=True, owner=m.owner, kind=m.kind) for m in measures(own).values()}


def _read_to_come(path: Path) -> Iterator[ToCome]:
    file = Table.read(path)
    for name, values in file.values.items():
        if not isinstance(values, dict):
            raise DocumentError(f"{path}: `{name}` is no table; write [{name}] with fact, needs and from under it")
        entry = Table(values, f"{path}: {name}")
        yield ToCome(f"{path.parent.name}/{name}", entry.text("fact"), entry.texts("needs"), entry.text("from"))
        entry.refuse_unread()
