"""A frame: all tables as of an instant, and how fresh and how complete each is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from upheld.evidence.collection import Coverage, Gap


@dataclass(frozen=True)
class ChangeFile:
    """One Parquet change file that the manifest names: what collection `collection` of `source` changed in `table` at `seen_at`."""

    table: str
    source: str
    collection: str
    seen_at: datetime
    path: Path
    rows: int
    size_bytes: int


@dataclass(frozen=True)
class Filled:
    """What one source last said about one table, as of the frame's instant.

    `complete_at` is the last complete collection (None: there never was one); `stale_at` is when it stops speaking.
    """

    table: str
    source: str
    collection: str
    seen_at: datetime
    complete_at: datetime | None
    stale_at: datetime
    coverage: Coverage
    rows: int
    digest: str
    gaps: tuple[Gap, ...] = ()
    cut_short: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """All tables as of `as_of`: the change files they are made from, and who filled each.

    `filled` has an entry for every (table, source) pair that a source in use declares, also when it never succeeded.
    A table without any is one that nobody fills.
    """

    as_of: datetime
    files: Mapping[str, Sequence[ChangeFile]]
    filled: Mapping[str, Sequence[Filled]]
