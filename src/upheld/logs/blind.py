"""Rules that can never meet in a log, because no event of it has the fields that they need. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from upheld.logs.sigma.predicate import ANYWHERE, Kind, Predicate, folded, numbers
from upheld.logs.sigma.rule import Rule


@dataclass(frozen=True)
class Blind:
    """A rule, and the fields that it lacks."""

    rule: Rule
    lacking: tuple[str, ...]


def blind(rules: Iterable[Rule], predicates: Sequence[Predicate], seen: Collection[str]) -> list[Blind]:
    """Return those of `rules` that cannot meet, whatever comes, as long as no event has other fields than those `seen`."""
    seen = frozenset(seen)
    absent = {number for number, each in enumerate(predicates) if each.field != ANYWHERE and each.field not in seen}

    def known(number: int) -> bool | None:
        return predicates[number].kind is Kind.ABSENT if number in absent else None

    return [
        Blind(rule, tuple(sorted({predicates[number].field for number in numbers(rule.tree) if number in absent})))
        for rule in rules
        if folded(rule.tree, known) is False
    ]
