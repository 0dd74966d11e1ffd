"""Cells to typed values. What could mean two things is refused, with the two things."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from upheld.evidence.table import Kind, Value
from upheld.sources.people.sheet import Cell

YES = {"yes", "y", "true", "ja", "j", "wahr", "1"}
NO = {"no", "n", "false", "nein", "falsch", "0"}
UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds", "sekunde", "sekunden"), timedelta(seconds=1)),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "minuten"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hour", "hours", "std", "stunde", "stunden"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days", "tag", "tage", "tagen"), timedelta(days=1)),
    **dict.fromkeys(("w", "week", "weeks", "woche", "wochen"), timedelta(weeks=1)),
}
ISO_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
ISO_UNITS = (timedelta(weeks=1), timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1))


class UnreadableError(ValueError):
    """A cell is not a value of its column's type; the message says what was expected."""


@dataclass(frozen=True)
class Habits:
    """How the list writes what can be written in two ways: `day_first` None refuses 03/04/2026; times without a zone are in `zone`."""

    day_first: bool | None = None
    zone: tzinfo = UTC


def value(cell: Cell, kind: Kind, habits: Habits) -> Value:
    """Return `cell` as a value of `kind`, None when it is empty; raises `UnreadableError`."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    return _READ[kind](cell, habits)


def _text(cell: Cell, habits: Habits) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # spreadsheets keep 1001 as 1001.0
    if isinstance(cell, datetime) and cell.time() == time(0):
        return cell.date().isoformat()
    text = str(cell).strip()
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UnreadableError("is not valid Unicode") from error
    return text


def _integer(cell: Cell, habits: Habits) -> int:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and float(cell).is_integer():
        return int(cell)
    text = str(cell).strip()
    if not re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
        raise UnreadableError("is not a whole number written with digits only")
    return int(text)


def _real(cell: Cell, habits: Habits) -> float:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    text = str(cell).strip()
    if re.fullmatch(r"[+-]?\d{1,3},\d{3}", text, re.ASCII):
        raise UnreadableError("could be thousands or a fraction: write it with a point")
    if not re.fullmatch(r"[+-]?\d+([.,]\d+)?", text, re.ASCII):
        raise UnreadableError("is not a number")
    return float(text.replace(",", "."))


def _boolean(cell: Cell, habits: Habits) -> bool:
    if isinstance(cell, bool):
        return cell
    word = _text(cell, habits).casefold()
    if word in YES or word in NO:
        return word in YES
    raise UnreadableError("is neither yes nor no (ja, nein, true, false, 1, 0)")


def _date(cell: Cell, habits: Habits) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell).strip()
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?", text, re.ASCII)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text, re.ASCII)
    if found:
        return _day(int(found[3]), int(found[2]), int(found[1]))
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text, re.ASCII)
    if found:
        return _slashed(int(found[1]), int(found[2]), int(found[3]), habits)
    raise UnreadableError("is not a day such as 2026-05-03 or 03.05.2026")


def _slashed(first: int, second: int, year: int, habits: Habits) -> date:
    if first > 12 or first == second or habits.day_first:
        return _day(year, second, first)
    if second > 12 or habits.day_first is False:
        return _day(year, first, second)
    raise UnreadableError("could be two days: write 2026-05-03, or set dates to day-first or month-first")


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UnreadableError("is a day that does not exist") from error


def _timestamp(cell: Cell, habits: Habits) -> datetime:
    if isinstance(cell, datetime):
        return _aware(cell, habits)
    text = str(cell).strip()
    try:
        return _aware(datetime.fromisoformat(text), habits)
    except ValueError:
        day, _, clock = text.partition(" ")
    try:
        at = time.fromisoformat(clock) if clock else time(0)
    except ValueError as error:
        raise UnreadableError("is not an instant such as 2026-05-03T09:12:00Z") from error
    return _aware(datetime.combine(_date(day, habits), at), habits)


def _aware(instant: datetime, habits: Habits) -> datetime:
    placed = instant if instant.tzinfo else instant.replace(tzinfo=habits.zone)
    try:
        return placed.astimezone(UTC)
    except OverflowError as error:
        raise UnreadableError("is outside the calendar") from error


def _duration(cell: Cell, habits: Habits) -> timedelta:
    if isinstance(cell, timedelta):
        return cell
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    text = str(cell).strip()
    try:
        return _spelled(text)
    except OverflowError as error:
        raise UnreadableError("is longer than any time that can be kept") from error


def _spelled(text: str) -> timedelta:
    iso = ISO_DURATION.fullmatch(text.upper())
    if iso and any(iso.groups()):
        return sum((int(count) * unit for count, unit in zip(iso.groups(), ISO_UNITS, strict=True) if count), timedelta())
    clock = re.fullmatch(r"(\d{1,4}):(\d{2}):(\d{2})", text, re.ASCII)
    if clock:
        return timedelta(hours=int(clock[1]), minutes=int(clock[2]), seconds=int(clock[3]))
    parts = re.findall(r"(\d+(?:[.,]\d+)?)\s*([^\W\d]+)", text)
    if (
        not parts
        or re.sub(r"(\d+(?:[.,]\d+)?)\s*([^\W\d]+)", "", text).strip(" ,und")
        or any(unit.lower() not in UNITS for _, unit in parts)
    ):
        raise UnreadableError("is not a time span with its unit, such as 8 hours, 15 Minuten or PT15M")
    return sum((float(count.replace(",", ".")) * UNITS[unit.lower()] for count, unit in parts), timedelta())


def _list(cell: Cell, habits: Habits) -> list[str]:
    text = _text(cell, habits)
    mark = next((mark for mark in (";", "|", "\n", ",") if mark in text), ";")
    return [part.strip() for part in text.split(mark) if part.strip()]


_READ: Mapping[Kind, Callable[[Cell, Habits], Value]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.REAL: _real,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.TIMESTAMP: _timestamp,
    Kind.DURATION: _duration,
    Kind.LIST: _list,
}
