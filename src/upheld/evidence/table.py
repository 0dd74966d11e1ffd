"""Table contracts: the columns that sources and registers fill and measures read, with what each means and what its NULL means."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

Value = str | int | float | bool | datetime | date | timedelta | list[str] | None
Row = Mapping[str, Value]

# What history says of every row beside its own columns; see `querying.py`.
RESERVED = ("source", "seen_from_at", "seen_until_at", "ended")

_EASTERNMOST = timedelta(hours=14)  # Kiritimati: there it is tomorrow already

HERE = Path(__file__).parent / "tables"


class Kind(StrEnum):
    """A column's type. `timestamp` is UTC, `duration` is exact (no months), `list` is a list of text."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"
    DATE = "date"
    DURATION = "duration"
    LIST = "list"

    @property
    def python(self) -> type:
        """The Python type of its values."""
        return _PYTHON[self]

    @property
    def stored(self) -> str:
        """The DuckDB type it is stored as. Durations are microseconds, since Spark cannot read Parquet's intervals."""
        return _STORED[self]


_PYTHON: Mapping[Kind, type] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.REAL: float,
    Kind.BOOLEAN: bool,
    Kind.TIMESTAMP: datetime,
    Kind.DATE: date,
    Kind.DURATION: timedelta,
    Kind.LIST: list,
}
_STORED: Mapping[Kind, str] = {
    Kind.TEXT: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.REAL: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TIMESTAMP: "TIMESTAMP",
    Kind.DATE: "DATE",
    Kind.DURATION: "BIGINT",
    Kind.LIST: "VARCHAR[]",
}


@dataclass(frozen=True)
class Column:
    """One column. `null` says what its absence means: "never" absent, or "unknown", or words such as "never signed in".

    `ahead`: how far a timestamp or day here may lie ahead of the collection that brought it: not at all, since it tells of the
    past; some time, since it is planned (a first day of work); without limit (None), as an end, or a mere claim. What lies
    further ahead is not believed.
    """

    name: str
    kind: Kind
    meaning: str
    null: str = "unknown"
    personal: bool = False
    standards: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    ahead: timedelta | None = timedelta(0)


@dataclass(frozen=True)
class Table:
    """A typed relation. `key` identifies a row within one source; `fresh_for` is how long a collection of it speaks."""

    name: str
    title: str
    meaning: str
    key: tuple[str, ...]
    fresh_for: timedelta
    columns: Mapping[str, Column]

    @cached_property
    def unlike_json(self) -> tuple[str, ...]:
        """The columns whose values JSON does not hold as they are: durations, and reals (which may be infinite)."""
        return tuple(name for name, column in self.columns.items() if column.kind in (Kind.DURATION, Kind.REAL))

    def latest(self, at: datetime) -> Mapping[str, datetime | date]:
        """Return, by column, the last instant or day that is believed of a collection at `at`.

        A later one would keep a measure upheld for ever. Days are those of the easternmost time zone.
        """
        limited = {column.name: (column.kind, at + column.ahead) for column in self._limited if column.ahead is not None}
        return {name: last if kind is Kind.TIMESTAMP else (last + _EASTERNMOST).date() for name, (kind, last) in limited.items()}

    @cached_property
    def _limited(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns.values() if column.kind in (Kind.TIMESTAMP, Kind.DATE) and column.ahead is not None)

    @cached_property
    def _typed(self) -> tuple[tuple[str, Column, type, bool], ...]:
        return tuple((name, column, column.kind.python, column.null != "never") for name, column in self.columns.items())

    def check(self, row: Row, *, mended: Callable[[str], None] = lambda column: None) -> dict[str, Value]:
        """Return `row` with every column present, absent ones as None, and timestamps in UTC.

        Text that is not Unicode (lone surrogates, from names in no known encoding) has U+FFFD in their place, and
        `mended` is called with the column. Raises `ContractBroken` naming table, column and value's type when a column
        is unknown, a key is missing, a value is of another type, or is too large to store (64 bits, microseconds).
        A naive timestamp is refused: its zone cannot be guessed.
        """
        if not row.keys() <= self.columns.keys():
            name = next(name for name in row if name not in self.columns)
            raise ContractBroken(f"table {self.name} has no column {name!r}; its columns are {', '.join(self.columns)}")
        checked: dict[str, Value] = {}
        for name, column, python, nullable in self._typed:
            value = checked[name] = row.get(name)
            if value is None and nullable:
                continue
            # What nearly every value is, told apart without a call: a source brings tens of thousands of rows a second.
            if type(value) is python and (python is bool or (isinstance(value, str) and value.isascii())):
                continue
            if isinstance(value, datetime) and type(value) is python and value.tzinfo is UTC:
                continue
            value = checked[name] = _checked(self, column, value)
            if isinstance(value, str | list) and not _is_unicode(value):
                checked[name] = _unicode(value)
                mended(name)
        return checked


class ContractBroken(ValueError):
    """A row does not keep its table's contract. Whoever wrote the source's `shape.py` can mend it."""


def _checked(table: Table, column: Column, value: Value) -> Value:
    if value is None:
        if column.null == "never":
            raise ContractBroken(f"{table.name}.{column.name} is never absent, but a row came without it")
        return None
    if column.kind is Kind.REAL and type(value) is int:
        return float(value)
    if type(value) is not _PYTHON[column.kind]:
        raise ContractBroken(f"{table.name}.{column.name} is {column.kind}, but a row brought {type(value).__name__}")
    return _in_utc(table, column, value) if isinstance(value, datetime) else _storable(table, column, value)


def _storable(table: Table, column: Column, value: Value) -> Value:
    if isinstance(value, int) and not -_LARGEST <= value <= _LARGEST:
        raise ContractBroken(f"{table.name}.{column.name} holds 64 bits, but a row brought {value}")
    if isinstance(value, timedelta) and abs(value) > _LONGEST:
        raise ContractBroken(f"{table.name}.{column.name} holds up to {_LONGEST.days} days, but a row brought {value.days}")
    if isinstance(value, list) and not all(type(item) is str for item in value):
        raise ContractBroken(f"{table.name}.{column.name} is a list of text, but a row brought something else in it")
    return value


_LARGEST = 2**63 - 1
_LONGEST = timedelta(days=100_000_000)  # 64 bits of microseconds hold this, and 273,000 years are enough


def _in_utc(table: Table, column: Column, value: datetime) -> datetime:
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ContractBroken(f"{table.name}.{column.name} came without a time zone")
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ContractBroken(f"{table.name}.{column.name}: {value} lies outside the years 1 to 9999 in UTC") from error


def _is_unicode(value: str | list[str]) -> bool:
    if isinstance(value, list):
        return all(map(_is_unicode, value))
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unicode(value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return [item.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for item in value]
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def parse(name: str, text: str) -> Table:
    """Return the table that the contract `text` (TOML) declares under `name`; raises `ContractBroken` with what is wrong."""
    declared = tomllib.loads(text)
    columns = {column: _column(name, column, said) for column, said in declared["columns"].items()}
    key = tuple(declared["key"])
    for part in key:
        if part not in columns or columns[part].null != "never":
            raise ContractBroken(f'table {name}: key column {part!r} must exist and say null = "never"')
    hours = float(declared.get("fresh_for_hours", 26))
    return Table(name, declared["title"], declared["meaning"], key, timedelta(hours=hours), MappingProxyType(columns))


def _column(table: str, name: str, said: Mapping[str, Any]) -> Column:
    known = {"type", "meaning", "null", "personal", "future"}
    try:
        kind = Kind(said["type"])
        meaning = str(said["meaning"])
    except (KeyError, ValueError) as error:
        raise ContractBroken(f"table {table}, column {name}: needs a meaning and a type out of {', '.join(Kind)}") from error
    standards = MappingProxyType({standard: str(word) for standard, word in said.items() if standard not in known})
    null, personal, ahead = (
        str(said.get("null", "unknown")),
        bool(said.get("personal", False)),
        _ahead(table, name, said.get("future", False)),
    )
    return Column(name, kind, meaning, null, personal, standards, ahead)


def _ahead(table: str, name: str, said: object) -> timedelta | None:
    """Read how far a column may lie ahead: `true` without limit, a number of days, or (false, the default) not at all."""
    if isinstance(said, bool):
        return None if said else timedelta(0)
    if isinstance(said, int):
        return timedelta(days=said)
    raise ContractBroken(f"table {table}, column {name}: future is true, false, or a number of days")


@cache
def tables() -> Mapping[str, Table]:
    """Return every shipped table by name, in alphabetical order."""
    return MappingProxyType({path.stem: _shipped(path.stem) for path in sorted(HERE.glob("*.toml"))})


@cache
def _shipped(name: str) -> Table:
    return collected(name, (HERE / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def is_table(name: str) -> bool:
    """Return whether there is a shipped table called `name`."""
    return name.isidentifier() and (HERE / f"{name}.toml").is_file()


def collected(name: str, text: str) -> Table:
    """Return the collected table that `text` declares: as `parse`, but refusing the names that history gives to every row."""
    found = parse(name, text)
    if reserved := [column for column in found.columns if column in RESERVED or column.startswith("_")]:
        raise ContractBroken(f"table {name}: {', '.join(reserved)} is what history says of every row; give the column another name")
    return found


def table(name: str) -> Table:
    """Return the table called `name`; raises `ContractBroken` naming the nearest there is."""
    if not is_table(name):
        raise ContractBroken(f"there is no table {name!r}; there are {', '.join(tables())}")
    return _shipped(name)  # a judging process needs a dozen of them: reading all takes longer than starting Python
