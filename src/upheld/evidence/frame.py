"""A frame: all tables as of an instant, and how fresh and how complete each is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from upheld.evidence.canonical import json_line
from upheld.evidence.collection import Coverage, Gap
from upheld.evidence.derived import HISTORY, Derived, needed
from upheld.evidence.duck import load_lines
from upheld.evidence.loading import ASIDE_ROWS, Damaged, load_collected, load_derived, rows_by_source, standing_by_source, view_open
from upheld.evidence.table import Value, table

GAPS = {"source": "VARCHAR", "table_name": "VARCHAR", "column_name": "VARCHAR", "kind": "VARCHAR", "why": "VARCHAR"}
CUT_SHORT = "cut short"


@dataclass(frozen=True)
class ChangeFile:
    """One Parquet change file that the manifest names: what collection `collection` of `source` changed in `table` at `seen_at`.

    A compacted one holds the changes of several collections: `first_seen_at` is the earliest of them (`seen_at` where it
    is None), `seen_at` and `collection` are the latest. `digest` is the SHA-256 of its bytes, in hex.
    """

    table: str
    source: str
    collection: str
    seen_at: datetime
    path: Path
    rows: int
    size_bytes: int
    first_seen_at: datetime | None = None
    digest: str = ""

    @property
    def since(self) -> datetime:
        """The instant of the earliest change in it: at an earlier one it says nothing."""
        return self.first_seen_at or self.seen_at


@dataclass(frozen=True)
class Filled:
    """What one source last said about one table, as of the frame's instant.

    `complete_at` is the last complete collection (None: there never was one); `stale_at` is when it stops speaking. What had ended
    by `kept_from` is known no longer (None: all of it is).
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
    kept_from: datetime | None = None


@dataclass(frozen=True)
class Frame:
    """All tables as of `as_of`: the change files they are made from, and who filled each.

    `filled` has an entry for every (table, source) pair that a source in use declares, also when it never succeeded.
    A table without any is one that nobody fills.
    """

    as_of: datetime
    files: Mapping[str, Sequence[ChangeFile]]
    filled: Mapping[str, Sequence[Filled]]

    def load(
        self,
        connection: duckdb.DuckDBPyConnection,
        tables: Iterable[str],
        history: Iterable[str] = (),
        columns: Mapping[str, Iterable[str]] | None = None,
        only: Mapping[str, str] | None = None,
        aside: Path | None = None,
    ) -> None:
        """Make in `connection`, which has none of them yet, what measures may read.

        That is `tables` (collected or derived) as of the frame's instant; those named in `history` through time, as
        `history.NAME`; what derived ones are computed from; and `gaps`, a row for each column that a source could not
        read and for each reason why a table is cut short. `columns` says, by a table's name ("accounts", "history.accounts"), the
        only columns that are read of it (a table that is read through time too has those of both there); a table that it does not
        name has all. `only` is, by such a name, a condition (SQL) for the only rows that are wanted. Where `aside` is given,
        an empty folder, large tables lie there in files, and `connection` has views of these.

        Raises `ContractBroken` for a table that there is not, and `Damaged` for a change file that cannot be read, and where
        the files give other rows than the collections left standing: an empty table must never pass for an empty population.
        """
        names = set(tables)
        derived = needed(names)
        collected = names - {each.name for each in derived} | {HISTORY + name for name in history}
        connection.execute("CREATE SCHEMA IF NOT EXISTS history")
        chosen = _wanted(collected, derived, columns or {})
        both = {HISTORY + name for name in chosen if HISTORY + name in chosen and not {name, HISTORY + name} & {*(only or {})}}
        for name in sorted(chosen, key=lambda each: (each not in both, each)):
            files = [file.path for file in self.files.get(name.removeprefix(HISTORY), ()) if file.since <= self.as_of]
            wanted = (only or {}).get(name, "")
            large = aside if sum(file.rows for file in self.files.get(name.removeprefix(HISTORY), ())) > ASIDE_ROWS else None
            if HISTORY + name in both:
                view_open(connection, name, chosen[name])
            elif name in both:
                either = {*chosen[name], *chosen[name.removeprefix(HISTORY)]}
                load_collected(connection, name, [column for column in _columns(name) if column in either], files, self.as_of, aside=large)
            else:
                load_collected(connection, name, chosen[name], files, self.as_of, wanted, large)
            if not name.startswith(HISTORY) and not wanted:
                self._check_whole(connection, name, files)
        for each in derived:
            load_derived(connection, each, self.as_of, aside)
        load_lines(connection, "gaps", GAPS, (json_line(gap) for filled in self.filled.values() for each in filled for gap in _gaps(each)))

    def _check_whole(self, connection: duckdb.DuckDBPyConnection, name: str, files: Sequence[Path]) -> None:
        shown = rows_by_source(connection, name)
        said = {filled.source: filled.rows for filled in self.filled.get(name, ()) if filled.digest}
        for source, rows in said.items():
            # Erased rows are not shown, though they stand; they are looked for only where the counts differ.
            found = shown.get(source, 0)
            if found != rows and standing_by_source(connection, name, files, self.as_of).get(source, 0) != rows:
                raise Damaged(
                    f"the history of {name} from {source} shows {found} rows as of {self.as_of.isoformat()}, but its collections left "
                    f"{rows} standing: change files or their manifest were altered; restore the workspace from a backup"
                )


def _wanted(collected: Iterable[str], derived: Sequence[Derived], columns: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The columns to load of each collected table ("accounts", "history.accounts"), in the order of its contract."""
    wanted = {name: set(columns.get(name, _columns(name))) for name in collected}
    made = {each.name for each in derived}
    for name, chosen in ((name, chosen) for each in derived for name, chosen in each.inputs.items() if name not in made):
        wanted.setdefault(name, set()).update(chosen)
    return {name: [column for column in _columns(name) if column in wanted[name]] for name in sorted(wanted)}


def _columns(name: str) -> Iterable[str]:
    return table(name.removeprefix(HISTORY)).columns


def _gaps(filled: Filled) -> Iterator[dict[str, Value]]:
    about: dict[str, Value] = {"source": filled.source, "table_name": filled.table}
    for gap in filled.gaps:
        yield about | {"column_name": gap.column, "kind": gap.kind.value, "why": gap.why}
    for why in filled.cut_short:
        yield about | {"kind": CUT_SHORT, "why": why}


def frame_at(files: Iterable[ChangeFile], filled: Iterable[Filled], as_of: datetime) -> Frame:
    """Return the frame of `files` and `filled` as of `as_of` (aware).

    Of `files` those are left out whose every change is later. `filled` is what was said up to `as_of`, one for each
    table and source; the caller knows the collections.
    """
    by_table: dict[str, list[ChangeFile]] = {}
    for file in files:
        if file.since <= as_of:
            by_table.setdefault(file.table, []).append(file)
    said: dict[str, list[Filled]] = {}
    for each in filled:
        said.setdefault(each.table, []).append(each)
    return Frame(as_of, by_table, said)
