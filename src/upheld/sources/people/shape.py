"""A sheet's lines to rows of a table, and every line that could not be read, by number, column and reason."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from upheld.evidence.table import Column, Table, Value
from upheld.sources.people.mapping import Mapped
from upheld.sources.people.sheet import Line, Sheet
from upheld.sources.people.values import Habits, UnreadableError, value

NAMED_ERRORS = 50


@dataclass
class Shaped:
    """Rows, and what is wrong with the lines that gave none."""

    rows: list[dict[str, Value]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def shaped(sheet: Sheet, table: Table, mapped: Mapped, habits: Habits) -> Shaped:
    """Return the rows of `table` in `sheet`. A line with anything unreadable gives an error and no row, since a blank would be a lie."""
    found = Shaped()
    for line in sheet.lines:
        wrong = [line.wrong] if line.wrong else []
        row: dict[str, Value] = {}
        if not wrong:
            row, wrong = _row(line, table, mapped, habits, sheet)
        if wrong:
            found.errors.append(f"line {line.number}: {'; '.join(wrong)}")
        else:
            found.rows.append(row)
    return found


def _row(line: Line, table: Table, mapped: Mapped, habits: Habits, sheet: Sheet) -> tuple[dict[str, Value], list[str]]:
    row: dict[str, Value] = {}
    wrong: list[str] = []
    for name, place in mapped.places.items():
        column = table.columns[name]
        try:
            row[name] = value(line.cells[place], column.kind, habits)
        except UnreadableError as error:
            wrong.append(f"column {sheet.header[place]!r}: {_shown(column, line.cells[place])} {error}")
    wrong.extend(_missing(table, row, wrong))
    return row, wrong


def _missing(table: Table, row: dict[str, Value], wrong: list[str]) -> Iterator[str]:
    if not wrong:
        for name, column in table.columns.items():
            if column.null == "never" and row.get(name) is None:
                yield f"{name} is missing ({column.meaning})"


def _shown(column: Column, cell: object) -> str:
    """Return the cell for an error message, but never personal data."""
    return "the value" if column.personal else repr(str(cell))[:60]


def named(errors: list[str]) -> list[str]:
    """Return at most `NAMED_ERRORS` of `errors`, and how many more there are."""
    more = len(errors) - NAMED_ERRORS
    return errors[:NAMED_ERRORS] + ([f"and {more} more lines"] if more > 0 else [])
