"""Lines of JSON as events: many bytes at a time, and no byte copied twice. Knows no database."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, Protocol

import orjson

from upheld.logs.event import lenient
from upheld.logs.formats import azure, cloudtrail
from upheld.logs.formats.windows import unfolded
from upheld.logs.records import inside
from upheld.logs.sigma.keywords import Keywords

# Bytes read at once: they stay in the processor's cache. A line may be longer, up to the most.
BLOCK, LONGEST = 1 << 19, 1 << 28
# Collectors' envelopes have few fields at the top.
_FEW = 12

Fields = Mapping[str, Any]


class Matching(Protocol):
    """What events are held against; `Engine` is one."""

    @property
    def keywords(self) -> Keywords:
        """Tells of many lines in which a keyword may stand."""

    def matches(self, event: Fields, line: bytes | memoryview = ..., suspicious: bool = ...) -> tuple[int, ...]:
        """What `event` meets."""


class Lines:
    """Reads events out of a file and holds each against `engine`; tells `met` what an event met: its fields, what, and its line's number.

    `events` and `unread` count; a line is unread that holds no JSON object.
    """

    def __init__(self, engine: Matching, met: Callable[[Fields, tuple[int, ...], int], None]) -> None:
        """Begin with nothing read."""
        self._engine, self._met = engine, met
        self.events = self.unread = 0

    def read(self, file: IO[bytes]) -> None:
        """Read `file` to its end; raises one of `opening.READING_ERRORS`, after what could be read was shown."""
        for _ in self.blocks(file):
            pass

    def blocks(self, file: IO[bytes]) -> Iterator[None]:
        """Read `file` as `read` does, yielding after every so many bytes."""
        buffer, kept, number = bytearray(BLOCK), 0, 1
        while True:
            with memoryview(buffer) as view:
                many = file.readinto(view[kept:])  # type: ignore[attr-defined]
                end = kept + (many or 0)
                cut = buffer.rfind(b"\n", 0, end) + 1 if many else end
                number += self._block(buffer, view, cut, number)
                kept = end - cut
                if not many:
                    return
                view[:kept] = bytes(view[cut:end])
            yield
            if kept == len(buffer):
                buffer.extend(bytes(len(buffer)))
                if len(buffer) > LONGEST:
                    raise OSError(f"a line of it has more than {LONGEST // 2:,} bytes")

    def _block(self, buffer: bytearray, view: memoryview, end: int, number: int) -> int:
        """Show what is in `buffer` up to `end`; return how many lines that were."""
        if not end:
            return 0
        told = self._engine.keywords.lines(buffer)
        find, loads, matches = buffer.find, orjson.loads, self._engine.matches
        marked: frozenset[int] = told or frozenset()
        start, first, odd, anywhere = 0, number, 0, told is None
        while start < end:
            stop = find(b"\n", start, end)
            if stop < 0:
                stop = end
            line = view[start:stop]
            start = stop + 1
            try:
                event = loads(line)
                if event.__class__ is not dict or len(event) <= _FEW or "operationName" in event:
                    raise ValueError  # an envelope, one of Azure's, or no object: looked at closely
            except ValueError:
                odd += 1
                self._odd(bytes(line), number)
            else:
                found = matches(event, line, anywhere or number - first in marked)
                if found:
                    self._met(event, found, number)
            number += 1
        self.events += number - first - odd
        return number - first

    def _odd(self, line: bytes, number: int) -> None:
        """Show the events of a line that is none by itself: one in an envelope, several in a list, or what is not quite JSON."""
        said = line.removeprefix(b"\xef\xbb\xbf").strip()
        if not said:
            return
        found = [each for each in inside(lenient(said)) if isinstance(each, dict)]
        self.unread += not found
        for event in found:
            self.events += 1
            fields = azure.unfolded(cloudtrail.unfolded(unfolded(event)))
            met = self._engine.matches(fields, line)
            if met:
                self._met(fields, met, number)
