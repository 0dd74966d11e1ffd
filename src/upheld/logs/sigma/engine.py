"""The engine: each distinct value is held against its field's predicates once, each distinct signature against the rules once.

Events with the same values in the key fields (Channel and EventID for Windows) make a partition: predicates on key fields
are constants there, so that few rules and few fields are left. Then, event by event: the tuple of the fields' values -> was it
seen? -> else a signature a value -> were these signatures seen together? -> else the rules of which one witness holds.
"""

from collections.abc import Callable, Mapping
from operator import getitem

from upheld.logs.sigma.index import Index, index, weights
from upheld.logs.sigma.keeping import Budget, Known, Worth
from upheld.logs.sigma.keywords import Keywords
from upheld.logs.sigma.matching import Matcher
from upheld.logs.sigma.partition import Partition, Wide, equal, met
from upheld.logs.sigma.predicate import ANYWHERE, Kind, Predicate, Tree, folded, numbers, witness
from upheld.logs.sigma.rule import Rule, RuleSet
from upheld.logs.sigma.values import Event, getter, plain, texts

_UNLIKE = (list, dict, bool)
_NOTHING: tuple[int, ...] = ()
# Where rules read more fields than this, events are parted by which of these they have, each part once it came so often.
WIDE, OFTEN, PARTS = 40, 8, 500
# Kept at the most; events whose key fields always say something new begin these anew.
KEYS = SIGNATURES = 100_000


class Engine:
    """Holds events against the rules of `ruleset`."""

    def __init__(self, ruleset: RuleSet, chosen: Index | None = None) -> None:
        """Index the rules by what key fields must say; partitions are made as their first event comes."""
        self.rules = ruleset.rules
        self._predicates = ruleset.predicates
        self._index = chosen or index([rule.tree for rule in self.rules], self._predicates)
        self.keys = self._index.keys
        self._weights = weights(self._predicates)
        self._sets: list[frozenset[int]] = []
        self._numbers: dict[frozenset[int], int] = {}
        self._none = self._number(frozenset())
        self._budget = Budget()
        self._by_key: dict[tuple[object, ...], Partition] = {}
        self._by_true: dict[frozenset[int], Partition] = {}
        self._matchers: dict[tuple[str, frozenset[int]], Matcher] = {}
        by_field: dict[str, dict[int, Predicate]] = {key: {} for key in (*self.keys, ANYWHERE)}
        for number, each in enumerate(self._predicates):
            if each.field in by_field and each.kind is not Kind.FIELD:
                by_field[each.field][number] = each
        self._matcher_anywhere = Matcher(by_field.pop(ANYWHERE))
        everywhere = frozenset().union(*(numbers(self.rules[place].tree) for place in self._index.free))
        self._common = everywhere & frozenset(self._matcher_anywhere.predicates)
        self.keywords = Keywords(self._predicates[number] for number in self._common)
        self._on_keys = {key: Matcher(predicates) for key, predicates in by_field.items()}
        self._of_keys = frozenset(number for predicates in by_field.values() for number in predicates)

    def detections(self, event: Event) -> tuple[Rule, ...]:
        """Return the rules that `event` meets."""
        found = self.matches(event)
        return tuple(self.rules[place] for place in found) if found else ()

    def matches(self, event: Event, line: bytes | memoryview = b"", suspicious: bool = True) -> tuple[int, ...]:
        """Return the places of the rules that `event` meets, in order.

        `line` is the JSON that it was read from, if any; not `suspicious` is one of which `keywords` say that none stands in it.
        """
        get = event.get
        key = tuple(map(get, self.keys))
        try:
            partition = self._by_key[key]
        except (KeyError, TypeError):
            partition = self._partition(key)
        partition.seen += 1
        if not partition.quick or (suspicious and partition.keywords):
            return self._closely(partition, event, line, suspicious)
        values = tuple(map(get, partition.names))
        try:
            found = partition.tuples.get(values)
        except TypeError:
            found = None
        return self._missed(partition, values) if found is None else found

    def _closely(self, partition: Partition, event: Event, line: bytes | memoryview, suspicious: bool) -> tuple[int, ...]:
        """What `event` meets where it takes more than the values of plain fields to tell."""
        if partition.wide is not None:
            partition = self._narrow(partition, partition.wide, event)
            partition.seen += 1
        if not partition.rules:
            return _NOTHING
        values = (*map(event.get, partition.names), *[path(event) for path in partition.paths])
        if (suspicious and partition.keywords) or partition.own_keywords is not None:
            stand = self._standing(partition, event, line)
            if stand != self._none:
                return self._by_signature(partition, tuple(map(plain, values)), stand)
        values = _hashable(values)
        found = partition.tuples.get(values)
        return self._missed(partition, values) if found is None else found

    @property
    def undecided(self) -> int:
        """How many values took an expression too long: what it would have said of them is not known."""
        return sum(matcher.undecided for matcher in (*self._matchers.values(), *self._on_keys.values(), self._matcher_anywhere))

    def _number(self, true: frozenset[int]) -> int:
        """The number of a set of predicates; equal ones share it."""
        found = self._numbers.get(true)
        if found is None:
            found = self._numbers[true] = len(self._sets)
            self._sets.append(true)
        return found

    def _standing(self, partition: Partition, event: Event, line: bytes | memoryview) -> int:
        """Which keywords stand anywhere in `event`."""
        if line and partition.own_keywords is not None and not partition.own_keywords.may_stand(line):
            return self._none
        true = frozenset().union(*map(self._matcher_anywhere.true, set(texts(event))))
        return self._number(true & partition.keywords)

    def _missed(self, partition: Partition, values: tuple[object, ...]) -> tuple[int, ...]:
        """What `values` meet that were not seen before, or are not kept."""
        worth = partition.worth
        worth.left -= 1
        if not worth.left:
            worth.weigh(partition.seen)
            if not worth.keeps:
                partition.tuples.clear()
        if not worth.keeps:
            try:
                return self._by_signature(partition, values, self._none)
            except TypeError:
                return self._by_signature(partition, _hashable(values), self._none)
        keyed = _hashable(values)
        found = None if keyed is values else partition.tuples.get(keyed)
        if found is None:
            found = partition.tuples[keyed] = self._by_signature(partition, keyed, self._none)
            worth.characters += sum([len(each) for each in keyed if each.__class__ is str])
        return found

    def _by_signature(self, partition: Partition, values: tuple[object, ...], stand: int) -> tuple[int, ...]:
        signature = (*map(getitem, partition.known, values), stand)
        if partition.equal_fields:
            its = dict(zip((each.matcher.field for each in partition.known), values, strict=True))
            same = frozenset(number for number, each in partition.equal_fields.items() if equal(its, each))
            signature = (*signature, self._number(same))
        found = partition.signatures.get(signature)
        if found is None:
            found = met(partition, frozenset().union(*map(self._sets.__getitem__, signature)))
            if len(partition.signatures) >= SIGNATURES:
                partition.signatures.clear()
            partition.signatures[signature] = found
        return found

    def _partition(self, key: tuple[object, ...]) -> Partition:
        """The partition of events whose key fields say `key`: one for all that the rules cannot tell apart."""
        said = tuple(map(plain, key))
        found = self._by_key.get(said)
        if found is None:
            true = frozenset().union(*(matcher.true(value) for matcher, value in zip(self._on_keys.values(), said, strict=True)))
            found = self._by_true.get(true)
            if found is None:
                found = self._by_true[true] = self._of(true)
            self._by_key[said] = found
        if all(each is None or each.__class__ is str or (each.__class__ is int and each not in (0, 1)) for each in key):
            self._by_key[key] = found
        if len(self._by_key) >= KEYS:
            self._by_key.clear()
        return found

    def _of(self, true: frozenset[int]) -> Partition:
        places = {*self._index.free, *(place for number in true for place in self._index.asked.get(number, ()))}
        trees = {place: self.rules[place].tree for place in sorted(places)}
        partition = self._asking(trees, lambda number: number in true if number in self._of_keys else None)
        if len(partition.known) > WIDE:
            roots = frozenset(name for each in partition.known for name in (each.matcher.field, each.matcher.field.split(".")[0]))
            partition.wide, partition.quick = Wide(roots), False
        return partition

    def _narrow(self, partition: Partition, wide: Wide, event: Event) -> Partition:
        """The part of `partition` for events that have just those fields that `event` has, once it is worth making one."""
        there = tuple(filter(wide.roots.__contains__, event))
        found = wide.parts.get(there)
        if found is not None:
            return found
        wide.came[there] += 1
        if wide.came[there] < OFTEN or len(wide.parts) >= PARTS:
            if len(wide.came) > KEYS:
                wide.came.clear()
            return partition
        names = frozenset(there)
        found = wide.by_names.get(names)
        if found is None:
            found = wide.by_names[names] = self._asking(partition.trees, lambda number: self._of_nothing(number, names))
        wide.parts[there] = found
        return found

    def _of_nothing(self, number: int, there: frozenset[str]) -> bool | None:
        """What a predicate says of an event that has only fields `there`; None where it depends on what they say."""
        predicate = self._predicates[number]
        fields = (predicate.field, predicate.argument) if predicate.kind is Kind.FIELD else (predicate.field,)
        if predicate.field == ANYWHERE or all(name in there or name.split(".")[0] in there for name in fields):
            return None
        return predicate.kind is Kind.ABSENT

    def _asking(self, trees: Mapping[int, Tree], known: Callable[[int], bool | None]) -> Partition:
        trees = {place: folded(tree, known) for place, tree in trees.items()}
        trees = {place: tree for place, tree in trees.items() if tree is not False}
        by_field: dict[str, dict[int, Predicate]] = {}
        equal_fields = {}
        for number in sorted(frozenset().union(*map(numbers, trees.values()))):
            predicate = self._predicates[number]
            of_field = by_field.setdefault(predicate.field, {})
            if predicate.kind is Kind.FIELD:
                equal_fields[number] = predicate
                by_field.setdefault(predicate.argument, {})
            else:
                of_field[number] = predicate
        keywords = frozenset(by_field.pop(ANYWHERE, ()))
        worth = Worth(self._budget)
        names = sorted(by_field, key=lambda name: ("." in name, name))
        always, by_witness = self._witnessed(trees)
        found = Partition(
            names=tuple(name for name in names if "." not in name),
            paths=tuple(getter(name) for name in names if "." in name),
            known=tuple(Known(self._matcher(name, by_field[name]), self._numbers, self._number, self._budget, worth) for name in names),
            rules=tuple(trees),
            trees=trees,
            always=always,
            by_witness=by_witness,
            equal_fields=equal_fields,
            keywords=keywords,
            own_keywords=None if keywords <= self._common else Keywords(self._predicates[number] for number in keywords),
            worth=worth,
        )
        found.quick = found.simple
        self._budget.forget.append(found.tuples.clear)
        return found

    def _matcher(self, name: str, predicates: Mapping[int, Predicate]) -> Matcher:
        key = (name, frozenset(predicates))
        if key not in self._matchers:
            self._matchers[key] = Matcher(predicates, name)
        return self._matchers[key]

    def _witnessed(self, trees: Mapping[int, Tree]) -> tuple[tuple[int, ...], dict[int, tuple[int, ...]]]:
        """The rules that every event may meet, and the others by their witnesses."""
        always: list[int] = []
        by_witness: dict[int, list[int]] = {}
        for place, tree in trees.items():
            needed = witness(tree, self._weights.__getitem__)
            if needed is None:
                always.append(place)
            for number in needed or ():
                by_witness.setdefault(number, []).append(place)
        return tuple(always), {number: tuple(places) for number, places in by_witness.items()}


def _hashable(values: tuple[object, ...]) -> tuple[object, ...]:
    """Return `values` with lists, and what equals True or False in a dictionary, as their text."""
    for each in values:
        if each.__class__ is not str and each is not None and (each.__class__ in _UNLIKE or each in (0, 1)):
            return tuple(map(plain, values))
    return values
