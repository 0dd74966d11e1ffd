"""What an engine is asked to do for one measure."""

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
