"""A list as read: its header, and its lines with the numbers they have in the file."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | datetime | date | time | timedelta | None


@dataclass(frozen=True)
class Line:
    """One line below the header. `number` is the first line of the file that it stands on; cells are as many as the header's.

    `wrong` says what keeps the whole line from being read (too few cells); empty when nothing does.
    """

    number: int
    cells: tuple[Cell, ...]
    wrong: str = ""


@dataclass
class Sheet:
    """A list: header, lines, remarks for people, why it ends early (None when it does not), and when it was saved (seconds since 1970)."""

    header: list[str]
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cut_short: str | None = None
    changed: float = 0.0


def fitted(number: int, cells: list[Cell], width: int) -> Line | None:
    """Return `cells` as a line of `width` cells: None for an empty one, `wrong` for one that is too short or too long."""
    if all(cell is None or cell == "" for cell in cells):
        return None
    while len(cells) > width and cells[-1] in (None, ""):
        cells = cells[:-1]
    if len(cells) == width:
        return Line(number, tuple(cells))
    return Line(number, tuple(cells), f"has {len(cells)} cells where the header has {width}")
