"""Files that records rest on: kept beside the database under the digest of what is in them, so that nobody can exchange one."""

import os
import re
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from upheld import workspace
from upheld.ledger.entry import Evidence

LARGEST_BYTES = 20_000_000
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Kept:
    """A file that is kept: its digest in hex, and its size in bytes."""

    sha256: str
    size_bytes: int

    @classmethod
    def named(cls, digest: str) -> "Kept | None":
        """Return the file of that digest, or None where none was handed in."""
        if not DIGEST.fullmatch(digest):
            return None
        path = _path(digest)
        return cls(digest, path.stat().st_size) if path.is_file() else None

    @property
    def path(self) -> Path:
        """Where it lies."""
        return _path(self.sha256)

    @property
    def evidence(self) -> Evidence:
        """What an entry of the ledger says of it."""
        return Evidence(self.sha256, self.size_bytes)

    def __str__(self) -> str:
        return self.sha256


def everything() -> list[Kept]:
    """Return every file that is kept, by its digest."""
    paths = sorted((workspace.current().root / "files").glob("??/*"))
    return [Kept(path.name, path.stat().st_size) for path in paths if path.is_file() and DIGEST.fullmatch(path.name)]


def keep_file(content: bytes) -> Kept:
    """Keep `content` and return it by its digest; the same content twice is one file. Raises `ValueError` beyond `LARGEST_BYTES`."""
    if len(content) > LARGEST_BYTES:
        raise ValueError(f"the file has {len(content):,} bytes; at most {LARGEST_BYTES:,} can be kept")
    digest = sha256(content).hexdigest()
    path = _path(digest)
    if not path.is_file():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).rename(path)
    return Kept(digest, len(content))


def _path(digest: str) -> Path:
    return workspace.current().root / "files" / digest[:2] / digest
