"""The engine: each distinct value is held against its field's predicates once, each distinct signature against the rules once.

Events with the same values in the key fields (Channel and EventID for Windows) make a partition: predicates on key fields
are constants there, so that few rules and few fields are left. Then, event by event: the tuple of the fields' values -> was it
seen? -> else a signature a value -> were these signatures seen together? -> else the rules of which one witness holds.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from upheld.logs.sigma.matching import Matcher
from upheld.logs.sigma.predicate import ANYWHERE, Kind, Predicate, Tree, folded, holds, numbers, witness
from upheld.logs.sigma.rules import Rule, RuleSet

Event = Mapping[str, Any]
_NOTHING: tuple[int, ...] = ()
# Caches begin anew when they hold so many entries, so that varied events cost time and not memory.
TUPLES, VALUES, SIGNATURES = 200_000, 200_000, 200_000
_LONG = 512
_CONSTANT = object()


@dataclass
class _Field:
    """One field of a partition: its matcher and what it said of values already."""

    name: str
    matcher: Matcher
    known: dict[object, frozenset[int]] = field(default_factory=dict)

    def true(self, value: object) -> frozenset[int]:
        key = value if not isinstance(value, list) else (_CONSTANT, *map(str, value))
        found = self.known.get(key)
        if found is None:
            found = self.matcher.true(value)
            if isinstance(value, str) and len(value) > _LONG:
                return found
            if len(self.known) >= VALUES:
                self.known.clear()
            self.known[key] = found
        return found


@dataclass
class Partition:
    """What is left to ask of events with one set of key values."""

    names: tuple[str, ...]
    fields: tuple[_Field, ...]
    rules: tuple[int, ...]
    trees: Mapping[int, Tree]
    always: tuple[int, ...]
    by_witness: Mapping[int, tuple[int, ...]]
    equal_fields: Mapping[int, Predicate]
    keywords: Matcher | None
    tuples: dict[tuple[object, ...], tuple[int, ...]] = field(default_factory=dict)
    signatures: dict[tuple[frozenset[int], ...], tuple[int, ...]] = field(default_factory=dict)


class Engine:
    """Holds events against the rules of `ruleset`, of a log whose key fields are `keys`."""

    def __init__(self, ruleset: RuleSet, keys: Sequence[str] = ()) -> None:
        """Index the rules by what key fields must say; partitions are made as their first event comes."""
        self.rules = ruleset.rules
        self.keys = tuple(keys)
        self._predicates = ruleset.predicates
        self._partitions: dict[tuple[object, ...], Partition] = {}
        self._matchers: dict[tuple[str, frozenset[int]], Matcher] = {}
        by_field: dict[str, dict[int, Predicate]] = {key: {} for key in self.keys}
        for number, each in enumerate(self._predicates):
            if each.field in by_field and each.kind is not Kind.FIELD:
                by_field[each.field][number] = each
        self._on_keys = {key: Matcher(predicates) for key, predicates in by_field.items()}
        self._of_keys = frozenset(number for predicates in by_field.values() for number in predicates)
        self._free, self._asked = self._indexed()

    def _indexed(self) -> tuple[list[int], dict[int, list[int]]]:
        """The rules that any key values may meet, and the others by the predicates on key fields one of which they need."""
        used = Counter(number for rule in self.rules for number in numbers(rule.tree) & self._of_keys)
        cost = {number: used[number] for number in self._of_keys}
        free: list[int] = []
        asked: dict[int, list[int]] = {}
        for place, rule in enumerate(self.rules):
            needed = witness(rule.tree, cost)
            if needed is None:
                free.append(place)
            for number in needed or ():
                asked.setdefault(number, []).append(place)
        return free, asked

    def detections(self, event: Event) -> tuple[Rule, ...]:
        """Return the rules that `event` meets."""
        found = self.matches(event)
        return tuple(self.rules[place] for place in found) if found else ()

    def matches(self, event: Event) -> tuple[int, ...]:
        """Return the places of the rules that `event` meets, in order."""
        get = event.get
        key = tuple(map(get, self.keys))
        try:
            partition = self._partitions.get(key)
        except TypeError:
            key = tuple(map(str, key))
            partition = self._partitions.get(key)
        if partition is None:
            partition = self._partitions[key] = self._partition(dict(zip(self.keys, map(get, self.keys), strict=True)))
        if not partition.rules:
            return _NOTHING
        values: tuple[object, ...] = tuple(map(get, partition.names))
        if partition.keywords is not None:
            values = (*values, partition.keywords.true("\n".join(map(str, event.values()))))
        try:
            found = partition.tuples.get(values)
        except TypeError:
            return _by_signature(partition, values)
        if found is None:
            found = _by_signature(partition, values)
            if len(partition.tuples) >= TUPLES:
                partition.tuples.clear()
            partition.tuples[values] = found
        return found

    @property
    def undecided(self) -> int:
        """How many values took an expression too long: what it would have said of them is not known."""
        return sum(matcher.undecided for matcher in (*self._matchers.values(), *self._on_keys.values()))

    def _partition(self, values: Mapping[str, object]) -> Partition:
        true = frozenset().union(*(self._on_keys[name].true(value) for name, value in values.items())) if values else frozenset()
        places = sorted({*self._free, *(place for number in true for place in self._asked.get(number, ()))})

        def known(number: int) -> bool | None:
            return number in true if number in self._of_keys else None

        trees = {place: folded(self.rules[place].tree, known) for place in places}
        trees = {place: tree for place, tree in trees.items() if tree is not False}
        return self._asking(trees)

    def _asking(self, trees: Mapping[int, Tree]) -> Partition:
        used = sorted({number for tree in trees.values() for number in numbers(tree)})
        by_field: dict[str, dict[int, Predicate]] = {}
        equal_fields = {}
        for number in used:
            predicate = self._predicates[number]
            by_field.setdefault(predicate.field, {})
            if predicate.kind is Kind.FIELD:
                equal_fields[number] = predicate
                by_field.setdefault(predicate.argument, {})
            else:
                by_field[predicate.field][number] = predicate
        anywhere = by_field.pop(ANYWHERE, None)
        keywords = self._matcher(ANYWHERE, anywhere) if anywhere else None
        fields = tuple(_Field(name, self._matcher(name, chosen)) for name, chosen in sorted(by_field.items()))
        always, by_witness = _witnessed(trees, self._predicates)
        names = tuple(each.name for each in fields)
        return Partition(names, fields, tuple(trees), trees, always, by_witness, equal_fields, keywords)

    def _matcher(self, name: str, predicates: Mapping[int, Predicate]) -> Matcher:
        key = (name, frozenset(predicates))
        if key not in self._matchers:
            self._matchers[key] = Matcher(predicates)
        return self._matchers[key]


def _witnessed(trees: Mapping[int, Tree], predicates: Sequence[Predicate]) -> tuple[tuple[int, ...], dict[int, tuple[int, ...]]]:
    """The rules that every event may meet, and the others by their witnesses: long and exact arguments are the rarest."""

    def weight(number: int) -> int | None:
        predicate = predicates[number]
        if predicate.kind in (Kind.ABSENT, Kind.PRESENT):
            return None
        return 1_000 // (1 + len(predicate.argument)) + (0 if predicate.kind is Kind.EQUALS else 20)

    always: list[int] = []
    by_witness: dict[int, list[int]] = {}
    for place, tree in trees.items():
        needed = witness(tree, weight)
        if needed is None:
            always.append(place)
        for number in needed or ():
            by_witness.setdefault(number, []).append(place)
    return tuple(always), {number: tuple(places) for number, places in by_witness.items()}


def _by_signature(partition: Partition, values: tuple[object, ...]) -> tuple[int, ...]:
    signature = tuple(each.true(value) for each, value in zip(partition.fields, values, strict=False))
    if partition.keywords is not None:
        stand = values[-1]
        assert isinstance(stand, frozenset), "keywords come last, as the set of those that stand in the event"
        signature = (*signature, stand)
    if partition.equal_fields:
        said = dict(zip(partition.names, values, strict=False))
        equal = frozenset(number for number, each in partition.equal_fields.items() if _equal(said, each))
        signature = (*signature, equal)
    found = partition.signatures.get(signature)
    if found is None:
        found = _met(partition, frozenset().union(*signature))
        if len(partition.signatures) >= SIGNATURES:
            partition.signatures.clear()
        partition.signatures[signature] = found
    return found


def _met(partition: Partition, true: frozenset[int]) -> tuple[int, ...]:
    places = set(partition.always)
    for number in true:
        places.update(partition.by_witness.get(number, ()))
    return tuple(sorted(place for place in places if holds(partition.trees[place], true)))


def _equal(said: Mapping[str, object], predicate: Predicate) -> bool:
    """Whether a field says what another one does, or begins or ends with it."""
    value, other = said.get(predicate.field), said.get(predicate.argument)
    if value is None or other is None:
        return False
    mine, its = str(value).lower(), str(other).lower()
    if predicate.more == "^":
        return mine.startswith(its)
    if predicate.more == "$":
        return mine.endswith(its)
    return its in mine if predicate.more == "^$" else mine == its
