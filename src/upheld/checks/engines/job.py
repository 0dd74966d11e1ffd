"""What an engine is asked to do: which tables to load, and which query to run for each measure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from upheld.evidence.changing import AFTER, BEFORE, Change

ALL, BOTH = "all", "both"
__all__ = ["AFTER", "ALL", "BEFORE", "BOTH", "Job", "KeptStep", "Needs"]


@dataclass(frozen=True)
class KeptStep:
    """A step that is kept: what `query` gives, in the Parquet file `file`, read as the table `name`.

    Where it lies in the file `base` already, it is that less what `before` gives on the rows of changes as they were, plus what `query`
    gives on those as they are. Where `groups` are given, columns of it, only the rows that agree in these with one that is gone or has
    come are read under its name on rows as they were and as they are; the texts in its columns `plain` must then hold no "/".
    """

    name: str
    query: str
    file: Path
    before: str = ""
    base: Path | None = None
    groups: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """One query to run: `query` is DuckDB's SQL with parameters put in, `columns` its outputs, `excepted` subjects under exceptions.

    `outcomes` is the Parquet file for its population, if that is wanted. `keep` is how many of the next flips to keep, no later
    than `until` (None: whenever they are), and with them the line of each subject that does not pass. `rest` gives what `query`
    gives from the tables `steps` (name and query), which an engine may make once for all jobs that have them. `on` says on which
    rows it runs: all ("all"), or those of changes as they were ("before") or are ("after"). One on "after" tells where it comes to
    something else than `was`, the same on "before"; its population is that in the file `base` with these exchanged, and is not written
    where nothing is to be. One on "both" is told apart: its population is how many rows it gives on one and not on the other. `kept`
    are tables that the query reads beside those of the frame. `named` is how many subjects it tells by name, where that is not what
    the limits say.
    """

    measure: str
    query: str
    columns: tuple[str, ...] = ()
    excepted: tuple[str, ...] = field(default=())
    outcomes: Path | None = None
    keep: int = 0
    until: datetime | None = None
    steps: tuple[tuple[str, str], ...] = ()
    rest: str = ""
    on: str = ALL
    base: Path | None = None
    was: "Job | None" = None
    kept: tuple[KeptStep, ...] = ()
    named: int = 0


@dataclass(frozen=True)
class Needs:
    """What a set of measures reads of a frame: tables as of the instant (derived ones too), tables through time, columns of each.

    Columns are by the name of the table in a query: "accounts", "history.accounts".

    Of the tables of `changes` only the rows that changed are wanted, as they were at the instant `then` and as they are; so are derived
    tables that are made from them. `light` says that of derived tables that fall apart by these (`Apart`) only rows under the keys of
    changes are wanted. `standing` are files of derived tables that need not be computed, since they are what they were.
    """

    tables: tuple[str, ...]
    history: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    changes: tuple[Change, ...] = ()
    then: datetime | None = None
    light: bool = False
    standing: Mapping[str, Path] = field(default_factory=dict)
