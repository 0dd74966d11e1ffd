"""Keywords stand anywhere in an event. Which lines of JSON can have one is told from the bytes, many lines at once, before any is read."""

import re
from collections.abc import Iterable, Iterator
from itertools import product

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from upheld.logs.sigma import guards
from upheld.logs.sigma.predicate import Kind, Predicate

# What JSON may write otherwise than it is: quotes, backslashes, slashes, and what is not printable ASCII.
_AS_IT_IS = re.compile(r'[^\x00-\x1f"\\/\x7f-\U0010ffff]+')
# Of each keyword so many characters are looked for, in capitals and small letters; few such pieces are found many bytes at a time.
_PIECE, _MOST = 3, 60
_ESCAPE = "\\u00"  # all that keywords are looked for by is ASCII: one short text is found faster than several


class Keywords:
    """Looks for what some of `predicates` (all of them keywords) need. `sure` is False where any line may have one."""

    def __init__(self, predicates: Iterable[Predicate]) -> None:
        """Find out what to look for."""
        needed = {_needed(each) for each in predicates}
        self.none, self.sure = not needed, "" not in needed
        self._longest = max(map(len, needed), default=0)
        ready = bool(needed) and self.sure
        self._whole = _search(needed) if ready else None
        pieces = {variant for each in needed for variant in _variants(_piece(each))} if ready else set()
        self._pieces = _search(pieces) if 0 < len(pieces) <= _MOST else None
        self._escapes = _escaped(needed) if ready else set()
        self._escaped = _search([_ESCAPE]) if ready else None

    def lines(self, block: bytes | bytearray) -> frozenset[int] | None:
        """Return which lines of `block`, from 0, may have a keyword; None where each may."""
        if self._whole is None or self._escaped is None:
            return frozenset() if self.none else None
        places = [start for _, start, _ in self._escaped.find_matches_as_indexes(block) if self._is_escape(block, start)]
        if self._pieces is None:
            places += [start for _, start, _ in self._whole.find_matches_as_indexes(block.lower())]
        else:
            places += self._confirmed(block, self._whole, [start for _, start, _ in self._pieces.find_matches_as_indexes(block)])
        found, line, before = set(), 0, 0
        for start in sorted(places):
            line += block.count(b"\n", before, start)
            before = start
            found.add(line)
        return frozenset(found)

    def _confirmed(self, block: bytes | bytearray, whole: BytesAhoCorasick, places: list[int]) -> Iterator[int]:
        """Those of `places` around which a whole keyword stands."""
        for start in places:
            around = bytes(block[max(0, start - self._longest) : start + self._longest + _PIECE]).lower()
            if whole.find_matches_as_indexes(around):
                yield start

    def may_stand(self, line: bytes | memoryview) -> bool:
        """Whether `line` may have one."""
        if self._whole is None or self._escaped is None:
            return not self.none
        said = bytes(line)
        if self._whole.find_matches_as_indexes(said.lower()):
            return True
        return any(self._is_escape(said, start) for _, start, _ in self._escaped.find_matches_as_indexes(said))

    def _is_escape(self, block: bytes | bytearray, start: int) -> bool:
        """Whether at `start` JSON writes a character that some keyword has by its number."""
        return any(bytes(block[start : start + long]).decode("latin-1") in self._escapes for long in (5, 6))


def _search(texts: Iterable[str]) -> BytesAhoCorasick:
    return BytesAhoCorasick([each.encode() for each in sorted(texts)], matchkind=MatchKind.LeftmostFirst)


def _needed(predicate: Predicate) -> str:
    """A text, in small letters, that stands as it is in every line of JSON that `predicate` holds for; "" where none does."""
    match predicate.kind:
        case Kind.REGEX:
            return _longest(guards.of_expression(predicate.argument, predicate.more))
        case Kind.LIKE:
            return _longest(guards.of_wildcards(predicate.argument))
    return _longest(predicate.argument)


def _longest(text: str) -> str:
    longest = max(_AS_IT_IS.findall(text), key=len, default="").lower()
    return longest if len(longest) >= guards.LEAST else ""


def _piece(text: str) -> str:
    """The piece of `text` with the fewest letters: it has the fewest ways to be written, and is the rarest."""
    pieces = [text[place : place + _PIECE] for place in range(len(text) - _PIECE + 1)]
    return min(pieces, key=lambda piece: (sum(map(str.isalpha, piece)), piece.count(" ")))


def _variants(piece: str) -> Iterator[str]:
    return map("".join, product(*({each, each.upper()} for each in piece)))


def _escaped(texts: Iterable[str]) -> set[str]:
    r"""How JSON may write the characters of `texts` by their numbers, \u003a for a colon; of letters the beginning, all have the same."""
    written = {rf"\u{ord(character):04x}" for text in texts for character in text + text.upper()}
    exact = {each for each in written if each[4] in "23"}
    return {each[:5] for each in written - exact} | exact | {each[:5] + each[5:].upper() for each in exact}
