"""Why a rule met an event: which of its conditions held, what the event says there, and where that stands in the line. Pure."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from upheld.logs.sigma.matching import Matcher, expression_spans
from upheld.logs.sigma.partition import equal
from upheld.logs.sigma.predicate import ANYWHERE, Kind, Predicate, Tree
from upheld.logs.sigma.values import getter, said, texts

Span = tuple[int, int]
_WORDS = {
    Kind.EQUALS: "is",
    Kind.CONTAINS: "contains",
    Kind.STARTS: "begins with",
    Kind.ENDS: "ends with",
    Kind.LIKE: "is like",
    Kind.REGEX: "matches",
    Kind.CIDR: "is in the network",
    Kind.FIELD: "is what is said in",
}
_COMPARED = {"lt": "is less than", "lte": "is at most", "gt": "is more than", "gte": "is at least", "neq": "is not"}


@dataclass(frozen=True)
class Condition:
    """One condition: in which `field` ("" anywhere), in words what is asked, what the event says there, and whether it holds.

    `counts` is False for one that did not decide: another of its alternatives held.
    """

    field: str
    asked: str
    value: str | None
    holds: bool
    counts: bool


@dataclass(frozen=True)
class Explained:
    """Whether a rule met, its conditions in the order of the rule, and where in the line stands what made it so."""

    met: bool
    conditions: tuple[Condition, ...]
    marks: tuple[Span, ...]


def explained(tree: Tree, predicates: Sequence[Predicate], fields: Mapping[str, Any], line: str) -> Explained:
    """Return why the rule with `tree` meets an event with `fields`, which `line` tells of, or why it does not."""
    asked = _order(tree)
    true = {number for number in asked if _holds(predicates[number], number, fields)}
    met, deciding = _deciding(tree, true)
    conditions, marks = [], list[Span]()
    for number in asked:
        predicate, counts = predicates[number], number in deciding
        value = None if predicate.field == ANYWHERE else _value(getter(predicate.field)(fields))
        conditions.append(Condition(predicate.field, words(predicate), value, number in true, counts))
        if counts and number in true:
            marks += _marks(predicate, value, line)
    return Explained(met, tuple(conditions), tuple(_joined(marks)))


def words(predicate: Predicate) -> str:
    """Return what `predicate` asks of its field, in words."""
    if predicate.kind is Kind.PRESENT:
        return "is there" if predicate.more else "is there and not empty"
    if predicate.kind is Kind.ABSENT:
        return "is not there, or empty"
    if predicate.kind is Kind.COMPARE:
        return f"{_COMPARED[predicate.more]} {predicate.argument}"
    if predicate.kind is Kind.PART:
        return f"has the {predicate.more} {predicate.argument}, in UTC"
    cased = ", capitals alike" if predicate.cased and predicate.kind is not Kind.REGEX else ""
    return f"{_WORDS[predicate.kind]} {predicate.argument}{cased}"


def _order(tree: Tree) -> list[int]:
    if isinstance(tree, bool):
        return []
    if isinstance(tree, int):
        return [tree]
    return list(dict.fromkeys(number for part in tree[1:] for number in _order(part)))


def _deciding(tree: Tree, true: set[int]) -> tuple[bool, frozenset[int]]:
    """Whether `tree` holds, and the predicates that make it so, or make it not so."""
    if isinstance(tree, bool):
        return tree, frozenset()
    if isinstance(tree, int):
        return tree in true, frozenset([tree])
    if tree[0] == "!":
        holds, its = _deciding(tree[1], true)
        return not holds, its
    parts = [_deciding(part, true) for part in tree[1:]]
    holds = all(each for each, _ in parts) if tree[0] == "&" else any(each for each, _ in parts)
    decides = [its for each, its in parts if each is holds]
    return holds, frozenset().union(*decides)


def _holds(predicate: Predicate, number: int, fields: Mapping[str, Any]) -> bool:
    if predicate.kind is Kind.FIELD:
        its = {name: getter(name)(fields) for name in (predicate.field, predicate.argument)}
        return equal(its, predicate)
    matcher = Matcher({number: predicate}, predicate.field)
    if predicate.field == ANYWHERE:
        return any(matcher.true(text) for text in texts(fields))
    return bool(matcher.true(getter(predicate.field)(fields)))


def _value(value: object) -> str | None:
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | tuple) else said(value)


def _marks(predicate: Predicate, value: str | None, line: str) -> Iterator[Span]:
    """Where in `line` stands what makes `predicate` hold, as far as it stands there as it is, or as JSON writes it."""
    if predicate.field == ANYWHERE:
        yield from _spans(predicate, line)
        return
    if not value or predicate.kind is Kind.ABSENT:
        return
    place, inside = _place(predicate.field, value, line)
    if place < 0:
        return
    for start, end in _spans(predicate, value):
        yield place + len(inside(value[:start])), place + len(inside(value[:end]))


def _place(name: str, value: str, line: str) -> tuple[int, Callable[[str], str]]:
    """Where in `line` the value of the field `name` begins (-1: nowhere), and how texts are written there."""
    last = re.escape(name.rpartition(".")[2])
    for inside in (_as_json, _as_ascii):
        found = re.search(rf'"{last}"\s*:\s*"?{re.escape(inside(value))}(?=["\s,}}])', line)
        if found:
            return found.end() - len(inside(value)), inside
    return line.find(value), str


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _as_ascii(text: str) -> str:
    return json.dumps(text)[1:-1]


def _spans(predicate: Predicate, text: str) -> Iterator[Span]:
    """Where in `text` stands what `predicate` asks for."""
    argument, within = predicate.argument, text if predicate.cased or len(text.lower()) != len(text) else text.lower()
    match predicate.kind:
        case Kind.STARTS:
            yield 0, len(argument)
        case Kind.ENDS:
            yield len(text) - len(argument), len(text)
        case Kind.CONTAINS:
            yield from _found(argument, within)
        case Kind.REGEX:
            yield from expression_spans(argument, predicate.more, text)
        case Kind.LIKE if predicate.field == ANYWHERE:
            for piece in re.split(r"(?<!\\)[*?]", argument):
                yield from _found(piece.lower(), within)
        case _:
            yield 0, len(text)


def _found(piece: str, within: str) -> Iterator[Span]:
    start = within.find(piece)
    if piece and start >= 0:
        yield start, start + len(piece)


def _joined(marks: list[Span]) -> Iterator[Span]:
    """`marks` in order, those that touch as one."""
    last: Span | None = None
    for start, end in sorted(marks):
        if last is not None and start <= last[1]:
            last = (last[0], max(last[1], end))
            continue
        if last is not None:
            yield last
        last = (start, end)
    if last is not None:
        yield last


def pieces(line: str, marks: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    """Yield `line` in pieces, each with whether it is marked."""
    place = 0
    for start, end in marks:
        if start > place:
            yield line[place:start], False
        if end > start:
            yield line[start:end], True
        place = max(place, end)
    if place < len(line):
        yield line[place:], False
