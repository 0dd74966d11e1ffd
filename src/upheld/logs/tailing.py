"""Following files that grow, rotate, are compressed or cut: each byte is read once, and what cannot have been is said.

A file is known by a digest of its head, so that it stays the same under another name, as a copy, or compressed.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from glob import glob
from pathlib import Path
from typing import IO

from upheld.logs.opening import READING_ERRORS, opened

HEAD_BYTES, LAST_BYTES, PIECE_BYTES, LINE_BYTES = 1024, 64, 4 << 20, 1 << 20


@dataclass(frozen=True)
class Followed:
    """A file as far as it was read: the digest of its first `head_bytes`, how many bytes were read, and where it lay last.

    `id` stays the same however it grows and wherever it goes. `last` is the digest of the `last_bytes` that were read last: a file
    of another head that still has these in their place is the same, with its beginning changed.
    """

    id: str
    head: str
    head_bytes: int
    read_bytes: int
    path: str
    last: str = ""
    last_bytes: int = 0


@dataclass(frozen=True)
class Piece:
    """Whole lines of one file, from `first_byte` on. `followed` is how far the file is read with it; `sha256` is of its bytes."""

    followed: Followed
    first_byte: int
    data: bytes
    sha256: str


@dataclass(frozen=True)
class Trouble:
    """Something about a file that means events may be missing or altered."""

    path: str
    what: str


def files(pattern: str) -> list[Path]:
    """Return the regular files that `pattern` (as in a shell) names, oldest change first."""
    found = [(_changed_at(path), path.name, path) for path in map(Path, glob(pattern))]  # noqa: PTH207  the pattern is of whole paths
    return [path for _, _, path in sorted(found) if path.is_file() and not path.is_symlink()]


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0  # it was moved just now: it is found under its new name, or the next time


def follow(paths: Iterable[Path], known: Iterable[Followed]) -> Iterator[Piece | Trouble]:
    """Yield what is new in the files `paths` since they were read as far as `known` says, and what is wrong with them.

    Of a file that is still written to, a last line without an end waits for the next time.
    """
    left = list(known)
    for path in paths:
        if not path.is_file():
            yield Trouble(str(path), "it is no file that can be followed: a pipe, a socket, or gone")
            continue
        try:
            with opened(path, apart=True) as file:
                yield from _follow(path, file, left)
        except READING_ERRORS as error:
            yield Trouble(str(path), f"it cannot be read: {error}")


def _follow(path: Path, opened: IO[bytes], left: list[Followed]) -> Iterator[Piece | Trouble]:
    head = opened.read(HEAD_BYTES)
    if not head:
        return
    before = next((each for each in left if _is_same(each, head)), None)
    if before is None and (changed := next((each for each in left if each.path == str(path) and _ends_same(each, opened)), None)):
        left.remove(changed)
        at = replace(changed, head=hashlib.sha256(head).hexdigest(), head_bytes=len(head))
        yield Piece(at, at.read_bytes, b"", hashlib.sha256(b"").hexdigest())
        yield from _pieces(opened, at)
        return
    if before is None:
        cut = next((each for each in left if each.path == str(path) and each.head_bytes > len(head) and each.read_bytes > len(head)), None)
        if cut is not None:
            yield Trouble(str(path), f"it was cut: {cut.read_bytes:,} bytes of it were read, and it begins otherwise now")
        before = Followed(secrets.token_hex(8), "", 0, 0, str(path))
    else:
        left.remove(before)
    at = replace(before, path=str(path))
    if at.head_bytes < len(head):
        at = replace(at, head=hashlib.sha256(head).hexdigest(), head_bytes=len(head))
    size = opened.seek(0, 2)
    if size < at.read_bytes:
        yield Trouble(str(path), f"it was cut: {at.read_bytes:,} bytes of it were read, and {size:,} are left")
        return
    yield from _pieces(opened, at)


def _pieces(opened: IO[bytes], at: Followed) -> Iterator[Piece]:
    opened.seek(at.read_bytes)
    while data := opened.read(PIECE_BYTES):
        whole = data.rfind(b"\n") + 1
        if not whole:
            if len(data) < LINE_BYTES:
                return
            whole = len(data)  # a line beyond all measure is taken in parts: it must not stop what comes after it
        piece, first = data[:whole], at.read_bytes
        last = piece[-LAST_BYTES:]
        at = replace(at, read_bytes=first + whole, last=hashlib.sha256(last).hexdigest(), last_bytes=len(last))
        yield Piece(at, first, piece, hashlib.sha256(piece).hexdigest())
        opened.seek(at.read_bytes)


def altered(pattern: str, read: Iterable[tuple[Followed, int, int, str]]) -> Iterator[Trouble]:
    """Yield the pieces (file, first byte, length, SHA-256) that are no longer what was read, where their file is still there."""
    heads: dict[Path, bytes] = {}
    for path in files(pattern):
        try:
            with opened(path, apart=True) as file:
                heads[path] = file.read(HEAD_BYTES)
        except READING_ERRORS:
            continue
    pieces: dict[Path, list[tuple[int, int, str]]] = {}
    for its, first, length, sha256 in read:
        for path in [path for path, head in heads.items() if _is_same(its, head)][:1]:
            pieces.setdefault(path, []).append((first, length, sha256))
    for path, its_pieces in pieces.items():
        with opened(path, apart=True) as file:
            for first, length, sha256 in sorted(its_pieces):
                file.seek(first)
                if hashlib.sha256(file.read(length)).hexdigest() != sha256:
                    yield Trouble(str(path), changed(first, length))


def changed(first: int, length: int) -> str:
    """Return in words that `length` bytes from `first` on are no longer what was read."""
    return f"bytes {first:,} to {first + length:,} were changed after they were read"


def _is_same(file: Followed, head: bytes) -> bool:
    return 0 < file.head_bytes <= len(head) and hashlib.sha256(head[: file.head_bytes]).hexdigest() == file.head


def _ends_same(file: Followed, opened: IO[bytes]) -> bool:
    """Whether what was read last of `file` still stands where it stood."""
    if not file.last_bytes:
        return False
    opened.seek(file.read_bytes - file.last_bytes)
    return hashlib.sha256(opened.read(file.last_bytes)).hexdigest() == file.last
