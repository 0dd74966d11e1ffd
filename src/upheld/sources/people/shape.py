"""A sheet's lines to rows of a table, and every line that could not be read, by number, column and reason."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from upheld.evidence.table import Column, Table, Value
from upheld.sources.people.mapping import DERIVED, Mapped
from upheld.sources.people.sheet import Line, Sheet
from upheld.sources.people.values import Habits, UnreadableError, value

NAMED_ERRORS = 50


@dataclass(frozen=True)
class Wrong:
    """A line that gave no row: its number in the file, and why."""

    number: int
    why: str


@dataclass
class Shaped:
    """Rows, what is wrong with the lines that gave none, and `ahead`: lines that tell of the past what lies in the future."""

    rows: list[dict[str, Value]] = field(default_factory=list)
    errors: list[Wrong] = field(default_factory=list)
    ahead: list[Wrong] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def shaped(sheet: Sheet, table: Table, mapped: Mapped, habits: Habits, seen_at: datetime) -> Shaped:
    """Return the rows of `table` in `sheet`, read at `seen_at`.

    A line with anything unreadable gives an error and no row, since a blank would be a lie.
    """
    latest = table.latest(seen_at)
    found = Shaped()
    for line in sheet.lines:
        wrong = [line.wrong] if line.wrong else []
        row: dict[str, Value] = {}
        if not wrong:
            row, wrong = _row(line, table, mapped, habits, sheet)
        if wrong:
            found.errors.append(Wrong(line.number, "; ".join(wrong)))
        else:
            found.rows.append(row)
            found.ahead += [Wrong(line.number, f"{name} lies in the future, and is not believed") for name in _ahead(row, latest)]
    _derive(found.rows, table, mapped)
    found.notes = _without_nul(found.rows, table)
    return found


def _ahead(row: Mapping[str, Value], latest: Mapping[str, datetime | date]) -> list[str]:
    """Return the columns of `row` that lie after their `latest`."""
    return [name for name, last in latest.items() if (value := row.get(name)) is not None and value > last]  # type: ignore[operator]


def _derive(rows: list[dict[str, Value]], table: Table, mapped: Mapped) -> None:
    """Fill in what another column tells, where the list does not have it."""
    for (name, column), origin in DERIVED.items():
        if name == table.name and column not in mapped.places:
            for row in rows:
                row[column] = unicodedata.normalize("NFKC", str(row[origin])).casefold()


def _without_nul(rows: list[dict[str, Value]], table: Table) -> list[str]:
    """Put U+FFFD where a text of `rows` holds NUL, which databases cannot keep; return a remark for each column that did."""
    found: Counter[str] = Counter()
    for row in rows:
        for name, cell in row.items():
            if isinstance(cell, str) and "\0" in cell:
                row[name] = cell.replace("\0", "\ufffd")
                found[name] += 1
            elif isinstance(cell, list) and any("\0" in part for part in cell):
                row[name] = [part.replace("\0", "\ufffd") for part in cell]
                found[name] += 1
    return [f"{table.name}.{name} held NUL characters in {lines(count)}; they show as \ufffd" for name, count in found.items()]


def _row(line: Line, table: Table, mapped: Mapped, habits: Habits, sheet: Sheet) -> tuple[dict[str, Value], list[str]]:
    row: dict[str, Value] = {}
    wrong: list[str] = []
    for name, place in mapped.places.items():
        column = table.columns[name]
        try:
            row[name] = value(line.cells[place], column.kind, habits)
        except UnreadableError as error:
            wrong.append(f"column {sheet.header[place]!r}: {_shown(column, line.cells[place])} {error}")
    wrong.extend(_missing(table, mapped, row, wrong))
    return row, wrong


def _missing(table: Table, mapped: Mapped, row: dict[str, Value], wrong: list[str]) -> Iterator[str]:
    if not wrong:
        for name, column in table.columns.items():
            if column.null == "never" and row.get(name) is None and (name in mapped.places or (table.name, name) not in DERIVED):
                yield f"{name} is missing ({column.meaning})"


def _shown(column: Column, cell: object) -> str:
    """Return the cell for an error message, but never personal data."""
    return "the value" if column.personal else repr(str(cell))[:60]


def lines(count: int, more: str = "") -> str:
    """Return `count` with its noun: 1 line, 2 lines, 1,000 more lines."""
    return f"{count:,} {more}{'line' if count == 1 else 'lines'}"


def named(errors: list[Wrong]) -> list[str]:
    """Return a sentence for each reason in `errors`, with its first line and how many more have it; at most `NAMED_ERRORS`."""
    by_reason: dict[str, list[int]] = {}
    for error in errors:
        by_reason.setdefault(error.why, []).append(error.number)
    said = [f"line {numbers[0]}: {why}{_likewise(len(numbers) - 1)}" for why, numbers in by_reason.items()]
    more = sum(map(len, list(by_reason.values())[NAMED_ERRORS:]))
    return said[:NAMED_ERRORS] + ([f"and {lines(more, 'more ')}"] if more else [])


def _likewise(more: int) -> str:
    return f", and {lines(more, 'more ')} likewise" if more else ""
