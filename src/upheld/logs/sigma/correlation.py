"""Correlations: so many events, so many values, or several rules within a span of event time, for each group."""

from bisect import insort
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

# What is kept is bounded: groups beyond the last so many are forgotten, the longest idle first, and of a group's events the oldest.
GROUPS, EVENTS = 100_000, 10_000


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
class _Group:
    """What is kept of a group: its events in order of time as (when, which rule, counted value), and whether it was told."""

    events: list[_Event] = field(default_factory=list)
    told: bool = False


class Correlator:
    """Takes what rules met, in any order of time within `late_seconds`, and says when a correlation comes true.

    A group is told once; again only after its window no longer met. `forgotten` counts what the bounds made it forget.
    """

    def __init__(self, correlations: list[Correlation], late_seconds: float = 300.0) -> None:
        """Begin with nothing seen."""
        self._late = late_seconds
        self._newest = 0.0
        self.forgotten = 0
        self._groups: dict[str, OrderedDict[tuple[str, ...], _Group]] = {each.id: OrderedDict() for each in correlations}
        self._by_rule: dict[str, list[tuple[Correlation, int]]] = {}
        for each in correlations:
            for place, name in enumerate(each.rules):
                self._by_rule.setdefault(name, []).append((each, place))

    def add(self, rule: Named, event: Mapping[str, Any], at: float) -> Iterator[Correlated]:
        """Take that `rule` met `event` at the instant `at`; yield each correlation that this makes true, those of correlations too."""
        self._newest = max(self._newest, at)
        for name in {rule.id, rule.name} - {""}:
            for correlation, place in self._by_rule.get(name, ()):
                found = self._took(correlation, place, name, event, at)
                if found is not None:
                    yield found
                    yield from self.add(correlation, {**event, **dict(found.group)}, at)

    def _took(self, correlation: Correlation, place: int, name: str, event: Mapping[str, Any], at: float) -> Correlated | None:
        key = tuple(_said(event, correlation, each, name) for each in correlation.group_by)
        if "" in key:
            return None  # an event that lacks a field of the group belongs to none
        group = self._group(correlation, key)
        insort(group.events, (at, place, "\x1f".join(_said(event, correlation, each, name) for each in correlation.counted)))
        horizon = max(self._newest - self._late, group.events[-1][0]) - correlation.seconds
        while group.events[0][0] < horizon or len(group.events) > EVENTS:
            self.forgotten += group.events[0][0] >= horizon
            del group.events[0]
        found = _met(correlation, group.events, at)
        if found is None or group.told:
            group.told = found is not None
            return None
        group.told = True
        amount, window = found
        return Correlated(correlation, tuple(zip(correlation.group_by, key, strict=True)), amount, window[0][0], window[-1][0])

    def _group(self, correlation: Correlation, key: tuple[str, ...]) -> _Group:
        groups = self._groups[correlation.id]
        if key not in groups and len(groups) >= GROUPS:
            _, oldest = groups.popitem(last=False)
            self.forgotten += bool(oldest.events and oldest.events[-1][0] >= self._newest - correlation.seconds)
        group = groups.setdefault(key, _Group())
        groups.move_to_end(key)
        return group


def _said(event: Mapping[str, Any], correlation: Correlation, name: str, rule: str) -> str:
    value = event.get(correlation.aliases.get(name, {}).get(rule, name))
    return "" if value is None else str(value)


def _met(correlation: Correlation, events: list[_Event], at: float) -> tuple[int, list[_Event]] | None:
    """The first window with the event of `at` in it that meets the condition, and its amount: one that came late has others after it."""
    for end in dict.fromkeys(each[0] for each in events if at <= each[0] <= at + correlation.seconds):
        window = [each for each in events if end - correlation.seconds <= each[0] <= end]
        amount = _amount(correlation, window)
        if amount is not None and _compares(correlation.operator, amount, correlation.count):
            return amount, window
    return None


def _amount(correlation: Correlation, window: list[_Event]) -> int | None:
    """What is counted in `window`; of temporal ones how many rules met (in order), None where not all did."""
    if correlation.way is Way.EVENT_COUNT:
        return len(window)
    if correlation.way is Way.VALUE_COUNT:
        return len({value for _, _, value in window} - {""})
    if correlation.way is Way.TEMPORAL:
        return len({place for _, place, _ in window})
    reached = 0
    for _, place, _ in window:
        reached += place == reached
    return reached if reached == len(correlation.rules) else None


def _compares(operator: str, amount: float, limit: float) -> bool:
    return {
        "lt": amount < limit,
        "lte": amount <= limit,
        "gt": amount > limit,
        "gte": amount >= limit,
        "eq": amount == limit,
        "neq": amount != limit,
    }[operator]
