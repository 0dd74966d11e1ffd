"""Matchers: all predicates on one field, held against a value at once. Each distinct value is looked at once."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import re2
import regex
from ahocorasick_rs import AhoCorasick, Implementation

from upheld.logs.sigma.predicate import Kind, Predicate

# What an expression that cannot be run in linear time may take on one value; it then counts as undecided, never as false.
SECONDS = 0.05
_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "lt": lambda value, limit: value < limit,
    "lte": lambda value, limit: value <= limit,
    "gt": lambda value, limit: value > limit,
    "gte": lambda value, limit: value >= limit,
    "neq": lambda value, limit: value != limit,
}
_NEEDLES = (Kind.CONTAINS, Kind.STARTS, Kind.ENDS)


class Matcher:
    """The predicates on one field, by number. `undecided` counts values on which an expression took too long."""

    def __init__(self, predicates: Mapping[int, Predicate]) -> None:
        """Prepare for `predicates`; raises `re.error` for none: expressions were tried when rules were read."""
        self.undecided = 0
        self._equal: dict[str, list[int]] = {}
        self._cased: list[tuple[int, Callable[[str], bool]]] = []
        self._others: list[tuple[int, Callable[[str], bool]]] = []
        self._needles: list[tuple[Kind, int]] = []
        texts: list[str] = []
        for number, each in predicates.items():
            if each.kind is Kind.EQUALS and not each.cased:
                self._equal.setdefault(each.argument, []).append(number)
            elif each.kind in _NEEDLES and not each.cased and each.argument:
                self._needles.append((each.kind, number))
                texts.append(each.argument)
            elif each.kind not in (Kind.ABSENT, Kind.FIELD, Kind.PRESENT):
                self._others.append((number, _test(each)))
        self._automaton = AhoCorasick(texts, implementation=Implementation.ContiguousNFA) if texts else None
        self._absent = frozenset(number for number, each in predicates.items() if each.kind is Kind.ABSENT)
        self._present = frozenset(number for number, each in predicates.items() if each.kind is Kind.PRESENT)
        self._even_empty = frozenset(number for number in self._present if predicates[number].more)

    def true(self, value: object) -> frozenset[int]:
        """Return which predicates hold for `value`; None is a field that is not there. Of a list, one element is enough."""
        if value is None:
            return self._absent
        if isinstance(value, list):
            return frozenset().union(*(self.true(each) for each in value)) if value else self._absent | self._even_empty
        text = ("true" if value else "false") if isinstance(value, bool) else str(value)
        if text == "":
            return frozenset(self._equal.get("", ())) | self._absent | self._even_empty
        return self._true(text)

    def _true(self, text: str) -> frozenset[int]:
        lowered = text.lower()
        found = set(self._present)
        found.update(self._equal.get(lowered, ()))
        if self._automaton is not None:
            length = len(lowered)
            for place, start, end in self._automaton.find_matches_as_indexes(lowered, overlapping=True):
                kind, number = self._needles[place]
                if kind is Kind.CONTAINS or (start == 0 if kind is Kind.STARTS else end == length):
                    found.add(number)
        for number, test in self._others:
            try:
                if test(text):
                    found.add(number)
            except TimeoutError:
                self.undecided += 1
        return frozenset(found)


def _test(predicate: Predicate) -> Callable[[str], bool]:
    """Return the test of one value for what no automaton does."""
    argument = predicate.argument
    match predicate.kind:
        case Kind.REGEX:
            return _expression(argument, predicate.more)
        case Kind.LIKE:
            return _expression(_anchored(argument), "s" if predicate.cased else "is")
        case Kind.CIDR:
            return _in_network(ip_network(argument, strict=False))
        case Kind.COMPARE:
            return _compares(_OPERATORS[predicate.more], float(argument))
        case Kind.EQUALS:
            return lambda text: text == argument
        case Kind.STARTS:
            return lambda text: text.startswith(argument)
        case Kind.ENDS:
            return lambda text: text.endswith(argument)
        case _:
            return lambda text: argument in text


@lru_cache(maxsize=8192)
def _expression(pattern: str, flags: str) -> Callable[[str], bool]:
    """Return the search for `pattern`: in linear time where it can be said so (RE2), else with a limit of time."""
    said = f"(?{flags}){pattern}" if flags else pattern
    options = re2.Options()
    options.log_errors = False
    try:
        linear = re2.compile(said, options)
    except re2.error:
        limited = regex.compile(said)
        return lambda text: limited.search(text, timeout=SECONDS) is not None
    return lambda text: linear.search(text) is not None


def usable(predicates: Iterable[Predicate]) -> str:
    """Return why one of `predicates` cannot be tested at all; "" where all can."""
    for each in predicates:
        try:
            _test(each)
        except (regex.error, re.error, ValueError, KeyError) as error:
            return f"{each.field or 'a keyword'}: {each.argument[:80]!r} cannot be read: {error}"
    return ""


def _anchored(pattern: str) -> str:
    """The regular expression of a text with wildcards; leading and trailing ones leave that end open."""
    parts = []
    for escaped, sign in re.findall(r"\\(.)|(.)", pattern, re.DOTALL):
        parts.append(re.escape(escaped) if escaped else {"*": ".*", "?": "."}.get(sign, re.escape(sign)))
    return rf"\A(?:{''.join(parts)})\z"


def _in_network(network: IPv4Network | IPv6Network) -> Callable[[str], bool]:
    def test(text: str) -> bool:
        try:
            return ip_address(text) in network
        except ValueError:
            return False

    return test


def _compares(operator: Callable[[float, float], bool], limit: float) -> Callable[[str], bool]:
    def test(text: str) -> bool:
        try:
            return operator(float(text), limit)
        except ValueError:
            return False

    return test
