"""Lines of a file into a register, through the actions that people use: first as a preview, then for good, all or none."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

import orjson
from django.db import transaction

from upheld.accounts.person import Person
from upheld.actions.acting import check_first
from upheld.actions.asking import ask, read
from upheld.actions.declaring import Action
from upheld.actions.errors import Ill, Refused, ill
from upheld.actions.kinds import ListOf
from upheld.actions.models import Record
from upheld.actions.together import Together, together
from upheld.registers.exchange.columns import WRONG, Columns
from upheld.registers.exchange.leaving import NUMBER, in_cell
from upheld.registers.exchange.sheets import as_typed
from upheld.registers.exchange.ways import Way
from upheld.registers.staff import held as staff_held
from upheld.sources.people.sheet import Line, Sheet

MOST_LINES = 100_000
TOGETHER = 500
Tell = Callable[[int, int], None]


class What(StrEnum):
    """What comes of a line."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "the same"
    WRONG = "wrong"


@dataclass(frozen=True)
class Brought:
    """What came of one line, or would: `told` are the fields that change, or what is wrong."""

    line: Line
    what: What
    record: str = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came of a file, or would. `kept` says whether anything of it is there now."""

    brought: tuple[Brought, ...]
    kept: bool

    @property
    def counts(self) -> Mapping[What, int]:
        """How many lines there are of each kind."""
        found = Counter(each.what for each in self.brought)
        return {what: found[what] for what in What}

    @property
    def wrong(self) -> tuple[Brought, ...]:
        """The lines that cannot be brought."""
        return tuple(each for each in self.brought if each.what is What.WRONG)


def bring(
    sheet: Sheet, way: Way, columns: Columns, *, by: Person, keep: bool, partly: bool = False, tell: Tell = lambda done, of: None
) -> Outcome:
    """Bring the lines of `sheet` into the register of `way`, as `by`; without `keep`, see what would come of it, and leave no trace.

    Where one line is wrong none is kept, unless the right ones are wanted (`partly`). The same lines again change nothing.
    Raises `NotAllowed` where `by` may not do this at all, and `Ill` for a file that does not end where it should, or has too much.
    """
    if sheet.cut_short:
        raise Ill({"": (sheet.cut_short,)})
    if len(sheet.lines) > MOST_LINES:
        raise Ill({"": (f"The file has {len(sheet.lines):,} lines; bring at most {MOST_LINES:,} at once.",)})
    if way.make is not None:
        check_first(way.make, by, None)
    bringing = _Bringing(way, columns, by)
    with transaction.atomic(), staff_held(), together() as bringing.together:
        brought = tuple(bringing.each(sheet.lines, tell))
        kept = keep and (partly or all(each.what is not What.WRONG for each in brought))
        if not kept:
            bringing.together.forget()
            transaction.set_rollback(True)
    return Outcome(brought, kept)


def given_back(sheet: Sheet, outcome: Outcome) -> Iterator[list[str]]:
    """Yield a table of the lines that were not kept, each with what is wrong, to be corrected and brought again."""
    keeps = [place for place, head in enumerate(sheet.header) if head != WRONG]
    yield [*(sheet.header[place] for place in keeps), WRONG]
    for each in outcome.brought:
        if each.what is What.WRONG or not outcome.kept:
            cells = [*each.line.cells, *[None] * (len(sheet.header) - len(each.line.cells))]
            yield [*(in_cell(_whole(cells[place])) for place in keeps), " ".join(each.told) if each.what is What.WRONG else ""]


@dataclass(frozen=True)
class _Told:
    """What a line tells: fields by name, the record's number if it gives one, and what makes the same line again the same request."""

    line: Line
    values: Mapping[str, Any]
    number: str
    request: str


class _Bringing:
    """One file on its way into a register."""

    def __init__(self, way: Way, columns: Columns, by: Person) -> None:
        self.way, self.columns, self.by = way, columns, by
        self.parameters = way.parameters
        self.times: Counter[bytes] = Counter()
        self.by_number: dict[int, Record] = {}
        self.by_key: dict[str, Record] = {}
        self.together = Together()

    def each(self, lines: Sequence[Line], tell: Tell) -> Iterator[Brought]:
        """Bring `lines`, many at a time: what is there already is asked for together."""
        done = 0
        for start in range(0, len(lines), TOGETHER):
            told = [self._told(line) for line in lines[start : start + TOGETHER]]
            self._look_up(told)
            for each in told:
                yield self._one(each)
                tell(done := done + 1, len(lines))

    def _told(self, line: Line) -> _Told:
        values = {} if line.wrong else {name: self._cell(line, name) for name in self.columns.places}
        number = values.pop(NUMBER, "")
        said = orjson.dumps([self.way.register.register(), values], option=orjson.OPT_SORT_KEYS)
        self.times[said] += 1  # one that stands twice in a file is two
        return _Told(line, values, number, f"line {self.times[said]} {sha256(said).hexdigest()}")

    def _look_up(self, told: Sequence[_Told]) -> None:
        records, key = self.way.register._default_manager, self.way.key
        self.by_number = records.in_bulk([int(each.number) for each in told if _is_number(each.number)])
        if key:
            names = {each.values[key] for each in told if each.values.get(key)}
            there = {getattr(record, key): record for record in records.filter(**{f"{key}__in": names})}
            self.by_key |= there
            self.together.free = {(self.way.register, name) for name in names - there.keys() if key == "name"}
        self.together.look_up(each.request for each in told)

    def _one(self, told: _Told) -> Brought:
        try:
            if told.line.wrong:
                raise ill(line=told.line.wrong)
            record = self._record(told)
            return self._change(told.line, record, told.values) if record is not None else self._make(told)
        except Refused as error:
            return Brought(told.line, What.WRONG, told=_why(error))

    def _record(self, told: _Told) -> Record | None:
        if not told.number:
            return self.by_key.get(told.values.get(self.way.key, ""))
        found = self.by_number.get(int(told.number)) if _is_number(told.number) else None
        if found is None:
            one = self.way.register._meta.verbose_name
            raise ill(number=f"There is no {one} {told.number}; leave the number out to make a new one.")
        return found

    def _make(self, told: _Told) -> Brought:
        make, key = self.way.make, self.way.key
        if make is None:
            raise ill(number=f"New {self.way.register._meta.verbose_name_plural} cannot be made from a list; give the record's number.")
        if (earlier := self.together.answered.get(told.request)) is not None:
            return Brought(told.line, What.SAME, earlier.record)
        given = {name: value for name, value in told.values.items() if value not in ("", []) and _takes(make, name)}
        done = ask(make, given, by=self.by, key=told.request)
        if key:
            self.by_key[told.values[key]] = done.result
        return Brought(told.line, What.NEW, done.record)

    def _change(self, line: Line, record: Record, told: Mapping[str, Any]) -> Brought:
        change, values = self.way.change, dict(told)
        if change is not None:
            given = {each.name: told.get(each.name, _as_it_is(record, each.name)) for each in change.parameters}
            given = {name: value for name, value in given.items() if value not in ("", [], None)}
            values |= read(change, given)
        differs = [
            name for name in told if name != self.way.key and hasattr(record, name) and not _equal(values[name], getattr(record, name))
        ]
        fixed = [name for name in differs if change is None or not _takes(change, name)]
        if fixed:
            raise ill(**{name: f"It is {in_cell(getattr(record, name)) or 'empty'}, and is not changed from a list." for name in fixed})
        if change is None or not differs:
            return Brought(line, What.SAME, record.reference)
        ask(change, given, by=self.by, number=record.pk)
        return Brought(line, What.CHANGED, record.reference, tuple(differs))

    def _cell(self, line: Line, name: str) -> Any:
        value = line.cells[self.columns.places[name]]
        said = as_typed(value).strip() if isinstance(value, str) else in_cell(_whole(value))
        if name in self.parameters and isinstance(self.parameters[name].kind, ListOf):
            return [part.strip() for part in (said.splitlines() if "\n" in said else said.split(";")) if part.strip()]
        return said


def _is_number(said: str) -> bool:
    return said.isdecimal() and len(said) < 19


def _takes(action: Action[..., Any], name: str) -> bool:
    return any(each.name == name for each in action.parameters)


def _as_it_is(record: Record, name: str) -> Any:
    value = getattr(record, name, None)
    return value if isinstance(value, list | bool) else in_cell(value)


def _equal(told: Any, held: Any) -> bool:
    """Whether what was told is what the record holds; nothing is nothing, however it is written."""
    return told == held or in_cell(told) == in_cell(held)


def _whole(value: Any) -> Any:
    """Spreadsheets hold 3 as 3.0, and a day as its midnight."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if hasattr(value, "hour") and hasattr(value, "year") and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date()
    return value


def _why(error: Refused) -> tuple[str, ...]:
    if isinstance(error, Ill):
        return tuple(f"{name}: {' '.join(said)}" if name else " ".join(said) for name, said in error.fields.items())
    return (str(error),)
