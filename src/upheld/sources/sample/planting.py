"""What a planted fault is, and how it is planted: as edits of a company in which nothing is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.evidence.table import Row, Value, table
from upheld.sources.sample.calendar import Calendar

Key = tuple[Value, ...]
Tables = dict[str, dict[Key, dict[str, Value]]]


@dataclass(frozen=True)
class Ago:
    """The instant so many days before the first collection."""

    days: float


@dataclass(frozen=True)
class Day:
    """The day so many days before the first collection."""

    days: float


@dataclass(frozen=True)
class Recurring:
    """The last time of something that happens every `every` days, `age` days before the first collection."""

    age: float
    every: float


@dataclass(frozen=True)
class Copy:
    """What another row says in a column."""

    table: str
    key: Key
    column: str


Written = Value | Ago | Day | Recurring | Copy


@dataclass(frozen=True)
class Edit:
    """Columns of one row that say something else; a row that is not there is added, having only those."""

    table: str
    key: Key
    columns: Mapping[str, Written]


@dataclass(frozen=True)
class Drop:
    """Rows of a table that are not there: those of `system_id` whose `column` is after `after`."""

    table: str
    system_id: str
    column: str
    after: Ago


@dataclass(frozen=True)
class Fault:
    """Something wrong at the sample company: `wrong` says what, `breaks` which subjects of which measures it must fail.

    `soon` are subjects that still pass and will fail within a week, `blurs` the measures that cannot be proven because of it.
    """

    wrong: str
    breaks: Sequence[tuple[str, str]]
    edits: Sequence[Edit | Drop]
    soon: Sequence[tuple[str, str]] = ()
    blurs: Sequence[str] = ()


@dataclass(frozen=True)
class Unseen:
    """A column (None: the rest of the table) that the sample's systems do not tell, why, and the measure that cannot be proven so."""

    table: str
    column: str | None
    why: str
    measure: str


def plant(edit: Edit | Drop, tables: Tables, calendar: Calendar) -> None:
    """Make `edit` in `tables`."""
    rows = tables[edit.table]
    if isinstance(edit, Drop):
        since = calendar.ago(edit.after.days)
        for key in [key for key, row in rows.items() if row["system_id"] == edit.system_id and _is_after(row[edit.column], since)]:
            del rows[key]
        return
    row = rows.setdefault(edit.key, dict(zip(table(edit.table).key, edit.key, strict=True)))
    row |= {name: _resolved(value, tables, calendar) for name, value in edit.columns.items()}


def _is_after(value: Value, since: datetime) -> bool:
    return isinstance(value, datetime) and value > since


def _resolved(written: Written, tables: Tables, calendar: Calendar) -> Value:
    match written:
        case Ago(days):
            return calendar.ago(days)
        case Day(days):
            return calendar.day(days)
        case Recurring(age, every):
            return calendar.latest(age, every)
        case Copy(name, key, column):
            return tables[name][key][column]
    return written


def by_key(name: str, rows: Sequence[Row]) -> dict[Key, dict[str, Value]]:
    """Return `rows` of table `name` by key, as something that edits can change."""
    key = table(name).key
    return {tuple(row[part] for part in key): dict(row) for row in rows}
