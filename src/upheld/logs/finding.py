"""Finding: events of a log held against the rules about it, what correlations make of it, and what was detected with its line."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from upheld import clock
from upheld.logs.event import Event
from upheld.logs.models import Detection, WatchedLog
from upheld.logs.parts import clipped
from upheld.logs.sigma.correlation import Correlation, Correlator
from upheld.logs.sigma.engine import Engine
from upheld.logs.sigma.rule import Rule, RuleSet
from upheld.logs.watching import applies

LINE_KEPT = 4_000
MOST_LATE_SECONDS = 3600.0


@dataclass(frozen=True)
class MetOnce:
    """That a rule met which correlations count: the rule by name, when, and of the event's fields those that they ask for."""

    rule: str
    at: datetime
    fields: Mapping[str, Any]


@dataclass
class Found:
    """What was found: detections by what makes them the same but for their time, and what correlations count on."""

    detections: dict[tuple[str, str], Detection] = field(default_factory=dict)
    met: list[MetOnce] = field(default_factory=list)

    def add(self, detection: Detection) -> None:
        """Add `detection`, to an earlier one that is the same but for its time."""
        key = (detection.rule, f"{sorted(detection.group.items())}" if detection.group else detection.line)
        same = self.detections.setdefault(key, detection)
        if same is not detection:
            same.times += 1
            same.first_at, same.last_at = min(same.first_at, detection.first_at), max(same.last_at, detection.last_at)


class Finder:
    """Those of `ruleset` that are about `log`, made ready; of these only such that speak for themselves in `only`, if that is given.

    `digests` are those of the rules and correlations that may speak, by id.
    """

    def __init__(self, log: WatchedLog, ruleset: RuleSet, only: frozenset[str] | None = None) -> None:
        """Choose the rules, and the correlations whose rules are all among them."""
        self._log = log
        about = [rule for rule in ruleset.rules if applies(rule, log)]
        names = {name for rule in about for name in (rule.id, rule.name) if name}
        self.correlations = [each for each in _resolved(ruleset.correlations, names) if only is None or _concerns(each, only, about)]
        self._counted = {name for each in self.correlations for name in each.rules}
        self._silent = {name for each in self.correlations if not each.generate for name in each.rules}
        self.rules = [rule for rule in about if only is None or rule.id in only or {rule.id, rule.name} & self._counted]
        self._speaking = {rule.id for rule in self.rules if not {rule.id, rule.name} & self._silent and (only is None or rule.id in only)}
        self._by_name = {name: rule for rule in self.rules for name in (rule.id, rule.name) if name}
        self.engine = Engine(replace(ruleset, rules=self.rules))
        self.digests = {each.id: each.digest for each in self.rules} | {each.id: each.digest for each in self.correlations}
        self.longest_seconds = max((each.seconds for each in self.correlations), default=0.0) + MOST_LATE_SECONDS
        asked = {name for each in self.correlations for name in (*each.group_by, *each.counted)}
        self.grouped = frozenset(asked) | {
            name for each in self.correlations for mapping in each.aliases.values() for name in mapping.values()
        }

    def begin(self, met: Iterable[MetOnce]) -> Callable[[Event, datetime, Found], None]:
        """Return what looks at an event as of an instant, into `Found`; correlations have counted `met` already.

        So no window ends where a reading does.
        """
        correlator = Correlator(self.correlations, MOST_LATE_SECONDS)
        for each in met:
            if each.rule in self._by_name:
                for _ in correlator.add(self._by_name[each.rule], each.fields, each.at.timestamp()):
                    pass

        def look(event: Event, at: datetime, into: Found) -> None:
            for rule in self.engine.detections(event.fields):
                self._met(rule, event, at, into, correlator)

        return look

    def _met(self, rule: Rule, event: Event, at: datetime, into: Found, correlator: Correlator) -> None:
        if rule.id in self._speaking:
            into.add(self._detection(rule, {}, at, at, event.raw))
        if not {rule.id, rule.name} & self._counted:
            return
        fields = {name: event.fields[name] for name in sorted(self.grouped & set(event.fields))}
        into.met.append(MetOnce(rule.name or rule.id, at, fields))
        for each in correlator.add(rule, fields, at.timestamp()):
            if {each.correlation.id, each.correlation.name} & self._silent:
                continue
            first_at, last_at = (datetime.fromtimestamp(seconds, UTC) for seconds in (each.first_at, each.last_at))
            detection = self._detection(each.correlation, dict(each.group), first_at, last_at, event.raw)
            detection.times = each.amount
            into.add(detection)

    def _detection(self, rule: Rule | Correlation, group: dict[str, str], first_at: datetime, last_at: datetime, line: str) -> Detection:
        return Detection(
            log=self._log,
            rule=rule.id,
            title=rule.title,
            level=rule.level,
            author=rule.author,
            licence=rule.licence,
            first_at=first_at,
            last_at=last_at,
            group=group,
            line=clipped(line, LINE_KEPT),
            found_at=clock.now(),
        )


def _resolved(correlations: Iterable[Correlation], names: set[str]) -> list[Correlation]:
    """Those of `correlations` whose rules are all in `names`, or are such correlations themselves."""
    kept, left = list[Correlation](), list(correlations)
    while True:
        ready = [each for each in left if set(each.rules) <= names]
        if not ready:
            return kept
        kept += ready
        names = names | {name for each in ready for name in (each.id, each.name) if name}
        left = [each for each in left if each not in ready]


def _concerns(correlation: Correlation, changed: frozenset[str], about: Iterable[Rule]) -> bool:
    """Whether `correlation` or a rule that it counts is among `changed`."""
    return correlation.id in changed or any(rule.id in changed and {rule.id, rule.name} & set(correlation.rules) for rule in about)
