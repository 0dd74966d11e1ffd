"""What an engine is asked to do: which tables to load, and which query to run for each measure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Job:
    """One query to run: `query` is DuckDB's SQL with parameters put in, `columns` its outputs, `excepted` subjects under exceptions.

    `outcomes` is the Parquet file for its population, if that is wanted.
    """

    measure: str
    query: str
    columns: tuple[str, ...]
    excepted: tuple[str, ...] = field(default=())
    outcomes: Path | None = None


@dataclass(frozen=True)
class Needs:
    """What a set of measures reads of a frame: tables as of the instant (derived ones too), tables through time, columns of each."""

    tables: tuple[str, ...]
    history: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
