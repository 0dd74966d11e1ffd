"""What becomes of it that a rule met an event: it speaks for itself, or correlations count it, which tell at the end."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from upheld.logs.event import TIMES, when
from upheld.logs.reporting import Ask, micros
from upheld.logs.sigma.correlating import fields, statements
from upheld.logs.sigma.correlation import Correlation, text
from upheld.logs.sigma.rule import Rule, RuleSet
from upheld.logs.sigma.values import getter

# Of a longer value the beginning is kept, and a digest of the whole that tells it apart.
_LONGEST = 1_000
_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Seen:
    """What a rule found: in which line of which file, and when that was, as the line says it (else nothing).

    Of a correlation the line is the one that made it true, and `group` what its events have in common.
    """

    rule: Rule | Correlation
    file: str
    line: int
    time: str | None
    group: tuple[tuple[str, str], ...] = ()


class Met(NamedTuple):
    """That a rule met an event that correlations count: as `correlating` has it, with the event's `values` of the fields they ask for."""

    rule: int
    met_at: int
    file: str
    line: int
    step: int
    values: tuple[str | None, ...]


class Meeting:
    """Tells of the rules of `ruleset` which speak for themselves when they meet, and which are counted. `undated` could not be: no time."""

    def __init__(self, ruleset: RuleSet) -> None:
        """Look at what correlations name."""
        self._rules = ruleset.rules
        counted = {name for each in ruleset.correlations for name in each.rules}
        silent = {name for each in ruleset.correlations if not each.generate for name in each.rules}
        self._counted = frozenset(place for place, rule in enumerate(self._rules) if {rule.id, rule.name} & counted)
        self._silent = frozenset(place for place, rule in enumerate(self._rules) if {rule.id, rule.name} & silent)
        self._getters = [getter(name) for name in fields(ruleset.correlations)]
        self.undated = self._step = 0

    def seen(self, places: Iterable[int], event: Mapping[str, Any], file: str, line: int) -> Iterator[Seen]:
        """Yield what the rules at `places` found by themselves in `event`."""
        yield from (Seen(self._rules[place], file, line, time_of(event)) for place in places if place not in self._silent)

    def met(self, places: Iterable[int], event: Mapping[str, Any], file: str, line: int) -> Iterator[Met]:
        """Yield what correlations count of that the rules at `places` met `event`."""
        for place in places:
            if place not in self._counted:
                continue
            at = when(event)
            if at is None:
                self.undated += 1
                continue
            self._step += 1
            values = tuple(_short(text(get(event))) for get in self._getters)
            yield Met(place, micros(at), file, line, self._step, values)


def came_true(ruleset: RuleSet, ask: Ask) -> list[Seen]:
    """Return each time that a correlation of `ruleset` came true, in order of time; `ask` answers queries that read the relation `met`."""
    names, found = fields(ruleset.correlations), list[tuple[int, Seen]]()
    for query in statements(ruleset):
        for rule, met_at, file, line, _, _, *values in ask(query):
            correlation, said = ruleset.correlations[rule - len(ruleset.rules)], dict(zip(names, values, strict=True))
            group = tuple((name, said[name]) for name in correlation.group_by)
            time = (_BEGAN + timedelta(microseconds=met_at)).isoformat().replace("+00:00", "Z")
            found.append((met_at, Seen(correlation, file, line, time, group)))
    return [seen for _, seen in sorted(found, key=lambda each: (each[0], each[1].file, each[1].line, each[1].rule.id, each[1].group))]


def _short(said: str) -> str | None:
    return f"{said[:_LONGEST]} {sha256(said.encode()).hexdigest()}" if len(said) > _LONGEST else said or None


def time_of(event: Mapping[str, Any]) -> str | None:
    """When the event says that it was: its own words, but for numbers, which become words."""
    said = next((value for name in TIMES if isinstance(value := event.get(name), str) and value and not value.isdigit()), None)
    if said is not None:
        return said
    at = when(event)
    return at.isoformat().replace("+00:00", "Z") if at else None
