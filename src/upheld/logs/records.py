"""Records that are no lines (EVTX, journald's export, CSV, one object with many in it), read from their files as lines of JSON."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import orjson

_EVTX_HEAD, _EVTX_CHUNK = 4096, 65536
LONGEST_BYTES = 1 << 28
# What a file that is one object has its events in (CloudTrail, Azure).
WRAPPED = ("Records", "records", "value", "Events", "events")
Open = Callable[[], IO[bytes]]


class Records(io.RawIOBase):
    """Lines that `made` makes anew each time; can be sought in forwards, and to their end."""

    def __init__(self, made: Callable[[], Iterator[bytes]]) -> None:
        """Begin at the first."""
        self._made = made
        self._restart()

    def _restart(self) -> None:
        self._lines, self._left, self._at = self._made(), b"", 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes, forwards; backwards it begins anew."""
        return True

    def tell(self) -> int:
        """At which byte of the lines it is."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go there by reading."""
        target = None if whence == io.SEEK_END else offset + (self._at if whence == io.SEEK_CUR else 0)
        if target is not None and target < self._at:
            self._restart()
        while (target is None or self._at < target) and self.read(1 << 20 if target is None else min(1 << 20, target - self._at)):
            pass
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read what the next line has."""
        while not self._left:
            line = next(self._lines, None)
            if line is None:
                return 0
            self._left = line
        many = min(len(buffer), len(self._left))
        buffer[:many] = self._left[:many]
        self._left, self._at = self._left[many:], self._at + many
        return many


def _line(said: object) -> bytes:
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS)


def evtx(path: Path) -> Iterator[bytes]:
    """Yield the records of an EVTX file, in the order of their numbers in it."""
    with path.open("rb") as file:
        said = int.from_bytes(file.read(44)[42:], "little")
        there = (file.seek(0, io.SEEK_END) - _EVTX_HEAD) // _EVTX_CHUNK
    from evtx import PyEvtxParser  # noqa: PLC0415  a library of two megabytes that most logs need not wait for

    try:
        for record in PyEvtxParser(str(path), number_of_threads=1).records_json():
            yield _line(orjson.loads(record["data"] if record else "null"))
    except (RuntimeError, ValueError) as error:
        raise OSError(f"its records cannot be read: {error}") from error
    if there < said:
        raise OSError(f"it is cut: it says that it has {said:,} parts, and {max(0, there):,} are there")


def journal(open_: Open) -> Iterator[bytes]:
    """Yield what `journalctl -o export` wrote; a record that is not ended yet waits. A field that comes twice is a list."""
    with open_() as file:
        record: dict[str, Any] = {}
        while field := _field(file):
            name, value = field
            if name:
                record[name] = [*_listed(record[name]), value] if name in record else value
            elif record:
                yield _line(record)
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


def table(open_: Open, delimiter: str) -> Iterator[bytes]:
    """Yield the rows of a table as CSV, each with the names that its first row gives; one that is not ended yet waits."""
    with open_() as file:
        whole = (line.decode("utf-8", "replace") for line in iter(lambda: file.readline(LONGEST_BYTES), b"") if line.endswith(b"\n"))
        rows = csv.reader(whole, delimiter=delimiter, strict=True)
        try:
            names = [name.strip().removeprefix("\ufeff") for name in next(rows, [])]
            for row in rows:
                if row:
                    more = {"more": row[len(names) :]} if len(row) > len(names) else {}
                    yield _line(dict(zip(names, row, strict=False)) | more)
        except csv.Error as error:
            if "unexpected end" not in str(error):  # within quotes: the rest of that row is still to be written
                raise OSError(f"row {rows.line_num} is no CSV: {error}") from error


def wrapped(open_: Open) -> Iterator[bytes]:
    """Yield the events of a file that is one object with a list of them."""
    with open_() as file:
        try:
            said = orjson.loads(file.read(LONGEST_BYTES))
        except orjson.JSONDecodeError:
            return  # still being written: it is read once it is whole
        for each in next((said[name] for name in WRAPPED if isinstance(said.get(name), list)), []):
            yield _line(each)
