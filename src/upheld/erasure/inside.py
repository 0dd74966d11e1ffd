"""Whether a name can be read in a file: in its bytes, and in what common formats keep packed (zip, as of office programs; PDF; gzip)."""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

_MOST_BYTES = 64_000_000  # unpacked, of one file: more is not read
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_KEPT_PACKED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def names(path: Path, needles: Sequence[str]) -> bool:
    """Whether one of `needles`, in whatever case of its letters, is in the file: as UTF-8, UTF-16, or an escaped text of JSON."""
    wanted = spellings(needles)
    return any(_has(piece, wanted) for piece in _pieces(path.read_bytes()))


def spellings(needles: Iterable[str]) -> set[bytes]:
    """Return the bytes by which `needles` may stand in a file."""
    said = {each for needle in needles for each in (needle, needle.lower())}
    escaped = {each.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00") for each in said}
    return {each.encode("utf-8", "surrogatepass") for each in said} | escaped | {each.encode("utf-16-le", "surrogatepass") for each in said}


def _has(piece: bytes, wanted: Iterable[bytes]) -> bool:
    lowered = piece.lower()
    return any(needle in lowered or needle in piece for needle in wanted)


def _pieces(said: bytes) -> Iterator[bytes]:
    """Yield the bytes, and what can be unpacked of them; what cannot is passed over."""
    yield said
    if said.startswith(b"PK"):
        yield from _zipped(said)
    elif said.startswith(b"%PDF"):
        yield from filter(None, (_inflated(match[1], zlib.MAX_WBITS) for match in _STREAM.finditer(said)))
    elif said.startswith(b"\x1f\x8b"):
        yield _inflated(said, zlib.MAX_WBITS | 16)


def _zipped(said: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(BytesIO(said)) as archive:
            room = _MOST_BYTES
            for member in archive.infolist():
                with archive.open(member) as file:
                    piece = file.read(room)
                room -= len(piece)
                yield member.filename.encode("utf-8", "surrogatepass")
                yield piece
    except _KEPT_PACKED:
        return


def _inflated(packed: bytes, bits: int) -> bytes:
    try:
        return zlib.decompressobj(bits).decompress(packed, _MOST_BYTES)
    except zlib.error:
        return b""
