"""Opening files of logs: as they are, compressed, or Windows' own (EVTX), told by their first bytes and read as lines."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import orjson

READING_ERRORS = (OSError, EOFError, lzma.LZMAError, zlib.error)
_EVTX, _EVTX_HEAD, _EVTX_CHUNK = b"ElfFile\0", 4096, 65536


def opened(path: Path) -> IO[bytes]:
    """Open `path`; what cannot be sought in, such as a pipe, is taken as it comes. Reading may raise one of `READING_ERRORS`."""
    file = path.open("rb", buffering=0)
    if not file.seekable():
        return file
    head = file.read(len(_EVTX))
    file.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file, mode="rb")  # type: ignore[return-value]  # reads as a file does
    if head.startswith(b"\xfd7zXZ\x00"):
        return lzma.LZMAFile(file)
    if head.startswith(b"BZh"):
        return bz2.BZ2File(file)
    if head == _EVTX:
        file.close()
        return io.BufferedReader(_Records(path), 1 << 20)
    return file


class _Records(io.RawIOBase):
    """The records of an EVTX file as lines of JSON, in the order of their numbers in it; can be sought in forwards, and to its end."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._restart()

    def _restart(self) -> None:
        self._lines, self._left, self._at = _records(self._path), b"", 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        target = None if whence == io.SEEK_END else offset + (self._at if whence == io.SEEK_CUR else 0)
        if target is not None and target < self._at:
            self._restart()
        while (target is None or self._at < target) and self.read(1 << 20 if target is None else min(1 << 20, target - self._at)):
            pass
        return self._at

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            line = next(self._lines, None)
            if line is None:
                return 0
            self._left = line
        many = min(len(buffer), len(self._left))
        buffer[:many] = self._left[:many]
        self._left, self._at = self._left[many:], self._at + many
        return many


def _records(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        said = int.from_bytes(file.read(44)[42:], "little")
        there = (file.seek(0, io.SEEK_END) - _EVTX_HEAD) // _EVTX_CHUNK
    from evtx import PyEvtxParser  # noqa: PLC0415  a library of two megabytes that most logs need not wait for

    try:
        for record in PyEvtxParser(str(path), number_of_threads=1).records_json():
            yield orjson.dumps(orjson.loads(record["data"] if record else "null"), option=orjson.OPT_APPEND_NEWLINE)
    except (RuntimeError, ValueError) as error:
        raise OSError(f"its records cannot be read: {error}") from error
    if there < said:
        raise OSError(f"it is cut: it says that it has {said:,} parts, and {max(0, there):,} are there")
