"""Writing an export: JSON piece by piece, whole or not at all, and entered in the ledger by its digest."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction

from upheld.exports.position import ExportError
from upheld.ledger import sequencer
from upheld.ledger.append import append

MADE = "export.made"
Piece = Any  # what JSON has, with an iterator wherever a list would be long


def pieces(value: Piece) -> Iterator[bytes]:
    """Yield `value` as JSON, never more of it at once than its longest string; keys with nothing in them are left out."""
    if isinstance(value, Mapping):
        yield b"{"
        for place, (name, held) in enumerate(_filled(value)):
            yield (b"," if place else b"") + orjson.dumps(name) + b":"
            yield from pieces(held)
        yield b"}"
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        yield b"["
        for place, held in enumerate(value):
            if place:
                yield b","
            yield from pieces(held)
        yield b"]"
    else:
        yield orjson.dumps(value)


def _filled(value: Mapping[str, Piece]) -> Iterator[tuple[str, Piece]]:
    return ((name, held) for name, held in value.items() if held is not None and held not in ("", [], ()))


def lines(values: Iterable[Piece]) -> Iterator[bytes]:
    """Yield each of `values` as one line of JSON."""
    for value in values:
        yield from pieces(value)
        yield b"\n"


def write(path: Path, content: Iterable[bytes]) -> str:
    """Write `content` to `path`, which must be new, whole or not at all, and return its SHA-256 in hex. Raises `ExportError`."""
    if path.exists():
        raise ExportError(f"{path} exists already: an export never overwrites; name another file, or remove it")
    digest = sha256()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                for piece in content:
                    digest.update(piece)
                    file.write(piece)
            os.link(draft, path)
        finally:
            Path(draft).unlink()
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}") from error
    return digest.hexdigest()


def enter(form: str, about: str, digests: Mapping[str, str]) -> str:
    """Enter in the ledger that files with these SHA-256 `digests`, by name, are handed out, and return the entry's id."""
    named = [{"name": name, "sha256": digest} for name, digest in sorted(digests.items())]
    with transaction.atomic():
        entry_id = append(MADE, subject=("export", named[0]["sha256"][:16]), body={"format": form, "about": about, "files": named})
    sequencer.sequence()
    return entry_id
