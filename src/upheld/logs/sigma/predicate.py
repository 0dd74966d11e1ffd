"""Predicates on one field's value, numbered, and conditions as trees over their numbers.

A tree is a number (that predicate holds), True or False, or a tuple: ("&", tree, ...), ("|", tree, ...), ("!", tree).
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

Tree: TypeAlias = "int | bool | tuple[Any, ...]"

# The field of predicates that speak about the whole event: keywords.
ANYWHERE = ""


class Kind(StrEnum):
    """How a value is held against a predicate's argument."""

    EQUALS = "equals"
    CONTAINS = "contains"
    STARTS = "starts"
    ENDS = "ends"
    LIKE = "like"  # * and ? anywhere, escaped by a backslash
    REGEX = "regex"
    CIDR = "cidr"
    COMPARE = "compare"
    PRESENT = "present"
    ABSENT = "absent"
    FIELD = "field"
    PART = "part"  # of an instant: minute, hour, day, week, month or year, in UTC


class Predicate(NamedTuple):
    """`field` has a value such as `argument` says; `cased` minds capital letters. `more`: flags, an operator, a part, or ends."""

    field: str
    kind: Kind
    argument: str = ""
    cased: bool = False
    more: str = ""


def all_of(trees: Iterable[Tree]) -> Tree:
    """Return that all of `trees` hold, simplified."""
    return _joined("&", trees, neutral=True)


def any_of(trees: Iterable[Tree]) -> Tree:
    """Return that one of `trees` holds, simplified."""
    return _joined("|", trees, neutral=False)


def none_of(tree: Tree) -> Tree:
    """Return that `tree` does not hold, simplified."""
    if isinstance(tree, bool):
        return not tree
    return tree[1] if isinstance(tree, tuple) and tree[0] == "!" else ("!", tree)


def folded(tree: Tree, known: Callable[[int], bool | None]) -> Tree:
    """Return `tree` with each predicate put in whose truth `known` tells (None: not known)."""
    if isinstance(tree, bool):
        return tree
    if isinstance(tree, int):
        told = known(tree)
        return tree if told is None else told
    parts = [folded(each, known) for each in tree[1:]]
    return none_of(parts[0]) if tree[0] == "!" else (all_of(parts) if tree[0] == "&" else any_of(parts))


def holds(tree: Tree, true: frozenset[int] | set[int]) -> bool:
    """Whether `tree` holds where exactly the predicates `true` do."""
    if tree.__class__ is not tuple:
        return tree if tree.__class__ is bool else tree in true
    sign = tree[0]
    if sign == "!":
        return not holds(tree[1], true)
    lasting = sign == "|"  # what one part says that decides
    for each in tree[1:]:
        # Most parts are numbers: asking for each here saves a call.
        if (each in true if each.__class__ is int else holds(each, true)) is lasting:
            return lasting
    return not lasting


def numbers(tree: Tree) -> frozenset[int]:
    """Return the predicates in `tree`."""
    if isinstance(tree, bool):
        return frozenset()
    if isinstance(tree, int):
        return frozenset([tree])
    return frozenset().union(*(numbers(each) for each in tree[1:]))


def witness(tree: Tree, weight: Mapping[int, int] | Callable[[int], int | None]) -> frozenset[int] | None:
    """Return predicates one of which must hold where `tree` does, as few and as rare as can be; None where there are none such.

    `weight` gives what a predicate costs as a witness, None for one that cannot be.
    """
    of = weight if callable(weight) else weight.get
    if isinstance(tree, bool):
        return None if tree else frozenset()
    if isinstance(tree, int):
        return None if of(tree) is None else frozenset([tree])
    if tree[0] == "!":
        return None
    found = [witness(each, of) for each in tree[1:]]
    if tree[0] == "|":
        return None if any(each is None for each in found) else frozenset().union(*(each for each in found if each is not None))
    there = [each for each in found if each is not None]
    return min(there, key=lambda each: sum(of(number) or 0 for number in each), default=None)


def _joined(sign: str, trees: Iterable[Tree], *, neutral: bool) -> Tree:
    parts: list[Tree] = []
    for tree in trees:
        if isinstance(tree, bool):
            if tree is not neutral:
                return tree
        elif isinstance(tree, tuple) and tree[0] == sign:
            parts += tree[1:]
        else:
            parts.append(tree)
    kept = list(dict.fromkeys(parts))
    if not kept:
        return neutral
    return kept[0] if len(kept) == 1 else (sign, *kept)
