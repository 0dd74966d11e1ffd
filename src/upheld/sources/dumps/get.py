"""Looks into a folder of database dumps, and reads each dump to its end by the program that would restore it."""

import gzip
import os
import subprocess
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

TRAILERS = (b"-- PostgreSQL database dump complete", b"-- PostgreSQL database cluster dump complete", b"-- Dump completed")
CUSTOM, TAR_MAGIC = b"PGDMP", b"ustar"
END_OF_TAR = bytes(1024)
CHUNK_BYTES = 1 << 20
TAIL_BYTES = 1024


@dataclass(frozen=True)
class Found:
    """One dump in the folder: a file, or the folder that pg_dump -Fd writes. `size_bytes` and the time are the file system's."""

    path: Path
    name: str
    size_bytes: int
    modified_at: datetime


@dataclass(frozen=True)
class Read:
    """Whether a dump could be read to its end; None when it could not be tried, and `why`. `archive`: pg_restore can restore it."""

    complete: bool | None
    archive: bool
    why: str = ""


def dumps(folder: Path) -> Iterator[Found]:
    """Yield the dumps directly in `folder`, by name; raises `OSError` when it cannot be listed. Hidden and partial files are none."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.startswith(".") or entry.name.endswith((".json", ".part", ".tmp", ".sha256")):
            continue
        path = Path(entry.path)
        if entry.is_file(follow_symlinks=False):
            said = entry.stat(follow_symlinks=False)
            yield Found(path, entry.name, said.st_size, datetime.fromtimestamp(said.st_mtime, UTC))
        elif entry.is_dir(follow_symlinks=False) and (path / "toc.dat").is_file():
            sizes = [part.stat().st_size for part in path.iterdir() if part.is_file()]
            yield Found(path, entry.name, sum(sizes), datetime.fromtimestamp((path / "toc.dat").stat().st_mtime, UTC))


def read_to_its_end(found: Found, *, pg_restore: str, seconds: float) -> Read:
    """Return whether `found` is all there. An archive is read by pg_restore, data and all; a plain dump must end as dumps do."""
    try:
        if is_archive(found.path):
            return _broken_tar(found.path) or _by_pg_restore(found.path, pg_restore, seconds)
        return _plain(found.path)
    except OSError as error:
        return Read(None, False, f"{found.name} could not be read: {error.strerror or error}")


def is_archive(path: Path) -> bool:
    """Whether pg_restore can restore `path`: custom format, tar or a folder. Raises `OSError` when it cannot be read."""
    return path.is_dir() or _head(path).startswith(CUSTOM) or _is_tar(path)


def _is_tar(path: Path) -> bool:
    return path.is_file() and _head(path)[257:262] == TAR_MAGIC


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(512)


def _broken_tar(path: Path) -> Read | None:
    """pg_restore reads over the end of a truncated tar without a word, so its members and its two last blocks are looked at first."""
    if not _is_tar(path):
        return None
    size = path.stat().st_size
    try:
        with tarfile.open(path, "r:") as archive:
            ends = [member.offset_data + member.size for member in archive]
    except tarfile.TarError as error:
        return Read(False, True, f"its members cannot be listed: {error}")
    with path.open("rb") as file:
        file.seek(max(0, size - len(END_OF_TAR)))
        whole = file.read() == END_OF_TAR
    return None if whole and max(ends, default=0) <= size else Read(False, True, "it breaks off")


def _by_pg_restore(path: Path, program: str, seconds: float) -> Read:
    """--list would read the table of contents alone, which stands at the beginning; writing it out as SQL reads all of it."""
    try:
        done = subprocess.run([program, f"--file={os.devnull}", str(path)], capture_output=True, timeout=seconds, check=False)
    except FileNotFoundError:
        return Read(None, True, f"{program} is not installed: an archive cannot be read without it")
    except subprocess.TimeoutExpired:
        return Read(None, True, f"pg_restore took longer than {seconds:.0f} s")
    said = done.stderr.decode("utf-8", errors="backslashreplace").strip().splitlines()[-1:]
    if done.returncode != 0 and said and "unsupported version" in said[0]:
        return Read(None, True, said[0])
    return Read(done.returncode == 0, True, said[0] if done.returncode and said else "")


def _plain(path: Path) -> Read:
    """gzip's own checksum is checked on the way to the end."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    tail = b""
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                tail = (tail + chunk)[-TAIL_BYTES:]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        return Read(False, False, f"its compression breaks off: {error}")
    ends = any(trailer in tail for trailer in TRAILERS)
    return Read(ends, False, "" if ends else "the line that a dump ends with is missing")
