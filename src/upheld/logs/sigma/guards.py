"""What must stand in a value for an expression to be found in it: a text that a fast search can look for first. Pure."""

import re
from collections.abc import Iterable
from re import _constants as codes  # type: ignore[attr-defined]  # the parser of `re` has no other door
from re import _parser  # type: ignore[attr-defined]  # as above
from typing import Any

# Shorter texts stand in nearly every value, so that looking for them first gains nothing.
LEAST = 3
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


def of_wildcards(pattern: str) -> str:
    """Return the longest text that every value which meets `pattern` (* and ?, escaped by a backslash) has in it, in small letters."""
    runs, run = [], ""
    for escaped, sign in re.findall(r"\\(.)|(.)", pattern, re.DOTALL):
        if escaped or sign not in "*?":
            run += escaped or sign
        else:
            runs.append(run)
            run = ""
    return _best([*runs, run])


def of_expression(pattern: str, flags: str = "") -> str:
    """Return the longest text that every value in which `pattern` is found has in it, in small letters; "" where none is sure."""
    try:
        parsed = _parser.parse(f"(?{flags}){pattern}" if flags else pattern)
    except (re.error, RecursionError, OverflowError):
        return ""
    if parsed.state.flags & re.VERBOSE:
        return ""
    return _best(_runs(parsed))


def _runs(parsed: Iterable[tuple[Any, Any]]) -> list[str]:
    """The texts that must stand in what `parsed` matches, one after the other."""
    found, run = [], ""
    for code, said in parsed:
        if code is codes.LITERAL:
            run += chr(said)
            continue
        found.append(run)
        run = ""
        if code is codes.SUBPATTERN:
            found += _runs(said[3])
        elif code in _REPEATS and said[0] > 0:
            found += _runs(said[2])
        elif code is codes.ATOMIC_GROUP:
            found += _runs(said)
    return [*found, run]


def _best(runs: Iterable[str]) -> str:
    """The longest of `runs` in small letters: of what is not ASCII capitals are not sure, so that it parts them."""
    pieces = (piece for run in runs for piece in re.split(r"[^\x00-\x7f]", run))
    longest = max(pieces, key=len, default="").lower()
    return longest if len(longest) >= LEAST else ""
