"""A partition: what rules ask of events whose key fields say the same, and what was found of them so far."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from upheld.logs.sigma.keeping import Known, Worth
from upheld.logs.sigma.keywords import Keywords
from upheld.logs.sigma.predicate import Predicate, Tree, holds
from upheld.logs.sigma.values import Event, said


@dataclass(slots=True)
class Partition:
    """What is left to ask of events with one set of key values. `paths` get fields that may be nested."""

    names: tuple[str, ...]
    paths: tuple[Callable[[Event], object], ...]
    known: tuple[Known, ...]
    rules: tuple[int, ...]
    trees: Mapping[int, Tree]
    always: tuple[int, ...]
    by_witness: Mapping[int, tuple[int, ...]]
    equal_fields: Mapping[int, Predicate]
    keywords: frozenset[int]
    own_keywords: Keywords | None
    worth: Worth
    seen: int = 0
    quick: bool = False
    tuples: dict[object, tuple[int, ...]] = field(default_factory=dict)
    signatures: dict[tuple[int, ...], tuple[int, ...]] = field(default_factory=dict)
    wide: "Wide | None" = None

    @property
    def simple(self) -> bool:
        """Whether plain names get all that is asked, but for keywords."""
        return bool(self.rules) and self.wide is None and not self.paths and self.own_keywords is None


@dataclass
class Wide:
    """A partition with many fields, by which of them (by their roots) an event has: how often that came, and its own partition."""

    roots: frozenset[str]
    came: Counter[tuple[str, ...]] = field(default_factory=Counter)
    parts: dict[tuple[str, ...], Partition] = field(default_factory=dict)
    by_names: dict[frozenset[str], Partition] = field(default_factory=dict)


def met(partition: Partition, true: frozenset[int]) -> tuple[int, ...]:
    places = set(partition.always)
    for number in true:
        places.update(partition.by_witness.get(number, ()))
    return tuple(sorted(place for place in places if holds(partition.trees[place], true)))


def equal(its: Mapping[str, Any], predicate: Predicate) -> bool:
    """Whether a field says what another one does, or begins or ends with it."""
    value, other = its.get(predicate.field), its.get(predicate.argument)
    if value is None or other is None:
        return False
    mine, theirs = said(value).lower(), said(other).lower()
    if predicate.more == "^":
        return mine.startswith(theirs)
    if predicate.more == "$":
        return mine.endswith(theirs)
    return theirs in mine if predicate.more == "^$" else mine == theirs
