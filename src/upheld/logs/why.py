"""What a detection rests on: its rule as it is now, the lines that it was found in, and why the rule met them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from upheld.logs import baseline
from upheld.logs.event import NoEvent
from upheld.logs.explaining import Explained, explained
from upheld.logs.finding import LINE_KEPT
from upheld.logs.knowing import Accounts
from upheld.logs.models import Detection
from upheld.logs.searching import Hit, Question, SearchError, search
from upheld.logs.sigma.correlation import Correlation, Way
from upheld.logs.sigma.rule import Rule, RuleSet
from upheld.logs.watching import FORMATS, rules_now
from upheld.sources.frames import files

_MOST_LINES = 20


@dataclass(frozen=True)
class Why:
    """A detection with its `rule` (None: no rule has its id now), `line` as it is kept, and why the rule met it.

    Of a correlation `counts` says in words what it counts, and `lines` are those of its group within its span.
    """

    detection: Detection
    rule: Rule | Correlation | None
    line: str
    fields: Mapping[str, str]
    explained: Explained | None
    counts: str = ""
    lines: tuple[Hit, ...] = ()


def why(detection: Detection) -> Why:
    """Return what `detection` rests on."""
    if detection.rule in baseline.RULES:
        return Why(detection, None, detection.line, {}, None, baseline.RULES[detection.rule])
    known = rules_now()
    line = _whole(detection)
    fields = _fields(detection, line)
    said = {name: str(value) for name, value in sorted(fields.items())}
    rule = next((each for each in known.rules if each.id == detection.rule), None)
    if rule is not None:
        return Why(detection, rule, line, said, explained(rule.tree, known.predicates, fields, line))
    correlation = next((each for each in known.correlations if each.id == detection.rule), None)
    if correlation is None:
        return Why(detection, None, line, said, None)
    return Why(detection, correlation, line, said, None, counted(correlation, known), _lines(detection, correlation))


def counted(correlation: Correlation, known: RuleSet) -> str:
    """Return in words what `correlation` counts."""
    every: list[Rule | Correlation] = [*known.rules, *known.correlations]
    titles = {name: rule.title for rule in every for name in (rule.id, rule.name) if name}
    named = [f'"{titles.get(name, name)}"' for name in correlation.rules]
    by = f" with the same {' and '.join(correlation.group_by)}" if correlation.group_by else ""
    within = f" within {timedelta(seconds=correlation.seconds)}"
    many = f"{_OPERATORS[correlation.operator]} {correlation.count:g}"
    if correlation.way is Way.EVENT_COUNT:
        return f"{many} events of {' or '.join(named)}{by}{within}"
    if correlation.way is Way.VALUE_COUNT:
        return f"{many} different values of {' and '.join(correlation.counted)} in events of {' or '.join(named)}{by}{within}"
    return f"{' and then '.join(named) if correlation.way is Way.TEMPORAL_ORDERED else ' and '.join(named)}{by}{within}"


_OPERATORS = {"lt": "less than", "lte": "at most", "gt": "more than", "gte": "at least", "eq": "exactly", "neq": "not"}


def _fields(detection: Detection, line: str) -> Mapping[str, Any]:
    """What the line says, with the state of the account that it names as it was then."""
    try:
        event = FORMATS[detection.log.format].event(line)
    except NoEvent:
        return {}
    at = event.at or detection.first_at
    return Accounts(detection.log.system_id, files()).told(event.fields, at)


def _whole(detection: Detection) -> str:
    """The line of `detection`: where it was too long to be kept with it, from what is kept of the log."""
    if len(detection.line) < LINE_KEPT - 300:
        return detection.line
    found = _search(detection, "", first=True)
    return next((each.line for each in found if each.line.startswith(detection.line)), detection.line)


def _lines(detection: Detection, correlation: Correlation) -> tuple[Hit, ...]:
    """The lines of the group within the span, as far as they are kept."""
    fields = {name: {**correlation.aliases.get(name, {})} for name in detection.group}
    if any(fields.values()):
        return ()  # the group's fields have other names in each rule
    words = " ".join(f'{name}:"{value}"' for name, value in detection.group.items() if '"' not in value and "*" not in value)
    return _search(detection, words)


def _search(detection: Detection, words: str, *, first: bool = False) -> tuple[Hit, ...]:
    until = detection.first_at if first else detection.last_at
    asked = Question((detection.log,), detection.first_at, until + timedelta(microseconds=1), words)
    try:
        return search(asked, most=_MOST_LINES).hits
    except SearchError:
        return ()
