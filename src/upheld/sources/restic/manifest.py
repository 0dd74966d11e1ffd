"""Compares what came back with what should have: a list of digests inside the backup, or the tree it was taken of."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

NAMED_AT_MOST = 3


@dataclass(frozen=True)
class Compared:
    """The outcome: `verified` is None where nothing could be compared, and `said` tells why; `files` counts comparisons."""

    verified: bool | None
    files: int
    said: str


def digest(path: Path) -> str:
    """Return the SHA-256 of the file at `path`, in hexadecimal; raises `OSError`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def listed(text: str) -> list[tuple[str, str]]:
    """Return (digest, path) for each line that `sha256sum` wrote; a line with an escaped name begins with a backslash."""
    found = []
    for line in text.split("\n"):
        escaped = line.startswith("\\")
        word, _, name = line.removeprefix("\\").partition(" ")
        if len(word) == 64 and name[:1] in {" ", "*"}:
            name = name[1:]
            found.append((word.lower(), name.replace("\\n", "\n").replace("\\r", "\r").replace("\\\\", "\\") if escaped else name))
    return found


def by_manifest(manifest: Path) -> Compared:
    """Compare every file that `manifest` lists, below the folder it lies in, with the digest it gives."""
    folder = manifest.parent.resolve()
    try:
        entries = listed(manifest.read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError as error:
        return Compared(None, 0, f"{manifest.name} could not be read: {error.strerror}")
    if not entries:
        return Compared(None, 0, f"{manifest.name} lists no file")
    wrong = [name for word, name in entries if not _is(folder, name, word)]
    return _outcome(len(entries), wrong, f"{len(entries)} files compared with {manifest.name}")


def _is(folder: Path, name: str, word: str) -> bool:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        return False  # a link out of the restored tree proves nothing about it
    try:
        return digest(path) == word
    except OSError:
        return False


def by_source(restored: Path, source: Path, roots: Sequence[str], taken_at: datetime) -> Compared:
    """Compare restored files with those of the tree at `source`, as far as they are unchanged since `taken_at`."""
    compared, wrong, changed = 0, list[str](), 0
    for path in _files(restored, roots):
        name = path.relative_to(restored)
        original = source / name
        try:
            if original.is_symlink() or original.stat().st_mtime >= taken_at.timestamp():
                changed += 1
                continue
            compared += 1
            if digest(original) != digest(path):
                wrong.append(str(name))
        except OSError:
            changed += 1
    if not compared:
        return Compared(None, 0, f"nothing below {source} is as it was when the backup was taken")
    return _outcome(compared, wrong, f"{compared} files compared with {source}; {changed} have changed there since")


def _files(restored: Path, roots: Sequence[str]) -> Iterator[Path]:
    for root in roots or ["/"]:
        for folder, _, names in os.walk(restored / root.lstrip("/")):
            yield from (path for name in sorted(names) if not (path := Path(folder) / name).is_symlink() and path.is_file())


def _outcome(count: int, wrong: Sequence[str], said: str) -> Compared:
    if not wrong:
        return Compared(True, count, f"{said}: all equal")
    named = ", ".join(ascii(name)[1:-1] for name in wrong[:NAMED_AT_MOST])
    more = f" and {len(wrong) - NAMED_AT_MOST} more" if len(wrong) > NAMED_AT_MOST else ""
    return Compared(False, count, f"{said}: {named}{more} missing or different")
