"""Files that entries of actions rest on, held against what is kept: there, with the digest and the size that the entry says, or erased."""

from collections.abc import Iterator
from hashlib import file_digest

import orjson
from django.db import models

from upheld.actions.files import Kept
from upheld.actions.models import Record
from upheld.ledger import store

ERASED = "file.erased"  # the kind of entries that name files which went with somebody
FORGOTTEN = "file.forgotten"  # and of those whose time was over
_GONE = "is gone"
_GOING = tuple(f'"kind":"{kind}"'.encode() for kind in (ERASED, FORGOTTEN))
_OF_AN_ACTION, _WITH_FILES = b'"rows":[{"changed":', b'"ev":[{"sha256":'


def deviations() -> Iterator[str]:
    """Yield a sentence for each file that is gone, or not what its entry says; every entry is read. What was let go may be."""
    erased: set[str] = set()
    wrong: list[tuple[str, str, str]] = []
    for log in store.all_logs():
        for index, data in enumerate(log.entries(0, log.size())):
            if any(kind in data for kind in _GOING):
                erased |= set(orjson.loads(data)["body"].get("sha256", ()))
            if _WITH_FILES in data and _OF_AN_ACTION in data:
                wrong += [(digest, why, f"entry {index} of {log.origin}") for digest, why in _wrong_of(data)]
    for digest, why, where in wrong:
        if why != _GONE or digest not in erased:
            yield f"the file {digest[:16]}... that {where} rests on {why}"


def names_files(model: type[Record]) -> list[str]:
    """Return the columns of `model` that may hold a file's digest."""
    fields = model._meta.concrete_fields
    return [field.attname for field in fields if isinstance(field, models.CharField) and (field.max_length or 0) >= 64]


def _wrong_of(data: bytes) -> Iterator[tuple[str, str]]:
    for said in orjson.loads(data)["ev"]:
        if why := _wrong(str(said["sha256"]), int(said["size"])):
            yield str(said["sha256"]), why


def _wrong(digest: str, size: int) -> str:
    kept = Kept.named(digest)
    if kept is None:
        return _GONE
    if kept.size_bytes != size:
        return f"has {kept.size_bytes:,} bytes, and {size:,} were entered"
    with kept.path.open("rb") as file:
        return "" if file_digest(file, "sha256").hexdigest() == digest else "was changed"
