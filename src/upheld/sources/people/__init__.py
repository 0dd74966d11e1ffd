"""Lists that people keep as CSV or XLSX: the HR list (kind `people`), and any table by its contract (kind `list`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.evidence.table import Table, table, tables
from upheld.sources.ageing import MAX_AGE, limit, outdated
from upheld.sources.people import get
from upheld.sources.people.mapping import DERIVED, Mapped, mapped, saved
from upheld.sources.people.shape import lines, named, shaped
from upheld.sources.people.sheet import Sheet
from upheld.sources.people.values import Habits
from upheld.sources.source import Misconfigured, Setting, SourceError

TRIED_LINES = 100  # that a test of the source reads
DATES = {"": None, "day-first": True, "month-first": False}
READING = (
    Setting("file", "path of the list, CSV or XLSX"),
    Setting("mapping", 'JSON {"column of the table": "header of the list"} or a TOML file; guessed from the headers when empty', ""),
    Setting("sheet", "name of the sheet in an XLSX file; the first when empty", ""),
    Setting("encoding", "encoding of a CSV file; found out when empty", ""),
    Setting("delimiter", "delimiter of a CSV file; found out when empty", ""),
    Setting("dates", "day-first or month-first for days such as 03/04/2026; refused as ambiguous when empty", ""),
    Setting("zone", "time zone of instants written without one", "UTC"),
    MAX_AGE,
)
LEAST_RIGHTS = "Read on the file (for its system user, mode 0640 is enough); nothing is ever written to it."


@dataclass(frozen=True)
class ListSource:
    """One list in one file. Filled table: `table` only."""

    path: Path
    table: Table
    reading: get.Reading
    mapping: str
    habits: Habits
    max_age: timedelta | None = None

    @property
    def tables(self) -> Sequence[str]:
        """The one table that this list fills."""
        return (self.table.name,)

    def test(self) -> str:
        """Return what the list holds, how its columns are read, and which of its first lines cannot be; raises `SourceError`."""
        sheet, places = self._opened()
        first = replace(sheet, lines=sheet.lines[:TRIED_LINES])
        tried = shaped(first, self.table, places, self.habits, clock.now())
        wrong = [*named(tried.errors), *named(tried.ahead), *self._short(sheet, clock.now())]
        how = "guessed from its headers" if places.guessed else "mapped"
        read = ", ".join(f"{column} from {sheet.header[place]!r}" for column, place in places.places.items())
        said = [f"{self.path.name} has {lines(len(sheet.lines))} for {self.table.name}; {how}: {read}", *_derivations(self.table, places)]
        if places.unused:
            said.append(f"left unread: {', '.join(map(repr, places.unused))}")
        if wrong:
            said.append(f"of the first {lines(len(first.lines))}, not all can be read: " + "; ".join(wrong))
        if wrong and not tried.rows:
            raise SourceError("\n".join(said), permanent=True)
        return "\n".join(said)

    def collect(self, into: Collecting) -> None:
        """Read the list into its table. A line that cannot be read is named and cuts the table short; raises `SourceError`."""
        sheet, places = self._opened()
        found = shaped(sheet, self.table, places, self.habits, into.seen_at)
        into.rows(self.table.name, found.rows)
        for reason in named(found.errors) + self._short(sheet, into.seen_at):
            into.cut_short(self.table.name, reason)
        for column in self.table.columns:
            if column not in places.places and (self.table.name, column) not in DERIVED:
                into.unsupported(self.table.name, column, f"the list {self.path.name} has no such column")
        for sentence in [*sheet.notes, *_remarks(sheet, places), *_derivations(self.table, places), *named(found.ahead), *found.notes]:
            into.note(sentence)

    def _short(self, sheet: Sheet, seen_at: datetime) -> list[str]:
        """Why the list does not say all, or not of the present."""
        old = outdated(sheet.changed, seen_at, self.max_age)
        return [said for said in (sheet.cut_short or "", old and f"{self.path.name}: {old}") if said]

    def _opened(self) -> tuple[Sheet, Mapped]:
        saying = saved(self.mapping, self.path)
        sheet = get.sheet(self.path, self.reading)
        return sheet, mapped(sheet.header, self.table, saying)


def _derivations(contract: Table, places: Mapped) -> list[str]:
    """Return a sentence for each column that the list lacks and that is made from another one."""
    return [
        f"{column} is made from {origin} (NFKC, without case), since the list has no such column"
        for (table_name, column), origin in DERIVED.items()
        if table_name == contract.name and column not in places.places and origin in places.places
    ]


def _remarks(sheet: Sheet, places: Mapped) -> list[str]:
    remarks = []
    if places.guessed:
        guess = ", ".join(f"{column} = {sheet.header[place]!r}" for column, place in places.places.items())
        remarks.append(f"no mapping is saved; the columns were guessed from the headers: {guess}")
    if places.unused:
        remarks.append(f"columns of the list that are not read: {', '.join(map(repr, places.unused))}")
    return remarks


def _connected(settings: Mapping[str, str], contract: Table) -> ListSource:
    if settings["dates"] not in DATES:
        raise Misconfigured(f"dates is {settings['dates']!r}; it can be day-first or month-first")
    if len(settings["delimiter"]) > 1:
        raise Misconfigured(f"delimiter is {settings['delimiter']!r}; it is one character")
    try:
        zone = UTC if settings["zone"] == "UTC" else ZoneInfo(settings["zone"])
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Misconfigured(f"there is no time zone {settings['zone']!r}; give one such as Europe/Berlin") from error
    reading = get.Reading(settings["sheet"], settings["encoding"], settings["delimiter"])
    habits = Habits(DATES[settings["dates"]], zone)
    return ListSource(Path(settings["file"]).expanduser(), contract, reading, settings["mapping"], habits, limit(settings["max_age"]))


class PeopleKind:
    """The HR list."""

    name: ClassVar[str] = "people"
    title: ClassVar[str] = "HR list (CSV, XLSX)"
    tables: ClassVar[Sequence[str]] = ("people",)
    settings: ClassVar[Sequence[Setting]] = READING
    least_rights: ClassVar[str] = LEAST_RIGHTS
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> ListSource:
        """Return the HR list that `settings` names; raises `Misconfigured`."""
        return _connected(settings, table("people"))


class ListKind:
    """Any table as a list. Its connections fill one table only: `tables` of the connection says which."""

    name: ClassVar[str] = "list"
    title: ClassVar[str] = "Any list (CSV, XLSX)"
    tables: ClassVar[Sequence[str]] = tuple(tables())
    settings: ClassVar[Sequence[Setting]] = (
        Setting("table", "the table that the list fills: devices, systems, registered_keys ..."),
        *READING,
    )
    least_rights: ClassVar[str] = LEAST_RIGHTS
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> ListSource:
        """Return the list that `settings` names; raises `Misconfigured`."""
        if settings["table"] not in tables():
            raise Misconfigured(f"there is no table {settings['table']!r}; there are {', '.join(tables())}")
        return _connected(settings, table(settings["table"]))


PEOPLE = PeopleKind()
LIST = ListKind()
