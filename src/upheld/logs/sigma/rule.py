"""What a rule is once it was read: its condition as a tree over numbered predicates, and who wrote it. Knows no pySigma."""

from dataclasses import dataclass, field
from typing import NamedTuple

from upheld.logs.sigma.correlation import Correlation
from upheld.logs.sigma.predicate import Predicate, Tree


class Rule(NamedTuple):
    """One rule: who wrote it and under which licence stays with each detection. `tree` is over the numbers of its `RuleSet`."""

    id: str
    name: str
    title: str
    level: str
    status: str
    author: str
    licence: str
    product: str
    category: str
    service: str
    tags: tuple[str, ...]
    place: str
    digest: str
    tree: Tree


@dataclass
class RuleSet:
    """Rules, the predicates their trees speak of, what correlates them, and what was left out: why, by its place (a file), and its id.

    Of what was left out, nothing is lost with `no_loss`: files that hold no rule, filters about nothing, rules given up by their authors.
    """

    rules: list[Rule] = field(default_factory=list)
    correlations: list[Correlation] = field(default_factory=list)
    predicates: list[Predicate] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    left_out_ids: dict[str, str] = field(default_factory=dict)
    no_loss: set[str] = field(default_factory=set)
    _numbers: dict[Predicate, int] = field(default_factory=dict)

    def number(self, predicate: Predicate) -> int:
        """Return the number of `predicate`; equal ones share it."""
        found = self._numbers.get(predicate)
        if found is None:
            found = self._numbers[predicate] = len(self.predicates)
            self.predicates.append(predicate)
        return found

    @property
    def lost(self) -> int:
        """How many rules do not run that should."""
        return len(self.left_out) - len(self.no_loss)

    def leave_out(self, place: str, id: str, why: str, lost: bool = True) -> None:
        """Say that a rule of `place` does not run, and why; a second one of the same file is told apart by its id."""
        each = place if place not in self.left_out else f"{place} ({id})"
        while each in self.left_out:
            each += " again"
        self.left_out[each], self.left_out_ids[each] = why, id
        if not lost:
            self.no_loss.add(each)
