"""Reads a file below allowed folders, or an address of the open internet: bounded, and nothing of it is kept but a digest."""

from collections.abc import Sequence
from hashlib import file_digest, sha256
from pathlib import Path

from upheld import outgoing
from upheld.sources.written.shape import Tried, is_address

MOST_BYTES = 20 * 1024 * 1024


def tried(place: str, folders: Sequence[Path], seconds: float) -> Tried:
    """Try `place`: a file, in one of `folders` alone, wherever links lead, or an address."""
    return _asked(place, seconds) if is_address(place) else _read(place, folders)


def _read(place: str, folders: Sequence[Path]) -> Tried:
    for folder in folders:
        path = (folder / place).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            continue
        try:
            with path.open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
        except OSError as error:
            return Tried(False, None, f"it may not be read: {error.strerror}")
        if path.stat().st_size == 0:
            return Tried(False, digest, "the file is empty")
        return Tried(True, digest, f"{path.stat().st_size:,} bytes in {folder}")
    return Tried(False, None, "there is no such file in the folders that may be read")


def _asked(place: str, seconds: float) -> Tried:
    try:
        answer = outgoing.get(place, seconds=seconds, limit=MOST_BYTES)
    except outgoing.NotAllowed as error:
        return Tried(None, None, f"it was not asked: {error}")
    except outgoing.Unreachable as error:
        return Tried(False, None, str(error))
    if answer.status != 200:
        # Asked for a password, a page is there; whether it can be read by those who need it is not known.
        unknown = answer.status in (401, 403)
        return Tried(None if unknown else False, None, f"it answered with status {answer.status}")
    return Tried(True, sha256(answer.body).hexdigest(), f"{len(answer.body):,} bytes")
