"""Where an export lies: a folder or a zip file, read member by member and never unpacked."""

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, runtime_checkable

from upheld.ledger.tiles import Tile

_LOCAL_HEADER_BYTES = 30  # at least; name and data follow


class Unreadable(ValueError):
    """A member that is missing, too large, damaged, or of a kind that an export never has."""


class Layout(Protocol):
    """The members of an export, by their paths with forward slashes."""

    def names(self) -> list[str]:
        """Return every member's path; raises `Unreadable` for links, doubles and whatever is no plain file."""

    def read(self, name: str, limit: int) -> bytes:
        """Return a member's bytes; raises `Unreadable` if it is missing, damaged or longer than `limit` bytes."""


@runtime_checkable
class HoldsEntries(Protocol):
    """A layout that has its entries one by one, so that bundles need not be joined to be parted again."""

    def entries(self, bundle: Tile) -> list[bytes]:
        """Return the entries of `bundle`; raises `Unreadable` if any is missing."""


class Folder:
    """An export as a folder."""

    def __init__(self, root: Path) -> None:
        """Read below `root`."""
        self._root = root

    def names(self) -> list[str]:
        """Return every file's path below the root."""
        return list(self._walk(self._root))

    def read(self, name: str, limit: int) -> bytes:
        """Return a file's bytes."""
        try:
            with (self._root / name).open("rb") as file:
                found = file.read(limit + 1)
        except OSError as error:
            raise Unreadable(f"{name} cannot be read: {error.strerror}") from error
        return _within(name, found, limit)

    def _walk(self, directory: Path) -> Iterator[str]:
        with os.scandir(directory) as found:
            for item in found:
                path = Path(item.path)
                if item.is_dir(follow_symlinks=False):
                    yield from self._walk(path)
                elif item.is_file(follow_symlinks=False):
                    yield path.relative_to(self._root).as_posix()
                else:
                    raise Unreadable(f"{str(path.relative_to(self._root))!r} is a link or a device: an export has plain files only")


class Zip:
    """An export as a zip file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Read from the open `archive`."""
        self._archive = archive

    def names(self) -> list[str]:
        """Return every member's path."""
        seen = set()
        for member in self._archive.infolist():
            kind = stat.S_IFMT(member.external_attr >> 16)
            if member.filename in seen:
                raise Unreadable(f"{member.filename[:80]!r} is in the zip file twice")
            if member.flag_bits & 1 or kind not in (0, stat.S_IFREG):
                raise Unreadable(f"{member.filename[:80]!r} is encrypted, a link or a folder: an export has plain files only")
            seen.add(member.filename)
        self._refuse_overlap()
        return sorted(seen)

    def _refuse_overlap(self) -> None:
        """Raise `Unreadable` if two members share bytes, as those of a zip bomb do (Fifield, 2019)."""
        end = 0
        for member in sorted(self._archive.infolist(), key=lambda member: member.header_offset):
            if member.header_offset < end:
                raise Unreadable(f"{member.filename[:80]!r} overlaps another member of the zip file")
            end = member.header_offset + _LOCAL_HEADER_BYTES + len(member.orig_filename.encode()) + member.compress_size

    def read(self, name: str, limit: int) -> bytes:
        """Return a member's bytes, checked against its CRC."""
        try:
            member = self._archive.getinfo(name)
            if member.file_size > limit:
                raise Unreadable(f"{name} says it is {member.file_size:,} bytes long; at most {limit:,} are possible")
            with self._archive.open(member) as file:
                found = file.read(limit + 1)
        except KeyError as error:
            raise Unreadable(f"{name} is not in the zip file") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise Unreadable(f"{name} is damaged: {error}") from error
        return _within(name, found, limit)


def plain(path: Path) -> None:
    """Raise `Unreadable` unless `path` is a file or a folder: of a device there is no end, and a pipe cannot be read twice."""
    try:
        kind = path.stat().st_mode
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
        raise Unreadable(f"{path} is a pipe or a device: name a file or a folder")


def small(path: Path, limit: int) -> bytes:
    """Return what `path` holds, which may be a pipe. Raises `Unreadable` where that is more than `limit` bytes, or cannot be read."""
    try:
        with path.open("rb") as file:
            return _within(str(path), file.read(limit + 1), limit)
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from error


@contextmanager
def opened(path: Path) -> Iterator[Layout]:
    """Yield the export at `path`. Raises `Unreadable` if it is neither a folder nor a zip file."""
    plain(path)
    if path.is_dir():
        yield Folder(path)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(f"{path} is neither a folder nor a zip file that can be read: {error}") from error
    with archive:
        yield Zip(archive)


def _within(name: str, found: bytes, limit: int) -> bytes:
    if len(found) > limit:
        raise Unreadable(f"{name} is longer than the {limit:,} bytes possible")
    return found
