"""Which measures there are: those with a query (`<chapter>/<name>.sql`) and those to come (`<chapter>/to_come.toml`)."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from upheld import measures as _measures
from upheld.documents.fields import DocumentError, Table

SHIPPED = Path(_measures.__file__).parent
TO_COME = "to_come.toml"
OPENS, CLOSES = "/*---", "---*/"


@dataclass(frozen=True)
class ToCome:
    """A measure that promises name and no query tests yet: the fact, the evidence it lacks, and what would bring that."""

    id: str
    fact: str
    needs: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Known:
    """A measure that a document may name. `fact` is its promise in plain words; `clauses` are those its file cites."""

    id: str
    title: str
    fact: str
    clauses: tuple[str, ...]
    shipped: bool

    @property
    def chapter(self) -> str:
        """The folder it lies in."""
        return self.id.partition("/")[0]


@cache
def to_come(root: Path = SHIPPED) -> dict[str, ToCome]:
    """Every measure to come under `root`, by id; raises `DocumentError` for a file that cannot be used."""
    return {measure.id: measure for path in sorted(root.glob(f"*/{TO_COME}")) for measure in _read_to_come(path)}


@cache
def shipped(root: Path = SHIPPED) -> dict[str, Known]:
    """Every measure under `root` that has a query, by id, as its front matter describes it."""
    return {measure.id: measure for path in sorted(root.glob("*/*.sql")) for measure in [_read_shipped(path)]}


def known(workspace: Path | None = None) -> dict[str, Known]:
    """Every measure a document may name, by id: shipped, to come, and those in the folder `workspace` of a company's own.

    A measure that has a query counts as shipped even where it is also listed as one to come.
    """
    coming = {m.id: Known(m.id, m.id.partition("/")[2].replace("_", " "), m.fact, (), shipped=False) for m in to_come().values()}
    return coming | shipped() | (shipped(workspace) if workspace else {})


def _read_to_come(path: Path) -> Iterator[ToCome]:
    file = Table.read(path)
    for name, values in file.values.items():
        if not isinstance(values, dict):
            raise DocumentError(f"{path}: `{name}` is no table; write [{name}] with fact, needs and from under it")
        entry = Table(values, f"{path}: {name}")
        yield ToCome(f"{path.parent.name}/{name}", entry.text("fact"), entry.texts("needs"), entry.text("from"))
        entry.refuse_unread()


def _read_shipped(path: Path) -> Known:
    measure_id = f"{path.parent.name}/{path.stem}"
    opening, _, rest = path.read_text(encoding="utf-8").partition(CLOSES)
    if not rest or not opening.lstrip().startswith(OPENS):
        raise DocumentError(f"{path}: no front matter; a measure begins with {OPENS}, its description in TOML, and {CLOSES}")
    try:
        values = tomllib.loads(opening.lstrip().removeprefix(OPENS))
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(f"{path}: front matter is not TOML: {error}") from error
    entry = Table(values, str(path))
    return Known(measure_id, entry.text("title"), entry.text("promise"), entry.texts("clauses"), shipped=True)
