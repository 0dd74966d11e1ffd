"""Records that are no lines (EVTX, journald's export, CSV, one object with many in it), read from their files as lines of JSON."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import orjson

from upheld.logs.marks import MOST, Marks

_EVTX_HEAD, _EVTX_CHUNK, _EVTX_PART = 4096, 65536, b"ElfChnk\0"
LONGEST_BYTES = 1 << 28
# What a file that is one object has its events in (CloudTrail, Azure).
WRAPPED = ("Records", "records", "value", "Events", "events")
_SPACE = re.compile(r"\s*")
Open = Callable[[], IO[bytes]]
# A line, and the byte of the file after it from which lines can be made (0 where that cannot be) with what stands before that byte.
Line = tuple[bytes, int, bytes]
Made = Callable[[int], Iterator[Line]]


class Records(io.RawIOBase):
    """Lines that `made` makes anew from a byte of the file on; can be sought in, by `marks` without making all that is before."""

    def __init__(self, made: Made, marks: Marks) -> None:
        """Begin at the first."""
        self._made, self._marks = made, marks
        self._go(0, 0)

    def _go(self, at: int, byte: int) -> None:
        self._lines, self._left, self._at, self._byte, self._said = self._made(byte), b"", at, 0, b""

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """At which byte of the lines it is."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go there by reading, from the last mark before it."""
        target = None if whence == io.SEEK_END else offset + (self._at if whence == io.SEEK_CUR else 0)
        self._marks.sought = self._marks.sought if target is None else target
        at, byte = self._marks.before(target)
        if at > self._at or (target is not None and target < self._at):
            self._go(at, byte)
        while (target is None or self._at < target) and self.read(1 << 20 if target is None else min(1 << 20, target - self._at)):
            pass
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read what the next line has."""
        while not self._left:
            line = next(self._lines, None)
            if line is None:
                return 0
            self._left, self._byte, self._said = line
        many = min(len(buffer), len(self._left))
        buffer[:many] = self._left[:many]
        self._left, self._at = self._left[many:], self._at + many
        if self._byte and not self._left:
            self._marks.add(self._at, self._byte, self._said)
        return many


def _line(said: object) -> bytes:
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS)


def evtx(path: Path, start: int = 0) -> Iterator[Line]:
    """Yield the records of an EVTX file, in the order of their numbers in it; its parts can be read each by itself."""
    with path.open("rb") as file:
        head = file.read(_EVTX_HEAD)
        said = int.from_bytes(head[42:44], "little")
        there = (file.seek(0, io.SEEK_END) - _EVTX_HEAD) // _EVTX_CHUNK
        for number in range(max(0, start - _EVTX_HEAD) // _EVTX_CHUNK, there):
            begins = _EVTX_HEAD + number * _EVTX_CHUNK
            file.seek(begins)
            part, follows = file.read(_EVTX_CHUNK), file.read(len(_EVTX_PART)) == _EVTX_PART
            if part.startswith(_EVTX_PART):
                records = list(_records(head + part))
                yield from ((line, 0, b"") for line in records[:-1])
                yield from ((line, begins + _EVTX_CHUNK if follows else 0, part[-MOST:]) for line in records[-1:])
    if there < said:
        raise OSError(f"it is cut: it says that it has {said:,} parts, and {max(0, there):,} are there")


def _records(part: bytes) -> Iterator[bytes]:
    from evtx import PyEvtxParser  # noqa: PLC0415  a library of two megabytes that most logs need not wait for

    try:
        for record in PyEvtxParser(io.BytesIO(part), number_of_threads=1).records_json():
            yield _line(orjson.loads(record["data"] if record else "null"))
    except (RuntimeError, ValueError) as error:
        raise OSError(f"its records cannot be read: {error}") from error


def journal(open_: Open, start: int = 0) -> Iterator[Line]:
    """Yield what `journalctl -o export` wrote; a record that is not ended yet waits. A field that comes twice is a list."""
    with open_() as file:
        file.seek(start)
        record: dict[str, Any] = {}
        last = b""
        while field := _field(file):
            name, value = field
            if name:
                last = value[-MOST:].encode() + b"\n\n"  # what stands before the next record, be the field binary or not
                record[name] = [*_listed(record[name]), value] if name in record else value
            elif record:
                yield _line(record), file.tell(), last
                record = {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _field(file: IO[bytes]) -> tuple[str, str] | None:
    """The next field; ("", "") for the end of a record, None for the end of what is whole."""
    line = file.readline(LONGEST_BYTES)
    if not line.endswith(b"\n"):
        return None
    if line == b"\n":
        return "", ""
    name, is_text, value = line[:-1].partition(b"=")
    if not is_text:
        size = int.from_bytes(file.read(8), "little")
        if size > LONGEST_BYTES:
            raise OSError(f"a field of it has {size:,} bytes: it is no export of a journal")
        value = file.read(size)
        if len(value) < size or file.read(1) != b"\n":
            return None
    return name.decode("utf-8", "replace"), value.decode("utf-8", "replace")


def table(open_: Open, delimiter: str, start: int = 0) -> Iterator[Line]:
    """Yield the rows of a table as CSV, each with the names that its first row gives; one that is not ended yet waits."""
    with open_() as file:
        whole = _Whole(file)
        rows = csv.reader(whole, delimiter=delimiter, strict=True)
        try:
            names = [name.strip().removeprefix("\ufeff") for name in next(rows, [])]
            if start:
                whole.at = file.seek(start)
            for row in rows:
                if row:
                    more = {"more": row[len(names) :]} if len(row) > len(names) else {}
                    yield _line(dict(zip(names, row, strict=False)) | more), whole.at, whole.last
        except csv.Error as error:
            if "unexpected end" not in str(error):  # within quotes: the rest of that row is still to be written
                place = f"row {rows.line_num}" if not start else f"row {rows.line_num - 1} after byte {start:,}"
                raise OSError(f"{place} is no CSV: {error}") from error


class _Whole:
    """The lines of `file` that have an end, as text; `last` is the last of them, and `at` the byte behind it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.at, self.last = file, 0, b""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_BYTES)
        if not line.endswith(b"\n"):
            raise StopIteration
        self.at, self.last = self.at + len(line), line
        return line.decode("utf-8", "replace")


def wrapped(open_: Open, start: int = 0) -> Iterator[Line]:
    """Yield the events of a file that is one object with a list of them; it is read whole, so that `start` is 0."""
    with open_() as file:
        file.seek(start)
        try:
            said = orjson.loads(file.read(LONGEST_BYTES))
        except orjson.JSONDecodeError:
            return  # still being written: it is read once it is whole
        for each in next((said[name] for name in WRAPPED if isinstance(said.get(name), list)), []):
            yield _line(each), 0, b""


def inside(said: object) -> list[Any]:
    """Return the events in `said`: those of a list, or of an object that has little else than one; else `said` itself."""
    if isinstance(said, list):
        return said
    if isinstance(said, dict) and len(said) <= 2:
        within = next((said[name] for name in WRAPPED if isinstance(said.get(name), list)), None)
        if within and all(isinstance(each, dict) for each in within):
            return list(within)
    return [said]


def spread(open_: Open, start: int = 0) -> Iterator[Line]:
    """Yield the events of a file of values that stand over several lines each; its lines as they are where it has something else."""
    with open_() as file:
        file.seek(start)
        text = file.read(LONGEST_BYTES)
        values = _values(text)
        if values is None:
            file.seek(start)
            yield from ((line, 0, b"") for line in iter(lambda: file.readline(LONGEST_BYTES), b""))
        for value in values or ():
            yield from ((_line(each), 0, b"") for each in inside(value))


def _values(text: bytes) -> list[object] | None:
    """All values in `text`; None where something in it is none."""
    text = text.removeprefix(b"\xef\xbb\xbf")
    try:
        return [orjson.loads(text)]
    except orjson.JSONDecodeError:
        said, found, decoder, at = text.decode("utf-8", "replace").strip(), list[object](), json.JSONDecoder(), 0
    try:
        while at < len(said):
            value, end = decoder.raw_decode(said, at)
            found.append(value)
            space = _SPACE.match(said, end)
            at = space.end() if space else end
    except (ValueError, RecursionError):
        return None
    return found


def recoded(open_: Open, start: int = 0) -> Iterator[Line]:
    """Yield the lines of a file in UTF-16, which begins with its mark."""
    with open_() as file, io.TextIOWrapper(file, encoding="utf-16", errors="replace", newline="\n") as text:
        text.seek(start)
        yield from ((line.encode("utf-8", "replace"), 0, b"") for line in text)
