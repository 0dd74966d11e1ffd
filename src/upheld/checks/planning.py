"""How each judgement is come by: what changed of the tables it reads, what time alone can have changed, and whether it falls apart."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

import duckdb

from upheld.checks import lineage, parting, sql
from upheld.checks.crossing import NOW, THEN, Crossing, crossings
from upheld.checks.cutting import cut
from upheld.checks.judge import Prepared
from upheld.checks.keeping import Kept, Round, files, seen
from upheld.checks.measure import Measure
from upheld.checks.shape import Kind
from upheld.evidence.changing import Change, Changed, Key, changed
from upheld.evidence.derived import HISTORY, bases, derived_tables, needed
from upheld.evidence.frame import Frame
from upheld.evidence.table import table

# Where more of a table changed, judging everything costs less than judging that twice.
_PART, _FEW = 0.2, 100
_DAY = timedelta(days=1)
_DAYS = {
    "year": timedelta(days=365.25),
    "month": timedelta(days=30.4375),
    "week": timedelta(weeks=1),
    "day": _DAY,
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}
_SPAN = re.compile(r"INTERVAL '?(-?\d+)'? ([A-Za-z]+)")


class Way(Enum):
    """How a measure's tally is come by."""

    TAKEN_OVER = "taken over"
    BY_ROWS = "by rows"
    BY_STEPS = "by steps"
    BY_KEPT_STEPS = "by kept steps"
    BY_GROUPS = "by groups"
    WHOLE = "whole"


@dataclass(frozen=True)
class Plan:
    """The `way` of one judgement; the `changes` it is to be judged on, and by steps, the relations that must be the same.

    By kept steps, and by groups of such, `edges` are the names of the tables that these are kept as.

    `light` says that this goes as well where derived tables that fall apart hold the rows of these keys alone.
    """

    way: Way
    changes: tuple[Change, ...] = ()
    edges: tuple[str, ...] = ()
    light: bool = False


WHOLE, TAKEN_OVER = Plan(Way.WHOLE), Plan(Way.TAKEN_OVER)


@dataclass(frozen=True)
class Asked:
    """What time can change for one judgement, by collected table: conditions over its rows, with the columns they are over.

    `always` says that time changes it, whatever the rows.
    """

    conditions: Mapping[str, tuple[Crossing, ...]]
    always: bool = False


class Planning:
    """Plans for a round at `frame`, after what is `kept`."""

    def __init__(self, frame: Frame, kept: Round) -> None:
        self._frame = frame
        self._kept = kept
        self._seen = seen(frame)
        self._files = files(frame)
        self._connection = duckdb.connect(config={"threads": 1})
        self._clocks: dict[str, datetime] = {}
        self._changed: dict[str, Changed] = {}

    def plans(self, named: Mapping[str, Prepared], known: Mapping[str, Kept]) -> dict[str, Plan]:
        """Return the plan of each judgement, of which a tally is `known`; to be asked once. Raises `Damaged`."""
        with self._connection:
            return self._plans(named, known)

    def _plans(self, named: Mapping[str, Prepared], known: Mapping[str, Kept]) -> dict[str, Plan]:
        if self._kept.as_of > self._frame.as_of:
            return dict.fromkeys(named, WHOLE)
        sound = {name: each for name, each in named.items() if not known[name].tally.error and self._goes_on(each.measure)}
        asked = self._asked(sound)
        self._look(sound, asked)
        return {name: self._plan(named[name], asked[name], known[name].steps) if name in sound else WHOLE for name in named}

    def _goes_on(self, measure: Measure) -> bool:
        """Whether the history of every table is as it was, with nothing but later changes added."""
        return all(self._continues(name) for name in bases(measure.tables))

    def _continues(self, name: str) -> bool:
        was, is_ = dict(self._kept.seen.get(name, ())), dict(self._seen.get(name, ()))
        known = set(self._kept.files.get(name, ()))
        if was.keys() != is_.keys() or any(is_[source] < at for source, at in was.items()) or not known <= set(self._files.get(name, ())):
            return False
        later = [file for file in self._frame.files.get(name, ()) if f"{file.path.name} {file.digest}" not in known]
        return all(file.source in was and file.since > was[file.source] for file in later)

    def _asked(self, named: Mapping[str, Prepared]) -> dict[str, Asked]:
        """What time can change for each judgement."""
        if self._kept.as_of == self._frame.as_of:
            return dict.fromkeys(named, Asked({}))
        told = {name: crossings(each.measure) for name, each in named.items()}
        filled = {name: [self._filled(each, named[name]) for each in found] for name, found in told.items() if found is not None}
        self._clocks = _instants(self._connection, {at for each in filled.values() for one in each for at in (one.now, one.then)})
        return {name: self._asks(filled[name]) if name in filled else Asked({}, always=True) for name in named}

    def _filled(self, crossing: Crossing, ready: Prepared) -> Crossing:
        values = {**ready.parameters.values(ready.measure), NOW: self._frame.as_of, THEN: self._kept.as_of}
        now, then, otherwise, core = (sql.filled(each, values) for each in (crossing.now, crossing.then, crossing.otherwise, crossing.core))
        return Crossing(
            crossing.table, now, then, otherwise, core, tuple((sign, sql.filled(span, values)) for sign, span in crossing.shifts)
        )

    def _asks(self, filled: list[Crossing]) -> Asked:
        moved = [each for each in filled if self._clocks[each.now] != self._clocks[each.then]]
        found: dict[str, tuple[Crossing, ...]] = {}
        for crossing in moved:
            found[crossing.table] = (*found.get(crossing.table, ()), crossing)
        always = _any(self._connection, [each.otherwise for each in found.pop("", ())])
        return Asked(found, always)

    def _wider(self, crossings: Iterable[Crossing]) -> dict[str, str]:
        """Each condition with a wider one: those of all judgements on one core as few ranges of it."""
        spans: dict[str, list[tuple[datetime, datetime]]] = {}
        cores: dict[str, str] = {}
        for each in crossings:
            ends = _range(each, self._clocks)
            cores[each.otherwise] = each.core if ends else ""
            if ends:
                spans.setdefault(each.core, []).append(ends)
        ranges = {core: _said(core, _merged(each)) for core, each in spans.items()}
        return {condition: ranges.get(core, condition) for condition, core in cores.items()}

    def _look(self, named: Mapping[str, Prepared], asked: Mapping[str, Asked]) -> None:
        """Find out what changed of each table that any of `named` reads."""
        conditions: dict[str, list[Crossing]] = {}
        for name, wanted in ((name, wanted) for each in asked.values() for name, wanted in each.conditions.items()):
            conditions.setdefault(name, []).extend(wanted)
        columns: dict[str, set[str]] = {}
        for measure in {each.measure for each in named.values()}:
            for name in bases(measure.tables):
                columns.setdefault(name, set()).update(_reads(measure, name))
        for name, chosen in columns.items():
            since = dict(self._kept.seen.get(name, ()))
            wider = self._wider(conditions.get(name, ()))
            self._changed[name] = changed(self._connection, self._frame, name, since, chosen, wider)

    def _plan(self, ready: Prepared, asked: Asked, kept: Collection[str]) -> Plan:
        if asked.always:
            return WHOLE
        touched = {name: keys for name in bases(ready.measure.tables) if (keys := self._touched(ready.measure, name, asked))}
        if not touched:
            return TAKEN_OVER
        if len(touched) > 1:
            return WHOLE
        ((name, keys),) = touched.items()
        found = self._changed[name]
        change = Change(name, self._kept.seen[name], tuple(keys), None if found.turned_over else found.columns)
        if len(keys) > max(_FEW, _PART * sum(each.rows for each in self._frame.filled[name])):
            return WHOLE
        shape, lightly = parting.shape(ready.measure, name), parting.shape(ready.measure, name, light=True)
        light = (shape.kind, shape.edges) == (lightly.kind, lightly.edges)
        if shape.kind in (Kind.PARTED, Kind.MIXED):
            return Plan(Way.BY_ROWS, (change,), light=light)
        edges, crossed = self._edges(ready.measure, name, shape.edges), self._crossed(name, asked)
        if (crossed or self._altered(ready.measure, name)) and (steps := self._kept_steps(ready.measure, name, kept)):
            parts = cut(ready.measure, name)
            return Plan(Way.BY_GROUPS if parts and parts.groups and not crossed else Way.BY_KEPT_STEPS, (change,), steps, light)
        return Plan(Way.BY_STEPS, (change,), edges, light) if edges and not crossed else WHOLE

    def _altered(self, measure: Measure, name: str) -> bool:
        """Whether a column changed that `measure` reads, and not only the past of one: then its steps hardly come to the same."""
        return self._moved(name, (_reads(measure, name) | _reads_of_past(measure, name)) - {HISTORY, "seen_from_at"})

    def _kept_steps(self, measure: Measure, name: str, kept: Collection[str]) -> tuple[str, ...]:
        """The steps by which alone `measure` hangs on the table `name`, if all are among those `kept`."""
        found = cut(measure, name)
        there = found is not None and all(each in kept and each in self._kept.steps for each in found.steps)
        return tuple(found.steps) if found and there else ()

    def _edges(self, measure: Measure, name: str, edges: frozenset[str] | None) -> tuple[str, ...]:
        """Those of `edges` that what changed of the table `name` can have changed."""
        steps = parting.steps(measure)
        moved = [each for each in sorted(edges or ()) if each in steps or self._moved(name, _read_by(each, measure, name))]
        inner = [(each, parting.inner(each, name) if each in derived_tables() and each not in steps else ()) for each in moved]
        return tuple(found for each, parts in inner for found in ([f"{each}.{part}" for part in parts] or [each]))

    def _touched(self, measure: Measure, name: str, asked: Asked) -> frozenset[Key]:
        """The keys of the table `name` whose rows can have changed an outcome of `measure`, if any can."""
        crossed = self._crossed(name, asked)
        moved = self._moved(name, _reads(measure, name))
        return crossed | self._changed[name].keys if moved else crossed

    def _crossed(self, name: str, asked: Asked) -> frozenset[Key]:
        met = self._changed[name].met
        return frozenset().union(*(met[each.otherwise] for each in asked.conditions.get(name, ())))

    def _moved(self, name: str, columns: frozenset[str]) -> bool:
        found = self._changed[name]
        return found.turned_over or bool(found.keys and (HISTORY in columns or columns & found.columns))


def _reads(measure: Measure, name: str) -> frozenset[str]:
    """The columns of the collected table `name` that `measure` reads, itself or by derived tables; `HISTORY` among them for its past."""
    found = lineage.columns(measure)
    return found.get(name, frozenset()) | (frozenset([HISTORY]) if HISTORY + name in found else frozenset())


def _read_by(relation: str, measure: Measure, name: str) -> frozenset[str]:
    """The columns of `name` that the `relation` which `measure` reads is made of: itself, or a derived table."""
    if relation in derived_tables():
        found = needed([relation])
        direct = {column for each in found for part, columns in each.inputs.items() if part == name for column in columns}
        return frozenset(direct | ({HISTORY} if any(HISTORY + name in each.inputs for each in found) else set()))
    if relation.removeprefix(HISTORY) != name:
        return frozenset()
    return lineage.columns(measure)[name] if relation == name else frozenset([HISTORY])


def _reads_of_past(measure: Measure, name: str) -> frozenset[str]:
    """The columns of rows of the collected table `name` that `measure` reads through time, itself or by derived tables."""
    past = HISTORY + name
    found = {column for each in needed(measure.tables) for column in each.inputs.get(past, ())}
    return frozenset(found | (measure.columns & {*table(name).columns} if past in measure.reads else set()))


def _instants(connection: duckdb.DuckDBPyConnection, clocks: set[str]) -> dict[str, datetime]:
    """The instants of `clocks`, which are SQL; a day is when it begins."""
    listed = sorted(clocks)
    found = _values(connection, [f"CAST(({each}) AS TIMESTAMP)" for each in listed])
    return {clock: at for clock, at in zip(listed, found, strict=True) if isinstance(at, datetime)}


def _range(crossing: Crossing, clocks: Mapping[str, datetime]) -> tuple[datetime, datetime] | None:
    """Between which instants the core of `crossing` lies wherever it is met; None where that is not told."""
    begin, end = clocks[crossing.then], clocks[crossing.now]
    for sign, span in crossing.shifts:
        found = _SPAN.fullmatch(span)
        if found is None:
            return None
        amount, unit = int(found[1]) * (-1 if sign == "+" else 1), found[2].lower().removesuffix("s")
        if unit not in _DAYS:
            return None
        days = _DAYS[unit] * amount
        # A month has 28 to 31 days; so many of them together differ from so many times 30.4375 by less than four days.
        slack = _DAY * (4 if unit in ("month", "year") else 0)
        begin, end = begin + days - slack, end + days + slack
    return begin, end


def _merged(ranges: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """`ranges` in order, those within a day of one another as one: rows between are few, and looked at closely anyway."""
    merged: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(ranges):
        if merged and begin <= merged[-1][1] + _DAY:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return merged


def _said(core: str, ranges: Iterable[tuple[datetime, datetime]]) -> str:
    return " OR ".join(f"({core}) BETWEEN TIMESTAMP '{begin}' AND TIMESTAMP '{end}'" for begin, end in ranges)


def _any(connection: duckdb.DuckDBPyConnection, conditions: list[str]) -> bool:
    return any(value is not False for value in _values(connection, conditions))


def _values(connection: duckdb.DuckDBPyConnection, asked: list[str]) -> list[object]:
    if not asked:
        return []
    found = connection.execute(f"SELECT {', '.join(asked)}").fetchone()
    return list(found or ())
