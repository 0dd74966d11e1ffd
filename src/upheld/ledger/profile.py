"""Which values may be written canonically: RFC 8785 restricted to what every language writes the same way.

Integers and no floats, plain ASCII keys, bounded depth. Standard library only, so that the verifier can share it.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

MAX_BYTES = 65_535  # an entry's length is a uint16 in an entry bundle (C2SP tlog-tiles)
MAX_DEPTH = 16
MAX_INTEGER = 2**53 - 1  # beyond it, readers that hold numbers as doubles round silently (RFC 8785, 3.2.2.3)

_KEY = re.compile(r"[a-z0-9_.-]{1,128}")
_PLAIN = frozenset({str, bool, type(None)})
_FLAT = _PLAIN | {int}
_CONTAINERS = frozenset({dict, list, tuple})
_MOST_KNOWN = 10_000
_known_keys: set[str] = set()  # keys that were found good: entries share nearly all of theirs


class NotCanonical(ValueError):
    """A value or text outside the profile; the message says which rule it breaks."""


def is_flat(value: object) -> bool:
    """Whether `value` is an object of known keys with nothing in it but strings, integers, true, false and null.

    Most are. It may be written if an encoder sees to the size of its integers.
    """
    return type(value) is dict and _known_keys.issuperset(value) and _FLAT.issuperset(map(type, value.values()))


def check(value: object, depth: int = 0) -> None:
    """Raise `NotCanonical` unless `value`, with `depth` levels above it, and all in it may be written.

    Strings are checked when they are encoded.
    """
    layer = _containers((value,))
    while layer:
        depth += 1
        if depth > MAX_DEPTH:
            raise NotCanonical(f"more than {MAX_DEPTH} levels deep")
        inner: list[object] = []
        for container in layer:
            items = _items(container)
            if not _PLAIN.issuperset(map(type, items)):
                inner += _containers(items)
        layer = inner


def _items(container: object) -> Collection[object]:
    if isinstance(container, dict):
        if not _known_keys.issuperset(container):
            _check_keys(container)
        return container.values()
    assert isinstance(container, (list, tuple))
    return container


def _check_keys(keys: Iterable[object]) -> None:
    for key in keys:
        if type(key) is not str or not _KEY.fullmatch(key):
            raise NotCanonical(f"key {str(key)[:40]!r}: keys are 1 to 128 of a-z, 0-9, '_', '.' and '-'")
        if len(_known_keys) < _MOST_KNOWN:
            _known_keys.add(key)


def _containers(items: Collection[object]) -> list[object]:
    """Return those of `items` that hold others, after checking the rest."""
    found = []
    for item in items:
        kind = type(item)
        if kind in _CONTAINERS:
            found.append(item)
        elif kind is int:
            if not -MAX_INTEGER <= item <= MAX_INTEGER:  # type: ignore[operator]
                raise NotCanonical("an integer beyond 2^53-1: write it as a string")
        elif kind not in _PLAIN and not isinstance(item, str):
            raise NotCanonical(f"a {kind.__name__}: only strings, integers, true, false, null, lists and objects can be logged")
    return found
