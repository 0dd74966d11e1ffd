"""Which rules an event can meet, told from a few fields that say what kind of event it is. Worked out once for a set of rules. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from upheld.logs.sigma.predicate import ANYWHERE, Kind, Predicate, Tree, numbers, witness

# A field parts events when so many of a hundred rules need one of its values; more than a few parts none further.
PERCENT, MOST = 4, 3
_KINDS = frozenset({Kind.EQUALS, Kind.ABSENT, Kind.PRESENT})


class Index(NamedTuple):
    """`keys` part events; `free` are the places of rules that any may meet, `asked` the others by a predicate on a key that they need."""

    keys: tuple[str, ...]
    free: tuple[int, ...]
    asked: dict[int, tuple[int, ...]]


def index(trees: Sequence[Tree], predicates: Sequence[Predicate]) -> Index:
    """Return the index of rules with `trees` over `predicates`."""
    keys = _keys(trees, predicates)
    on_keys = {number for number, each in enumerate(predicates) if each.field in keys and each.kind is not Kind.FIELD}
    used = Counter(number for tree in trees for number in numbers(tree) if number in on_keys)
    free: list[int] = []
    asked: dict[int, list[int]] = {}
    for place, tree in enumerate(trees):
        needed = witness(tree, used)
        if needed is None:
            free.append(place)
        for number in needed or ():
            asked.setdefault(number, []).append(place)
    return Index(keys, tuple(free), {number: tuple(places) for number, places in asked.items()})


def weights(predicates: Iterable[Predicate]) -> list[int | None]:
    """Return what each predicate costs as a witness: long and exact arguments are the rarest; None for what cannot be one."""
    return [
        None if each.kind in (Kind.ABSENT, Kind.PRESENT) else 1_000 // (1 + len(each.argument)) + (0 if each.kind is Kind.EQUALS else 20)
        for each in predicates
    ]


def _keys(trees: Sequence[Tree], predicates: Sequence[Predicate]) -> tuple[str, ...]:
    """The fields whose exact values most rules need, the one that most need first; those that rules look into part badly."""
    looked_into = Counter(each.field for each in predicates if each.kind not in _KINDS)
    exact = Counter(each.field for each in predicates if each.kind is Kind.EQUALS and not each.cased)
    parting = {name for name in exact if name != ANYWHERE and "." not in name and looked_into[name] * 20 <= exact[name]}
    cost = {number: 1 for number, each in enumerate(predicates) if each.field in parting and each.kind is Kind.EQUALS}
    needing: Counter[str] = Counter()
    for tree in trees:
        for name in {predicates[number].field for number in numbers(tree) if number in cost}:
            needing[name] += (
                witness(tree, {number: 1 for number in numbers(tree) if number in cost and predicates[number].field == name}) is not None
            )
    least = max(1, len(trees) * PERCENT // 100)
    return tuple(name for name, many in needing.most_common(MOST) if many >= least)
