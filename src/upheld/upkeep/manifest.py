"""The manifest of a backup: what is in it, by digest, and what it was taken of. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

import orjson

from upheld.upkeep.errors import Unusable

FORMAT = 1
CONTENTS = ("workspace", "keys")
MAX_BYTES = 1 << 28

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Member:
    """One file of a backup: its path below the workspace (or the key directory), size in bytes and SHA-256 in hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Checkpoint:
    """The last checkpoint of the ledger in a backup: origin, size and root in hex."""

    origin: str
    size: int
    root: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    `taken_at` is ISO 8601 in UTC; `migrations` are the changes of tables that had been applied, by app; `left_out` what
    lay in the workspace and could not go along, `wrong` what was not in order already when the backup was taken.
    """

    backup: str
    content: str
    product: str
    taken_at: str
    migrations: Mapping[str, Sequence[str]]
    checkpoint: Checkpoint | None
    files: Sequence[Member]
    left_out: Sequence[str] = ()
    wrong: Sequence[str] = ()
    format: int = FORMAT

    def text(self) -> bytes:
        """Return it as it stands in the file: JSON with sorted keys."""
        return orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)


def parse(text: bytes) -> Manifest:
    """Return the manifest that `text` is. Raises `Unusable`, also for the format of a newer release."""
    try:
        fields = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Unusable("the backup's manifest is damaged; use another backup") from error
    found = fields.get("format") if isinstance(fields, dict) else None
    if isinstance(found, int) and found > FORMAT:
        raise Unusable(
            f"the backup has format {found}, and this release reads up to {FORMAT}: install the release that took it, or a newer one"
        )
    try:
        read = _manifest(fields)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unusable(f"the backup's manifest is damaged ({error}); use another backup") from error
    if read.text() != text:
        raise Unusable("the backup's manifest is not as a manifest is written; use another backup")
    return read


def _manifest(fields: dict[str, Any]) -> Manifest:
    point = fields["checkpoint"]
    read = Manifest(
        **{
            **fields,
            "migrations": {str(app): [str(name) for name in names] for app, names in fields["migrations"].items()},
            "checkpoint": None if point is None else Checkpoint(**point),
            "files": [_member(**member) for member in fields["files"]],
        }
    )
    if read.format != FORMAT or read.content not in CONTENTS:
        raise ValueError(f"format {read.format!r}, content {read.content!r}")
    if not all(isinstance(said, str) for said in (read.backup, read.product, read.taken_at, *read.left_out, *read.wrong)):
        raise ValueError("something else than text")
    if len({member.path for member in read.files}) != len(read.files):
        raise ValueError("a path that is there twice")
    return read


def _member(path: str, size: int, sha256: str) -> Member:
    """Return the member, or raise `ValueError` for a path that leads out of the workspace or is written another way."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or str(pure) != path or ".." in pure.parts or not pure.parts or "\0" in path:
        raise ValueError(f"path {path!r}")
    if type(size) is not int or size < 0 or not _DIGEST.fullmatch(sha256):
        raise ValueError(f"size or digest of {path!r}")
    return Member(path, size, sha256)
