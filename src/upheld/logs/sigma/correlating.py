"""Correlations over all that rules met, as SQL: one text that DuckDB runs here and Spark on many machines.

It reads a relation `met`, a row each time that a rule met an event, with `COLUMNS` and, as f0, f1 ..., what the event says in each of
`fields`. Whatever order events came in, they are taken in order of their time. How many different values lie in the span that ends with an
event is the number of times one came in (it was not there for a span before) less that of times one went out; so nothing is counted
twice however long an attack goes on, and a window function over each group is all that it takes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from upheld.logs.sigma.correlation import Correlation, Way
from upheld.logs.sigma.rule import RuleSet

# `rule` is the place of the rule in its set; that of a correlation stands behind all rules. `met_at` is in microseconds since 1970,
# and `step` tells events of one line apart.
COLUMNS: Mapping[str, str] = {"rule": "BIGINT", "met_at": "BIGINT", "file": "VARCHAR", "line": "BIGINT", "step": "BIGINT"}
_OPERATORS = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "eq": "=", "neq": "<>"}
_SECOND, _AT_ONCE = 1_000_000, 16


def fields(correlations: Iterable[Correlation]) -> tuple[str, ...]:
    """Return the names of the fields that `correlations` group by or count, under all their names."""
    asked: set[str] = set()
    for each in correlations:
        asked |= {*each.group_by, *each.counted, *(name for mapping in each.aliases.values() for name in mapping.values())}
    return tuple(sorted(asked))


def order(correlations: Sequence[Correlation]) -> list[int]:
    """Return the places of `correlations`, each after those that it correlates; one in a circle is not among them."""
    done, left = list[int](), list(range(len(correlations)))
    while True:
        waiting = {name for place in left for name in _names(correlations[place])}
        ready = [place for place in left if not waiting & set(correlations[place].rules)]
        if not ready:
            return done
        done += ready
        left = [place for place in left if place not in ready]


def statements(ruleset: RuleSet) -> Iterator[str]:
    """Yield SELECTs that tell when correlations came true that speak for themselves; several in one, since asking costs, too.

    They give `COLUMNS` of the event that made it so, with the place of the correlation as its rule, the amount, and the event's `fields`,
    those of the group as the correlation names them.
    """
    silent = {name for each in ruleset.correlations if not each.generate for name in each.rules}
    needed: dict[int, set[int]] = {}
    for place in order(ruleset.correlations):
        rules = set(ruleset.correlations[place].rules)
        counted = {other for other in needed if _names(ruleset.correlations[other]) & rules}
        needed[place] = counted.union({place}, *(needed[other] for other in counted))
    speaking = [place for place in needed if not _names(ruleset.correlations[place]) & silent]
    for some in _batched(speaking, _AT_ONCE):
        chosen = set[int]().union(*(needed[place] for place in some))
        parts = ", ".join(_Text(ruleset, place).text() for place in needed if place in chosen)
        yield f"WITH {parts} {' UNION ALL '.join(f'SELECT * FROM told{place}' for place in some)}"  # noqa: S608  numbers and our own names


def _batched(places: Sequence[int], many: int) -> Iterator[Sequence[int]]:
    """Yield `places` in pieces of at most so many."""
    for first in range(0, len(places), many):
        yield places[first : first + many]


def _names(correlation: Correlation) -> set[str]:
    return {correlation.id, correlation.name} - {""}


class _Text:
    """The text of one correlation: `taken` are the events it looks at, `counted` how much is in each one's window, `told` the outcome."""

    def __init__(self, ruleset: RuleSet, place: int) -> None:
        self._ruleset, self._place = ruleset, place
        self._one = ruleset.correlations[place]
        self._fields = fields(ruleset.correlations)
        self._span = round(self._one.seconds * _SECOND)
        groups = [f"g{number}" for number in range(len(self._one.group_by))]
        self._group = f"PARTITION BY {', '.join(groups) or 'everyone'}"
        # What happened in one instant counts as in order where order is asked for; else it is taken as it stands in the file.
        first, last = ("place, ", "") if self._one.way is Way.TEMPORAL_ORDERED else ("", ", place")
        self._order = f"ORDER BY met_at, {first}file, line, step{last}"

    def text(self) -> str:
        """The parts of a WITH."""
        place, one = self._place, self._one
        own = ", ".join((*COLUMNS, "place", *self._carried()))
        parts = [f"taken{place} AS ({self._taken()})"]
        if one.way is Way.TEMPORAL_ORDERED:
            parts += self._chained()
            holds = f"coalesce(since >= met_at - {self._span}, false) AND {len(one.rules)} {_OPERATORS[one.operator]} {one.count}"
            amount = str(len(one.rules))
        else:
            parts += self._summed()
            holds, amount = f"amount {_OPERATORS[one.operator]} {one.count}", "amount"
        parts += [
            f"held{place} AS (SELECT *, {holds} AS holds FROM counted{place})",  # noqa: S608  numbers and our own names
            f"turned{place} AS (SELECT *, lag(holds) OVER ({self._group} {self._order}) AS before FROM held{place})",  # noqa: S608  as above
            f"told{place} AS (SELECT {own.replace(', place', f', {amount} AS amount', 1)} FROM turned{place} "  # noqa: S608  as above
            "WHERE holds AND NOT coalesce(before, false))",
        ]
        return ", ".join(parts)

    def _carried(self) -> list[str]:
        """The event's fields, those of the group under the names that the correlation gives them."""
        group = {name: f"g{number}" for number, name in enumerate(self._one.group_by)}
        return [f"{group.get(name, f'f{number}')} AS f{number}" for number, name in enumerate(self._fields)]

    def _taken(self) -> str:
        """All events that the correlation looks at, once for each of its rules that met; one without a field of the group is none."""
        return " UNION ALL ".join(text for number, name in enumerate(self._one.rules) for text in self._taken_of(number, name))

    def _taken_of(self, number: int, name: str) -> Iterator[str]:
        def column(its: str) -> str:
            return f"f{self._fields.index(self._one.aliases.get(its, {}).get(name, its))}"

        group = [column(each) for each in self._one.group_by]
        values = [column(each) for each in self._one.counted]
        value = {Way.EVENT_COUNT: "0", Way.VALUE_COUNT: self._value(values)}.get(self._one.way, str(number))
        shown = [f"{each} AS g{at}" for at, each in enumerate(group)]
        carried = [f"f{each}" for each in range(len(self._fields))]
        cells = ", ".join(("met_at", "file", "line", "step", f"{number} AS place", "0 AS everyone", f"{value} AS value", *shown, *carried))
        own = f"CAST({len(self._ruleset.rules) + self._place} AS BIGINT) AS rule"
        there = "".join(f" AND {each} IS NOT NULL" for each in group)
        rules = [str(at) for at, each in enumerate(self._ruleset.rules) if name in (each.id, each.name)]
        if rules:
            yield f"SELECT {own}, {cells} FROM met WHERE rule IN ({', '.join(rules)}){there}"  # noqa: S608  numbers and our own names
        for at, each in enumerate(self._ruleset.correlations):
            if name in _names(each):
                yield f"SELECT {own}, {cells} FROM told{at} WHERE true{there}"  # noqa: S608  as above

    @staticmethod
    def _value(columns: Sequence[str]) -> str:
        """What is counted: of several fields all values together, of an event that has none of them nothing."""
        if len(columns) == 1:
            return columns[0]
        joined = " || chr(31) || ".join(f"coalesce({each}, '')" for each in columns)
        return f"CASE WHEN coalesce({', '.join(columns)}) IS NULL THEN NULL ELSE {joined} END"

    def _summed(self) -> Iterator[str]:
        """In each event's window: how many events, values, or rules."""
        place, span = self._place, self._span
        came = gone = "1"
        source = f"taken{place}"
        if self._one.way is not Way.EVENT_COUNT:
            same = f"OVER ({self._group}, value {self._order})"
            yield (
                f"runs{place} AS (SELECT *, lag(met_at) {same} AS earlier, lead(met_at) {same} AS later FROM taken{place})"  # noqa: S608  numbers and our own names
            )
            source = f"runs{place}"
            came = f"CASE WHEN value IS NULL OR coalesce(earlier >= met_at - {span}, false) THEN 0 ELSE 1 END"
            gone = f"CASE WHEN value IS NULL OR coalesce(later <= met_at + {span}, false) THEN 0 ELSE 1 END"
        before = f"RANGE BETWEEN UNBOUNDED PRECEDING AND {span + 1} PRECEDING"
        amount = (
            f"CAST(sum({came}) OVER ({self._group} {self._order} ROWS UNBOUNDED PRECEDING) "
            f"- coalesce(sum({gone}) OVER ({self._group} ORDER BY met_at {before}), 0) AS BIGINT)"
        )
        yield f"counted{place} AS (SELECT *, {amount} AS amount FROM {source})"  # noqa: S608  as above

    def _chained(self) -> Iterator[str]:
        """At each event: when the latest chain of all rules in order, that is complete by then, began (`since`)."""
        place, last = self._place, len(self._one.rules) - 1
        source, began = f"taken{place}", "met_at"
        for number in range(last + 1):
            name, since = (f"counted{place}", "since") if number == last else (f"chain{place}_{number}", f"since{number}")
            latest = f"max(CASE WHEN place = {number} THEN {began} END) OVER ({self._group} {self._order} ROWS UNBOUNDED PRECEDING)"
            yield f"{name} AS (SELECT *, {latest} AS {since} FROM {source})"  # noqa: S608  as above
            source, began = name, since
