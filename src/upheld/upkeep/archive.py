"""The file of a backup: a tar archive that any tar reads - manifest, signature, then the files in the manifest's order - and a last line.

The last line is the SHA-256 of all before it, so that every byte counts: one that was altered, cut off or added is found.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol, cast

from upheld.evidence.collection import Progress
from upheld.upkeep.errors import Unusable
from upheld.upkeep.manifest import MAX_BYTES, Manifest, Member, parse
from upheld.upkeep.stage import new_file

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
_LAST = b"\nupheld-backup/1 sha256 %s\n"
_LAST_BYTES = len(_LAST % (b"0" * 64))
_AT_ONCE = 1 << 20
_MAX_SIGNATURE = 1 << 16


class Writable(Protocol):
    """Somewhere to write bytes to."""

    def write(self, data: bytes, /) -> int:
        """Write `data`, all of it."""


class Readable(Protocol):
    """Somewhere to read bytes from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes; none at the end."""


def members(root: Path) -> list[Member]:
    """Return the files below `root` with their sizes and digests, in order of their paths."""
    found = sorted((path.relative_to(root).as_posix(), path) for path in root.rglob("*") if path.is_file())
    return [_member(name, path) for name, path in found]


def _member(name: str, path: Path) -> Member:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Member(name, file.seek(0, io.SEEK_END), digest)


def write(to: Writable, manifest: Manifest, signature: bytes, root: Path, progress: Progress) -> None:
    """Write the backup of the files that `manifest` names below `root`, which nobody alters meanwhile, to `to`."""
    counted = _Hashing(to)
    at = datetime.fromisoformat(manifest.taken_at).timestamp()
    with tarfile.open(fileobj=cast(IO[bytes], counted), mode="w|", bufsize=_AT_ONCE, format=tarfile.PAX_FORMAT) as tar:
        for name, text in ((MANIFEST, manifest.text()), (SIGNATURE, signature)):
            tar.addfile(_info(name, len(text), at), io.BytesIO(text))
        for count, member in enumerate(manifest.files):
            progress("writing", count, len(manifest.files))
            with (root / member.path).open("rb") as file:
                tar.addfile(_info(f"{manifest.content}/{member.path}", member.size, at), file)
    to.write(_LAST % counted.digest.hexdigest().encode())


def _info(name: str, size: int, at: float) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(at)
    return info


class _Hashing:
    """Passes bytes on, and digests them."""

    def __init__(self, to: Writable) -> None:
        self._to = to
        self.digest = hashlib.sha256()

    def write(self, data: bytes, /) -> int:
        self.digest.update(data)
        self._to.write(data)
        return len(data)


class _Body:
    """All of a backup but its last line, digested while it is read; `ended` says whether the last line is as it must be."""

    def __init__(self, source: Readable) -> None:
        self._source, self._ahead, self._digest = source, b"", hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        while len(self._ahead) < size + _LAST_BYTES:
            piece = self._source.read(max(_AT_ONCE, size))
            if not piece:
                break
            self._ahead += piece
        given = self._ahead[: max(0, min(size, len(self._ahead) - _LAST_BYTES))]
        self._ahead = self._ahead[len(given) :]
        self._digest.update(given)
        return given

    def ended(self) -> bool:
        while self.read(_AT_ONCE):
            pass
        return self._ahead == _LAST % self._digest.hexdigest().encode()


class Opened:
    """A backup being read: its manifest and signature; `unpack` brings its files out, and only then is it known to be whole."""

    def __init__(self, source: Readable) -> None:
        """Read manifest and signature from `source`. Raises `Unusable`."""
        self._body = _Body(source)
        with _damaged():
            self._tar = tarfile.open(  # noqa: SIM115  it is read from until the backup is
                fileobj=cast(IO[bytes], self._body), mode="r|", bufsize=_AT_ONCE
            )
            text = self._text(MANIFEST, MAX_BYTES)
            self.signature = self._text(SIGNATURE, _MAX_SIGNATURE)
        self.manifest, self.text = parse(text), text

    def _text(self, name: str, limit: int) -> bytes:
        info = self._tar.next()
        if info is None or info.name != name or not info.isreg() or info.size > limit:
            raise Unusable("this is no backup that upheld took: it does not begin with a manifest and its signature")
        file = self._tar.extractfile(info)
        assert file is not None, "a regular member has bytes"
        return bytes(file.read())

    def unpack(self, to: Path, progress: Progress) -> None:
        """Write the files below `to`, and compare each with the manifest, and the whole with its last line. Raises `Unusable`."""
        with _damaged():
            for count, member in enumerate(self.manifest.files):
                progress("unpacking", count, len(self.manifest.files))
                self._file(member, to / member.path)
            if self._tar.next() is not None:
                raise Unusable("the backup holds more files than its manifest names: it was altered; use another backup")
        if not self._body.ended():
            raise Unusable("the backup is cut off or was altered: its last line does not fit what stands before it; use another backup")

    def _file(self, member: Member, target: Path) -> None:
        info = self._tar.next()
        if info is None or info.name != f"{self.manifest.content}/{member.path}" or not info.isreg() or info.size != member.size:
            raise Unusable(f"the backup lacks {member.path} in its place: it is cut off or was altered; use another backup")
        file = self._tar.extractfile(info)
        assert file is not None, "a regular member has bytes"
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if _written(file, target) != member.sha256:
            raise Unusable(f"{member.path} in the backup is not as its manifest says: it was altered; use another backup")


def _written(file: IO[bytes], target: Path) -> str:
    """Write `file` to `target`, readable by its owner only, through to the disk; return its SHA-256 in hex."""
    digest = hashlib.sha256()
    with new_file(target) as copy:
        while piece := file.read(_AT_ONCE):
            digest.update(piece)
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


@contextmanager
def _damaged() -> Iterator[None]:
    """Turn what a damaged archive makes of Python's reader into words."""
    try:
        yield
    except (tarfile.TarError, EOFError, ValueError, OverflowError, KeyError, FileExistsError, NotADirectoryError) as error:
        raise Unusable(f"the backup is damaged, or no backup that upheld took ({error}); use another backup") from error
