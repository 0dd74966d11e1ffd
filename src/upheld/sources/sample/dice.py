"""Choices that only a seed decides: the same key always falls the same way, whatever was asked before."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Dice:
    """Dice loaded with `seed`."""

    seed: str

    def number(self, key: str, low: int, high: int) -> int:
        """Return a number from `low` to `high`, both included."""
        return low + int(self.token(key), 16) % (high - low + 1)

    def pick(self, key: str, options: Sequence[T]) -> T:
        """Return one of `options`, which is not empty."""
        return options[self.number(key, 0, len(options) - 1)]

    def token(self, key: str, length: int = 16) -> str:
        """Return `length` hexadecimal digits, at most 128."""
        return hashlib.blake2b(f"{self.seed}\n{key}".encode()).hexdigest()[:length]
