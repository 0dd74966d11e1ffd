"""Marks in files whose records are no lines: where in the file the records go on, so that a long one is not read from its beginning again.

They are kept in memory, and believed only while the file is the same and still says before the mark what it said.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

_FILES, _APART = 256, 1 << 20  # files, and bytes of lines between two marks
MOST = 256  # bytes of the file that a mark is known by
Reads = Callable[[int, int], bytes]


@dataclass
class Marks:
    """The marks of one file, by the byte of the lines; `reads` tells bytes of the file, from one to another.

    `sought` is where in the lines somebody went last, as to read on from there the next time.
    """

    reads: Reads
    lines: list[int] = field(default_factory=list)
    places: list[tuple[int, bytes]] = field(default_factory=list)
    sought: int = -1

    def add(self, at: int, byte: int, said: bytes) -> None:
        """Remember that the lines go on at `byte` of the file, before which it says `said`, after their byte `at`.

        Of marks near one another the last stays, and where somebody went.
        """
        if self.lines and at <= self.lines[-1]:
            return
        keep = 2 if self.lines and self.lines[-1] == self.sought else 1
        if len(self.lines) > keep and self.lines[-keep] - self.lines[-keep - 1] < _APART:
            del self.lines[-keep], self.places[-keep]
        self.lines.append(at)
        self.places.append((byte, said[-MOST:]))

    def before(self, target: int | None) -> tuple[int, int]:
        """Return the last mark up to the byte `target` of the lines (None: of all), with the byte of the file; (0, 0) without one."""
        while number := bisect_right(self.lines, target) if target is not None else len(self.lines):
            at, (byte, said) = self.lines[number - 1], self.places[number - 1]
            if said == self.reads(byte - len(said), byte):
                return at, byte
            del self.lines[number - 1 :], self.places[number - 1 :]
        return 0, 0


_known: OrderedDict[tuple[str, int, int], Marks] = OrderedDict()


def of(path: Path, reads: Reads) -> Marks:
    """Return the marks of the file at `path`, known by its number on its disk; `reads` reads it as it is now."""
    there = path.stat()
    key = (str(path), there.st_dev, there.st_ino)
    found = _known.setdefault(key, Marks(reads))
    found.reads = reads
    _known.move_to_end(key)
    if len(_known) > _FILES:
        _known.popitem(last=False)
    return found
