"""Opening files of logs: as they are, compressed, or records that are no lines, told by first bytes and names, and read as lines."""

import bz2
import gzip
import io
import lzma
import re
import zlib
from functools import partial
from pathlib import Path
from typing import IO

from upheld.logs import marks
from upheld.logs.records import WRAPPED, Records, evtx, journal, table, wrapped

READING_ERRORS = (OSError, EOFError, lzma.LZMAError, zlib.error)
_EVTX, _JOURNAL = b"ElfFile\0", b"__CURSOR="
_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_PACKED = (".gz", ".xz", ".bz2")
_WRAPPED = re.compile(rb'\s*\{\s*"(?:%b)"\s*:\s*\[' % "|".join(WRAPPED).encode())
_HEAD_BYTES = 256


def opened(path: Path, *, apart: bool = False) -> IO[bytes]:
    """Open `path`; what cannot be sought in, such as a pipe, is taken as it comes. Reading may raise one of `READING_ERRORS`.

    `apart`: a file that is one object with many events (CloudTrail) is read as lines, too.
    """
    file = _unpacked(path)
    if not file.seekable():
        return file
    head = file.read(_HEAD_BYTES)
    delimiter = _DELIMITERS.get(next((each for each in reversed(path.suffixes) if each.lower() not in _PACKED), "").lower())
    made, again = None, partial(_buffered, path)
    if head.startswith(_EVTX):
        made = partial(evtx, path)
    elif head.startswith(_JOURNAL):
        made = partial(journal, again)
    elif delimiter is not None:
        made = partial(table, again, delimiter)
    elif apart and _WRAPPED.match(head):
        made = partial(wrapped, again)
    if made is None:
        file.seek(0)
        return file
    file.close()
    return io.BufferedReader(Records(made, marks.of(path, partial(_said, path))), 1 << 20)


def _buffered(path: Path) -> IO[bytes]:
    file = _unpacked(path)
    return io.BufferedReader(file, 1 << 18) if isinstance(file, io.RawIOBase) else file


def _said(path: Path, begin: int, end: int) -> bytes:
    """The bytes of the file from `begin` to `end`, unpacked."""
    with _unpacked(path) as file:
        file.seek(begin)
        return file.read(end - begin)


def _unpacked(path: Path) -> IO[bytes]:
    file = path.open("rb", buffering=0)
    if not file.seekable():
        return file
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file, mode="rb")  # type: ignore[return-value]  # reads as a file does
    if head.startswith(b"\xfd7zXZ\x00"):
        return lzma.LZMAFile(file)
    if head.startswith(b"BZh"):
        return bz2.BZ2File(file)
    return file
