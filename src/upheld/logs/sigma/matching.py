"""Matchers: all predicates on one field, held against a value at once. Each distinct value is looked at once.

Texts that a value contains are found in one pass by an automaton. Most ends are a file's name: the value's last part is looked
up. An expression or a text with wildcards is tried only where a text that it needs was found.
"""

import re
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_network

import re2
from ahocorasick_rs import AhoCorasick, Implementation

from upheld.logs.sigma import guards
from upheld.logs.sigma.predicate import Kind, Predicate
from upheld.logs.sigma.values import part_of, said

# What an expression that cannot be run in linear time may take on one value; it then counts as undecided, never as false.
SECONDS = 0.05
# A text longer than this is looked at by its lines, of which so many characters are kept at the most.
LONG, LINES = 500, 8_000_000
_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "lt": lambda value, limit: value < limit,
    "lte": lambda value, limit: value <= limit,
    "gt": lambda value, limit: value > limit,
    "gte": lambda value, limit: value >= limit,
    "neq": lambda value, limit: value != limit,
}
_SEPARATORS = "\\/."
_PLACED = (Kind.CONTAINS, Kind.STARTS, Kind.ENDS)
_Test = Callable[[str], bool]


@dataclass
class _Needle:
    """What holds where a text stands: anywhere, at the start, at the end; and what is tried then."""

    contains: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    tests: list[tuple[int, _Test]] = field(default_factory=list)


class Matcher:
    """The predicates on one field, by number. `undecided` counts values on which an expression took too long."""

    def __init__(self, predicates: Mapping[int, Predicate], name: str = "") -> None:
        """Prepare for `predicates` on the field `name`; raises `re.error` for none: expressions were tried when rules were read."""
        self.field, self.undecided = name, 0
        self.predicates = predicates
        self._ready = False
        by_kind: dict[Kind, list[int]] = {}
        for number, each in predicates.items():
            by_kind.setdefault(each.kind, []).append(number)
        self._present = frozenset(by_kind.get(Kind.PRESENT, ()))
        self._even_empty = frozenset(number for number in self._present if predicates[number].more)
        self.absent = frozenset(by_kind.get(Kind.ABSENT, ()))
        self._empty = self.absent | self._even_empty

    def true(self, value: object) -> frozenset[int]:
        """Return which predicates hold for `value`; None is a field that is not there. Of a list, one element is enough."""
        if value is None:
            return self.absent
        if isinstance(value, list | tuple):
            return frozenset().union(*map(self.true, value)) if value else self._empty
        return self.of_text(said(value))

    def _prepare(self) -> None:
        """Sort the predicates by how they are looked for; once a value comes, since many fields never have one."""
        self._ready = True
        self._lines: dict[str, list[tuple[int, int, int]]]
        self._equal: dict[str, list[int]] = {}
        self._tails: dict[str, dict[str, list[tuple[str, int]]]] = {}
        self._networks: dict[tuple[int, int], dict[int, list[int]]] = {}
        self._tests: list[tuple[int, _Test]] = []
        needles: dict[str, _Needle] = {}
        for number, each in self.predicates.items():
            text, kind = each.argument, each.kind
            if kind is Kind.EQUALS and not each.cased:
                self._equal.setdefault(text, []).append(number)
            elif kind is Kind.CIDR:
                network = ip_network(text, strict=False)
                bits = network.max_prefixlen - network.prefixlen
                self._networks.setdefault((network.version, bits), {}).setdefault(int(network.network_address) >> bits, []).append(number)
            elif kind is Kind.ENDS and not each.cased and text[:1] and text[0] in _SEPARATORS:
                ends = self._tails.setdefault(text[0], {})
                ends.setdefault(text[text.rfind(text[0]) :], []).append((text, number))
            elif kind not in (Kind.ABSENT, Kind.FIELD, Kind.PRESENT):
                self._look_for(number, each, needles)
        self._of_nothing = [(number, test) for number, test in self._tests if self.predicates[number].kind is Kind.REGEX]
        self._needles = [(each.contains, each.starts, each.ends, each.tests) for each in needles.values()]
        whole = self._tails or not needles or any("\n" in each for each in (*needles, *self._equal))
        self._by_lines, self._lines, self._kept = not whole, {}, 0
        self._automaton = AhoCorasick(list(needles), implementation=Implementation.ContiguousNFA) if needles else None
        self._guarded = [each for needle in needles.values() for each in needle.tests]

    def _look_for(self, number: int, predicate: Predicate, needles: dict[str, "_Needle"]) -> None:
        text, kind = predicate.argument, predicate.kind
        if not predicate.cased and text and kind in _PLACED:
            getattr(needles.setdefault(text, _Needle()), kind.value).append(number)
            return
        guard = _guard(predicate)
        (needles.setdefault(guard, _Needle()).tests if guard else self._tests).append((number, _test(predicate)))

    def of_text(self, text: str) -> frozenset[int]:
        """Return which predicates hold for `text`."""
        if not self._ready:
            self._prepare()
        found = [*self._present]
        if len(text) > LONG and self._by_lines and "\n" in text and text.isascii():
            self._search(text, len(text), self._by_line(text), found)
        else:
            lowered = text.lower()
            equal = self._equal.get(lowered, ())
            if not text:
                return self._empty.union(equal, (number for number, test in self._of_nothing if test("")))
            found += equal
            if self._tails:
                self._end(lowered, found)
            if self._automaton is not None:
                self._search(text, len(lowered), self._automaton.find_matches_as_indexes(lowered, overlapping=True), found)
        if self._networks:
            self._locate(text, found)
        if self._tests:
            self._try(self._tests, text, found)
        return frozenset(found)

    def _end(self, lowered: str, found: list[int]) -> None:
        """Add what ends as the value does, told by its last part."""
        for separator, tails in self._tails.items():
            for ending, number in tails.get(lowered[lowered.rfind(separator) :], ()):
                if lowered.endswith(ending):
                    found.append(number)

    def _search(self, text: str, length: int, hits: Iterable[tuple[int, int, int]], found: list[int]) -> None:
        """Add what holds because of the texts that stand in the value, which has `length` in small letters: `hits` are which, and where."""
        needles, tried = self._needles, set()
        for each, start, end in hits:
            contains, starts, ends, tests = needles[each]
            found += contains
            if start == 0:
                found += starts
            if end == length:
                found += ends
            if tests and each not in tried:
                tried.add(each)
                self._try(tests, text, found)
        if self._guarded and not text.isascii():
            # Capitals beyond ASCII fold to letters of it (the Kelvin sign to k), so that a guard may be missing and the text met.
            self._try(self._guarded, text, found)

    def _by_line(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Which needles stand where in a long text: line by line, since most lines of such texts come again and again."""
        assert self._automaton is not None, "only fields in which texts are looked for are looked at by lines"
        place = 0
        for line in text.split("\n"):
            known = self._lines.get(line)
            if known is None:
                known = self._automaton.find_matches_as_indexes(line.lower(), overlapping=True)
                self._kept += len(line) + 100 + 80 * len(known)
                if self._kept > LINES:
                    self._lines.clear()
                    self._kept = 0
                self._lines[line] = known
            for each, start, end in known:
                yield each, start + place, end + place
            place += len(line) + 1

    def _try(self, tests: Iterable[tuple[int, _Test]], text: str, found: list[int]) -> None:
        """Add what the `tests` say of `text`."""
        for number, test in tests:
            try:
                if test(text):
                    found.append(number)
            except TimeoutError:
                self.undecided += 1

    def _locate(self, text: str, found: list[int]) -> None:
        version = 6 if ":" in text else 4
        try:
            packed = socket.inet_pton(socket.AF_INET6 if version == 6 else socket.AF_INET, text.partition("%")[0] if version == 6 else text)
        except (OSError, ValueError):
            return
        address = int.from_bytes(packed, "big")
        for (of, bits), networks in self._networks.items():
            if of == version:
                found += networks.get(address >> bits, ())


def _guard(predicate: Predicate) -> str:
    """A text without which the predicate cannot hold, "" where there is none to look for."""
    match predicate.kind:
        case Kind.REGEX:
            return guards.of_expression(predicate.argument, predicate.more)
        case Kind.LIKE:
            return guards.of_wildcards(predicate.argument)
        case Kind.CONTAINS | Kind.STARTS | Kind.ENDS if predicate.argument.isascii() and len(predicate.argument) >= guards.LEAST:
            return predicate.argument.lower()
    return ""


def _test(predicate: Predicate) -> _Test:
    """Return the test of one value for what no automaton does."""
    argument = predicate.argument
    match predicate.kind:
        case Kind.REGEX:
            return _expression(argument, predicate.more)
        case Kind.LIKE:
            return _wildcards(argument, predicate.cased)
        case Kind.COMPARE:
            return _compares(_OPERATORS[predicate.more], float(argument))
        case Kind.PART:
            return lambda text: part_of(text, predicate.more) == argument
        case Kind.EQUALS:
            return lambda text: text == argument
        case Kind.STARTS:
            return lambda text: text.startswith(argument)
        case Kind.ENDS:
            return lambda text: text.endswith(argument)
        case _:
            return lambda text: argument in text


@lru_cache(maxsize=8192)
def _expression(pattern: str, flags: str) -> _Test:
    """Return the search for `pattern`: in linear time where it can be said so (RE2), else with a limit of time."""
    said = f"(?{flags}){pattern}" if flags else pattern
    options = re2.Options()
    options.log_errors = False
    try:
        linear = re2.compile(said, options)
    except re2.error:
        import regex  # noqa: PLC0415  a fiftieth of a second that most scans need not wait for

        limited = regex.compile(said)
        return lambda text: limited.search(text, timeout=SECONDS) is not None
    return lambda text: linear.search(text) is not None


def expression_spans(pattern: str, flags: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where in `text` the expression is found first, if it is in time."""
    import regex  # noqa: PLC0415  as above

    try:
        found = regex.search(f"(?{flags}){pattern}" if flags else pattern, text, timeout=SECONDS)
    except (regex.error, TimeoutError):
        return
    if found is not None:
        yield found.span()


def usable(predicates: Iterable[Predicate]) -> str:
    """Return why one of `predicates` cannot be tested at all; "" where all can."""
    import regex  # noqa: PLC0415  as above

    for each in predicates:
        try:
            if each.kind is Kind.CIDR:
                ip_network(each.argument, strict=False)
            else:
                _test(each)
        except (regex.error, re.error, ValueError, KeyError) as error:
            return f"{each.field or 'a keyword'}: {each.argument[:80]!r} cannot be read: {error}"
    return ""


def _wildcards(pattern: str, cased: bool) -> _Test:
    """Return the test for a text with * and ?, escaped by a backslash: each piece between two * is found after the one before."""
    signs = re.findall(r"\\(.)|(.)", pattern if cased else pattern.lower(), re.DOTALL)
    if any(sign == "?" for _, sign in signs):
        parts = [re.escape(escaped) if escaped else {"*": ".*", "?": "."}.get(sign, re.escape(sign)) for escaped, sign in signs]
        found = _expression(rf"\A(?:{''.join(parts)})\z", "s")
        return found if cased else lambda text: found(text.lower())
    pieces = "".join(escaped or ("\0" if sign == "*" else sign) for escaped, sign in signs).split("\0")

    def test(text: str) -> bool:
        said, place, last = text if cased else text.lower(), len(pieces[0]), len(pieces[-1])
        if not said.startswith(pieces[0]):
            return False
        for piece in pieces[1:-1]:
            place = said.find(piece, place)
            if place < 0:
                return False
            place += len(piece)
        return len(said) - last >= place and said.endswith(pieces[-1])

    return test


def _compares(operator: Callable[[float, float], bool], limit: float) -> _Test:
    def test(text: str) -> bool:
        try:
            return operator(float(text), limit)
        except ValueError:
            return False

    return test
