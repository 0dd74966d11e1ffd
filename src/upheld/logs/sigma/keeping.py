"""What the engine keeps of values and events that it has seen: as long as keeping them pays, and within a bound on memory."""

from collections.abc import Callable
from dataclasses import dataclass, field

from upheld.logs.sigma.matching import Matcher
from upheld.logs.sigma.values import plain

# Characters of values kept at the most, of all fields together; then all of it is forgotten, and fills anew.
CHARACTERS = 120_000_000
# After so many values that were not known it is looked whether knowing them pays: fewer than one in `WORTH` known do not.
WINDOW, WORTH, PAUSE = 2048, 5, 32_768
_OF_ITSELF = 150


@dataclass
class Budget:
    """How many characters are kept in all, and what forgets all of them."""

    kept: int = 0
    forget: list[Callable[[], None]] = field(default_factory=list)

    def spend(self, entries: int, characters: int) -> None:
        """Count what was kept; forget everything where that is too much."""
        self.kept += characters + entries * _OF_ITSELF
        if self.kept > CHARACTERS:
            self.kept = 0
            for each in self.forget:
                each()


class Worth:
    """Whether keeping pays: looked at after every `WINDOW` misses; what does not pay is tried again after `PAUSE` of them.

    `left` counts down to that; who misses takes one off it, adds to `characters` what it keeps, and calls `weigh` at nought.
    """

    __slots__ = ("_budget", "_missed_before", "_since", "characters", "keeps", "left")

    def __init__(self, budget: Budget) -> None:
        """Begin by keeping."""
        self._budget = budget
        self.keeps, self.left, self.characters, self._since, self._missed_before = True, WINDOW, 0, 0, 0

    @property
    def missed(self) -> int:
        """How often it was missed in all."""
        return self._missed_before + (WINDOW if self.keeps else PAUSE) - self.left

    def weigh(self, asked: int) -> None:
        """Decide anew, where `asked` is how often it was asked in all."""
        window = WINDOW if self.keeps else PAUSE
        self._missed_before += window
        known = asked - self._since - window
        if self.keeps:
            self._budget.spend(window, self.characters)
        self.keeps = not self.keeps or known * WORTH >= window
        self.left, self.characters, self._since = WINDOW if self.keeps else PAUSE, 0, asked


class Known(dict[object, int]):
    """Signatures by value: looked up as in any dictionary, found out by `matcher` where not known. Numbers are known as their text."""

    __slots__ = ("_asked", "_ids", "_number", "_of_text", "_worth", "matcher")

    def __init__(
        self, matcher: Matcher, ids: dict[frozenset[int], int], number: Callable[[frozenset[int]], int], budget: Budget, asked: Worth
    ) -> None:
        """Know nothing yet. `ids` are the numbers of sets, `number` gives a new one its own; it is asked as often as `asked` was missed."""
        super().__init__()
        self.matcher, self._ids, self._number, self._worth, self._asked = matcher, ids, number, Worth(budget), asked
        self._of_text = matcher.of_text
        budget.forget.append(self.clear)

    def __missing__(self, value: object) -> int:
        worth = self._worth
        if isinstance(value, str):
            true = self._of_text(value)
            worth.characters += len(value)
        elif value is None or isinstance(value, tuple):
            true = self.matcher.true(value)
        else:
            return self[plain(value)]
        found = self._ids.get(true)
        if found is None:
            found = self._number(true)
        if worth.keeps:
            self[value] = found
        worth.left -= 1
        if not worth.left:
            worth.weigh(self._asked.missed)
            if not worth.keeps:
                self.clear()
        return found
