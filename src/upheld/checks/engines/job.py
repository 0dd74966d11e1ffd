"""What an engine is asked to do: which tables to load, and which query to run for each measure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Job:
    """One query to run: `query` is DuckDB's SQL with parameters put in, `columns` its outputs, `excepted` subjects under exceptions.

    `outcomes` is the Parquet file for its population, if that is wanted. `flips` is how many of the next flips to keep; the
    query then gives `row_key` too. `rest` gives what `query` gives from the tables `steps` (name and query), which an engine may
    make once for all jobs that have them.
    """

    measure: str
    query: str
    columns: tuple[str, ...]
    excepted: tuple[str, ...] = field(default=())
    outcomes: Path | None = None
    flips: int = 0
    steps: tuple[tuple[str, str], ...] = ()
    rest: str = ""


@dataclass(frozen=True)
class Needs:
    """What a set of measures reads of a frame: tables as of the instant (derived ones too), tables through time, columns of each.

    `changes` are to be made from tables through time, for what is judged by changed rows.
    """

    tables: tuple[str, ...]
    history: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    changes: tuple["Change", ...] = ()


@dataclass(frozen=True)
class Change:
    """The rows of `table` that changed after what `since` says of each source, and those under `keys` whatever happened to them.

    As they were then they become the table `before`, as they are as of the frame's instant the table `after`.
    """

    table: str
    number: int
    since: tuple[tuple[str, datetime], ...]
    keys: tuple[str, ...]

    @property
    def before(self) -> str:
        """The table of the rows as they were."""
        return f"{self.table}_before_{self.number}"

    @property
    def after(self) -> str:
        """The table of the rows as they are."""
        return f"{self.table}_after_{self.number}"
