"""Which values may be written canonically: RFC 8785 restricted to what every language writes the same way.

Integers and no floats, plain ASCII keys, bounded depth. Standard library only, so that the verifier can share it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

MAX_BYTES = 65_535  # an entry's length is a uint16 in an entry bundle (C2SP tlog-tiles)
MAX_DEPTH = 16
MAX_INTEGER = 2**53 - 1  # beyond it, readers that hold numbers as doubles round silently (RFC 8785, 3.2.2.3)

_KEY = re.compile(r"[a-z0-9_.-]{1,128}")
_PLAIN = frozenset({str, bool, type(None)})
_CONTAINERS = frozenset({dict, list, tuple})


class NotCanonical(ValueError):
    """A value or text outside the profile; the message says which rule it breaks."""


def check(value: object) -> None:
    """Raise `NotCanonical` unless `value` and all in it may be written. Strings are checked when they are encoded."""
    layer, depth = _containers([value]), 0
    while layer:
        depth += 1
        if depth > MAX_DEPTH:
            raise NotCanonical(f"more than {MAX_DEPTH} levels deep")
        layer = [inner for container in layer for inner in _containers(_items(container))]


def _items(container: object) -> Iterable[object]:
    if isinstance(container, dict):
        for key in container:
            if type(key) is not str or not _KEY.fullmatch(key):
                raise NotCanonical(f"key {str(key)[:40]!r}: keys are 1 to 128 of a-z, 0-9, '_', '.' and '-'")
        return container.values()
    assert isinstance(container, (list, tuple))
    return container


def _containers(items: Iterable[object]) -> list[object]:
    """Return those of `items` that hold others, after checking the rest."""
    found = []
    for item in items:
        kind = type(item)
        if kind in _PLAIN:
            continue
        if kind in _CONTAINERS:
            found.append(item)
        elif isinstance(item, int):
            if not -MAX_INTEGER <= item <= MAX_INTEGER:
                raise NotCanonical("an integer beyond 2^53-1: write it as a string")
        elif not isinstance(item, str):
            raise NotCanonical(f"a {kind.__name__}: only strings, integers, true, false, null, lists and objects can be logged")
    return found
