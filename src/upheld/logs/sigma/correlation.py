"""Correlations: so many events, so many values, or several rules within a span of event time, for each group."""

from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

import orjson

from upheld.logs.sigma.values import said

# What is kept is bounded: groups beyond the last so many are forgotten, the longest idle first, and of a group's
# events the oldest, where there are more than this, and than twice as many as the condition counts.
GROUPS, EVENTS = 100_000, 1_000


class Way(StrEnum):
    """What is correlated."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"


@dataclass(frozen=True)
class Correlation:
    """A rule about rules (ids or names in `rules`). Events group by their values of `group_by`, by other names where `aliases` say so.

    `counted` are the fields whose values `value_count` counts. With `generate` its rules also speak for themselves.
    """

    id: str
    name: str
    title: str
    level: str
    author: str
    licence: str
    place: str
    digest: str
    way: Way
    rules: tuple[str, ...]
    seconds: float
    group_by: tuple[str, ...]
    operator: str
    count: float
    counted: tuple[str, ...]
    aliases: Mapping[str, Mapping[str, str]]
    generate: bool


class Named(Protocol):
    """A rule or correlation that met."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name, if it has one."""


@dataclass(frozen=True)
class Correlated:
    """A correlation that came true for `group`: how much there was, and from when to when (seconds since 1970)."""

    correlation: Correlation
    group: tuple[tuple[str, str], ...]
    amount: int
    first_at: float
    last_at: float


_Event: TypeAlias = "tuple[float, int, str]"


@dataclass
class _Window:
    """What lies within a span: how many events, and how many of each rule and of each counted value."""

    size: int = 0
    places: Counter[int] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)

    def add(self, event: _Event) -> None:
        """Let `event` come in."""
        _, place, value = event
        self.size += 1
        self.places[place] += 1
        if value:
            self.values[value] += 1

    def drop(self, event: _Event) -> None:
        """Let `event` go out."""
        _, place, value = event
        self.size -= 1
        _less(self.places, place)
        if value:
            _less(self.values, value)

    def amount(self, correlation: Correlation, events: Sequence[_Event], start: int, end: int) -> int | None:
        """What is counted in it, where it holds `events` from `start` to before `end`; of ordered ones None where not all rules met."""
        if correlation.way is Way.EVENT_COUNT:
            return self.size
        if correlation.way is Way.VALUE_COUNT:
            return len(self.values)
        reached = len(self.places)
        if correlation.way is Way.TEMPORAL:
            return reached
        if reached < len(correlation.rules):
            return None
        reached = 0
        for at in range(start, end):
            reached += events[at][1] == reached
            if reached == len(correlation.rules):
                return reached
        return None


def _less(counter: Counter[Any], key: Any) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]


@dataclass
class _Group:
    """What is kept of a group: its events in order of time as (when, which rule, counted value), and whether it was told.

    `window` is what lies within the span that ends with the newest, from the event at `start` on.
    """

    events: list[_Event] = field(default_factory=list)
    told: bool = False
    window: _Window = field(default_factory=_Window)
    start: int = 0

    def take(self, event: _Event, seconds: float, horizon: float, most: int) -> int:
        """Take `event` in its place, and forget what lies before `horizon` or is too much; return how much of the latter there was."""
        if not self.events or event >= self.events[-1]:
            self.events.append(event)
            self.window.add(event)
        else:
            place = bisect_left(self.events, event)
            self.events.insert(place, event)
            if place >= self.start and event[0] >= self.events[-1][0] - seconds:
                self.window.add(event)
            else:
                self.start += 1
        while self.events[self.start][0] < self.events[-1][0] - seconds:
            self.window.drop(self.events[self.start])
            self.start += 1
        old = bisect_left(self.events, (horizon,))
        gone = max(old, len(self.events) - most)
        if gone > 0 and (gone > 64 or gone > old):
            for each in self.events[self.start : gone]:
                self.window.drop(each)
            del self.events[:gone]
            self.start = max(0, self.start - gone)
        return max(0, gone - old)


_Groups: TypeAlias = "OrderedDict[tuple[str, ...], _Group]"


class Correlator:
    """Takes what rules met, in any order of time within `late_seconds`, and says when a correlation comes true.

    A group is told once; again only after its window no longer met. `forgotten` counts what the bounds made it forget.
    """

    def __init__(self, correlations: list[Correlation], late_seconds: float = 300.0) -> None:
        """Begin with nothing seen."""
        self._late = late_seconds
        self._newest = 0.0
        self.forgotten = 0
        self._by_rule: dict[str, list[tuple[Correlation, int, _Groups]]] = {}
        for each in correlations:
            groups: _Groups = OrderedDict()
            for place, name in enumerate(each.rules):
                self._by_rule.setdefault(name, []).append((each, place, groups))

    def add(self, rule: Named, event: Mapping[str, Any], at: float) -> Iterator[Correlated]:
        """Take that `rule` met `event` at the instant `at`; yield each correlation that this makes true, those of correlations too."""
        self._newest = max(self._newest, at)
        for name in {rule.id, rule.name} - {""}:
            for correlation, place, groups in self._by_rule.get(name, ()):
                found = self._took(correlation, place, groups, name, event, at)
                if found is not None:
                    yield found
                    yield from self.add(correlation, {**event, **dict(found.group)}, at)

    def _took(
        self, correlation: Correlation, place: int, groups: _Groups, name: str, event: Mapping[str, Any], at: float
    ) -> Correlated | None:
        key = tuple(_said(event, correlation, each, name) for each in correlation.group_by)
        if "" in key:
            return None  # an event that lacks a field of the group belongs to none
        group = self._group(correlation, groups, key)
        values = [_said(event, correlation, each, name) for each in correlation.counted]
        taken = (at, place, "\x1f".join(values) if any(values) else "")
        newest = max(self._newest - self._late, group.events[-1][0] if group.events else at)
        self.forgotten += group.take(taken, correlation.seconds, newest - correlation.seconds, max(EVENTS, int(2 * correlation.count)))
        found = _met(correlation, group, at)
        if found is None or group.told:
            group.told = found is not None
            return None
        group.told = True
        amount, window = found
        return Correlated(correlation, tuple(zip(correlation.group_by, key, strict=True)), amount, window[0][0], window[-1][0])

    def _group(self, correlation: Correlation, groups: _Groups, key: tuple[str, ...]) -> _Group:
        if key not in groups and len(groups) >= GROUPS:
            _, oldest = groups.popitem(last=False)
            self.forgotten += bool(oldest.events and oldest.events[-1][0] >= self._newest - correlation.seconds)
        group = groups.setdefault(key, _Group())
        groups.move_to_end(key)
        return group


def _said(event: Mapping[str, Any], correlation: Correlation, name: str, rule: str) -> str:
    return text(event.get(correlation.aliases.get(name, {}).get(rule, name)))


def text(value: object) -> str:
    """Return `value` as correlations compare it; "" where there is none."""
    if value.__class__ is str:
        return str(value)
    if isinstance(value, list | tuple):
        return orjson.dumps(value, default=str).decode() if value else ""
    return "" if value is None else said(value)


def _met(correlation: Correlation, group: _Group, at: float) -> tuple[int, Sequence[_Event]] | None:
    """The first window with the event of `at` in it that meets the condition, and its amount: one that came late has others after it.

    Where the group was told and its newest window still meets, nobody asks for others: an attack that goes on costs little.
    """
    newest = at == group.events[-1][0]
    if newest or group.told:
        found = _enough(correlation, group.window, group.events, group.start, len(group.events))
        if found is not None or newest:
            return found
    return _met_late(correlation, group.events, at)


def _met_late(correlation: Correlation, events: Sequence[_Event], at: float) -> tuple[int, Sequence[_Event]] | None:
    start = bisect_left(events, (at - correlation.seconds,))
    window, end = _Window(), start
    while end < len(events) and events[end][0] <= at + correlation.seconds:
        last = events[end][0]
        while end < len(events) and events[end][0] == last:
            window.add(events[end])
            end += 1
        while events[start][0] < last - correlation.seconds:
            window.drop(events[start])
            start += 1
        found = _enough(correlation, window, events, start, end) if last >= at else None
        if found is not None:
            return found
    return None


def _enough(
    correlation: Correlation, window: _Window, events: Sequence[_Event], start: int, end: int
) -> tuple[int, Sequence[_Event]] | None:
    """What `window` counts, with its events from `start` to before `end`, where that meets the condition."""
    amount = window.amount(correlation, events, start, end)
    return (amount, events[start:end]) if amount is not None and _compares(correlation, amount) else None


def _compares(correlation: Correlation, amount: float) -> bool:
    limit = correlation.count
    return {
        "lt": amount < limit,
        "lte": amount <= limit,
        "gt": amount > limit,
        "gte": amount >= limit,
        "eq": amount == limit,
        "neq": amount != limit,
    }[correlation.operator]
