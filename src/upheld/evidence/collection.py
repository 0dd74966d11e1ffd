"""What one run of a source saw: rows by table, and everything that it could not see, said column by column."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from upheld.evidence.table import ContractBroken, Row, Table, Value, table


class Coverage(StrEnum):
    """How much of a table a collection saw. Only a complete one may end rows."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


class GapKind(StrEnum):
    """Why a column is NULL although the system may know the answer."""

    DENIED = "denied"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Gap:
    """A column of a table that this collection could not read, and why, in a sentence."""

    table: str
    column: str
    kind: GapKind
    why: str


# Clocks differ a little, and a collection takes a while after `seen_at`; what lies further ahead has not happened.
AHEAD = timedelta(hours=1)
_UNKNOWN = ("{} value of {}.{} lies in the future and is taken as unknown", "{} values of {}.{} lie in the future and are taken as unknown")
_LEFT_OUT = ("{} row of {} is left out: its {} lies in the future", "{} rows of {} are left out: their {} lies in the future")


class Progress(Protocol):
    """Told how far a long step is: what is being done, how many are done, of how many (None: unknown)."""

    def __call__(self, what: str, done: int, total: int | None = None) -> None: ...


def no_progress(what: str, done: int, total: int | None = None) -> None:
    """Say nothing."""


@dataclass
class TableSeen:
    """The rows of one table that a collection brought, by key; `cut_short` says why they are not all."""

    table: Table
    rows: dict[tuple[Value, ...], dict[str, Value]] = field(default_factory=dict)
    cut_short: list[str] = field(default_factory=list)
    read: bool = False
    deleted: set[tuple[Value, ...]] = field(default_factory=set)

    @property
    def coverage(self) -> Coverage:
        """Complete only if the source said it read the table, and nothing was cut short."""
        if not self.read:
            return Coverage.FAILED
        return Coverage.PARTIAL if self.cut_short else Coverage.COMPLETE


class Collecting:
    """Where a source puts what it sees while it collects. One is made for each run.

    A declared table for which `rows` was never called counts as not read: to say "there are none", call it
    with an empty list. Rows are checked against the table's contract as they arrive.
    """

    def __init__(
        self,
        source: str,
        tables: Sequence[str],
        seen_at: datetime,
        *,
        progress: Progress = no_progress,
        known: Callable[[str], Iterable[Row]] = lambda name: (),
    ) -> None:
        self.source = source
        self.seen_at = seen_at
        self.progress = progress
        self.known = known  # the rows this source brought last time, for sources that look only at what is new (git)
        self.seen = {name: TableSeen(table(name)) for name in tables}
        self.gaps: list[Gap] = []
        self.clock_offset: timedelta | None = None
        self.notes: list[str] = []
        self._counts: Counter[tuple[str, str]] = Counter()

    def rows(self, name: str, rows: Iterable[Row]) -> int:
        """Take `rows` of table `name`, and return how many. May be called several times for one table.

        Two rows with one key are not guessed between: the first is kept and the table is cut short, saying so. A timestamp or day
        that lies further ahead than its column may becomes NULL, with a note; where it is never absent, its row is left out.
        """
        seen = self._of(name)
        seen.read = True
        count, latest = 0, seen.table.latest(self.seen_at + AHEAD)
        mended: Counter[str] = Counter()
        for row in rows:
            checked = seen.table.check(row, mended=lambda column: mended.update((column,)))
            if not self._believed(seen, checked, latest):
                continue
            key = tuple(checked[part] for part in seen.table.key)
            if key in seen.rows and seen.rows[key] != checked:
                seen.cut_short.append(f"two different {name} came under the key {'/'.join(map(str, key))}")
                continue
            seen.rows[key] = checked
            count += 1
        for column, values in mended.items():
            self.note(f"{name}.{column} held text that is not Unicode in {values} of its rows; what could not be read shows as \ufffd")
        return count

    def _believed(self, seen: TableSeen, row: dict[str, Value], latest: Mapping[str, datetime | date]) -> bool:
        """Make what lies after `latest` in `row`, by column, unknown; return whether the row still has all that it must."""
        whole = True
        for name, last in latest.items():
            value = row[name]
            if value is not None and value > last:  # type: ignore[operator]  # the contract was checked: both are instants, or days
                row[name] = None
                if seen.table.columns[name].null == "never":
                    whole = False
                    self._count(seen.cut_short, _LEFT_OUT, seen.table.name, name)
                else:
                    self._count(self.notes, _UNKNOWN, seen.table.name, name)
                    # Without a gap, NULL could be read as what the column's absence means: never signed in, never used.
                    self.unsupported(seen.table.name, name, "some of its values lie in the future")
        return whole

    def _count(self, said: list[str], words: tuple[str, str], table: str, column: str) -> None:
        """Keep one sentence in `said` on how often this came, however often `rows` is called."""
        self._counts[table, column] += 1
        now = self._counts[table, column]
        sentences = [words[count > 1].format(count, table, column) for count in (now - 1, now)]
        if now > 1:
            said[said.index(sentences[0])] = sentences[1]
        else:
            said.append(sentences[1])

    def deleted(self, name: str, keys: Iterable[Sequence[Value]]) -> None:
        """Say that the system itself reports the rows with `keys` (in the order of the table's key) as deleted.

        They end even when the collection is partial. A row that was also brought by `rows` counts as there.
        """
        self._of(name).deleted.update(map(tuple, keys))

    def denied(self, name: str, column: str, why: str) -> None:
        """Say that the source would not show `column`: its NULLs mean unknown."""
        self._gap(name, column, GapKind.DENIED, why)

    def unsupported(self, name: str, column: str, why: str) -> None:
        """Say that the system has no such thing, or this collector cannot read it: its NULLs mean unknown."""
        self._gap(name, column, GapKind.UNSUPPORTED, why)

    def cut_short(self, name: str, why: str) -> None:
        """Say that table `name` is not all there (a limit, a dropped connection): no row of it will end."""
        self._of(name).cut_short.append(why)

    def note(self, sentence: str) -> None:
        """Keep a remark about the run that people should read; never a secret, never personal data."""
        self.notes.append(sentence)

    @property
    def coverage(self) -> Coverage:
        """Complete if every table is; failed if none was read; partial otherwise."""
        found = {seen.coverage for seen in self.seen.values()}
        if found <= {Coverage.COMPLETE}:
            return Coverage.COMPLETE
        return Coverage.FAILED if found == {Coverage.FAILED} else Coverage.PARTIAL

    def _of(self, name: str) -> TableSeen:
        if name not in self.seen:
            raise ContractBroken(f"source {self.source} brought {name}, which it does not declare; it declares {', '.join(self.seen)}")
        return self.seen[name]

    def _gap(self, name: str, column: str, kind: GapKind, why: str) -> None:
        if column not in self._of(name).table.columns:
            raise ContractBroken(f"table {name} has no column {column!r}")
        gap = Gap(name, column, kind, why)
        if gap not in self.gaps:
            self.gaps.append(gap)
