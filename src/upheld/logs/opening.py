"""Opening files of logs: as they are, compressed, or records that are no lines, told by first bytes and names, and read as lines."""

import bz2
import codecs
import gzip
import io
import lzma
import re
import zlib
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from upheld.logs import marks
from upheld.logs.records import WRAPPED, Made, Records, evtx, journal, recoded, spread, table, wrapped

READING_ERRORS = (OSError, EOFError, lzma.LZMAError, zlib.error)
_EVTX, _JOURNAL = b"ElfFile\0", b"__CURSOR="
_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_PACKED = (".gz", ".xz", ".bz2")
_WRAPPED = re.compile(rb'\s*\{\s*"(?:%b)"\s*:\s*\[' % "|".join(WRAPPED).encode())
# One value over several lines, as programs print it for people: its first line does not end what it begins.
_SPREAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{](?:[^\n]*[\[{,])?[ \t\r]*\n")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD_BYTES, _STDIN = 256, Path("/dev/stdin")


def opened(path: Path, *, apart: bool = False) -> IO[bytes]:
    """Open `path`; what cannot be sought in, such as a pipe, is taken as it comes. Reading may raise one of `READING_ERRORS`.

    `apart`: a file that is one object with many events (CloudTrail) is read as lines, too; it may be still being written. Without it,
    lines may hold such objects, and a file that is no lines but values over several lines is read as one line each.
    """
    file = _unpacked(path)
    if not file.seekable():
        return file
    made = _made(path, file.read(_HEAD_BYTES), apart=apart)
    if made is None:
        file.seek(0)
        return file
    file.close()
    return io.BufferedReader(Records(made, marks.of(path, partial(_said, path))), 1 << 20)


def _made(path: Path, head: bytes, *, apart: bool) -> Made | None:
    """What makes lines of the file that begins with `head`; None where it has lines."""
    delimiter = _DELIMITERS.get(next((each for each in reversed(path.suffixes) if each.lower() not in _PACKED), "").lower())
    again = partial(_buffered, path)
    if head.startswith(_EVTX):
        return partial(evtx, path)
    if head.startswith(_JOURNAL):
        return partial(journal, again)
    if delimiter is not None:
        return partial(table, again, delimiter)
    if head.startswith(_UTF16):
        return partial(recoded, again)
    if apart:
        return partial(wrapped, again) if _WRAPPED.match(head) else None
    return partial(spread, again) if _SPREAD.match(head) else None


def _buffered(path: Path) -> IO[bytes]:
    file = _unpacked(path)
    return io.BufferedReader(file, 1 << 18) if isinstance(file, io.RawIOBase) else file


def _said(path: Path, begin: int, end: int) -> bytes:
    """The bytes of the file from `begin` to `end`, unpacked."""
    with _unpacked(path) as file:
        file.seek(begin)
        return file.read(end - begin)


def _unpacked(path: Path) -> IO[bytes]:
    file = (_STDIN if str(path) == "-" else path).open("rb", buffering=0)
    if not file.seekable():
        return file
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return cast("IO[bytes]", Unpacked(gzip.GzipFile(fileobj=file, mode="rb")))
    if head.startswith(b"\xfd7zXZ\x00"):
        return cast("IO[bytes]", Unpacked(lzma.LZMAFile(file)))
    if head.startswith(b"BZh"):
        return cast("IO[bytes]", Unpacked(bz2.BZ2File(file)))
    return file


class Unpacked(io.RawIOBase):
    """What a packed file has, up to where it is damaged: what is wrong there is raised once all before was read."""

    def __init__(self, packed: gzip.GzipFile | lzma.LZMAFile | bz2.BZ2File) -> None:
        """Begin at the first byte."""
        self._packed = packed
        self._wrong: Exception | None = None

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """At which byte it is."""
        return self._packed.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go there by reading."""
        self._wrong = None
        return self._packed.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        """Read as much as there is room for."""
        many = 0
        while many < len(buffer) and self._wrong is None:
            try:
                some = self._packed.read1(len(buffer) - many)
            except READING_ERRORS as error:
                self._wrong = error
                break
            if not some:
                break
            buffer[many : many + len(some)] = some
            many += len(some)
        if self._wrong is not None and not many:
            raise self._wrong
        return many
