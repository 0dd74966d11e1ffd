"""What a judgement was held to besides evidence: documents, floors of parameters, how long tables speak, until when exceptions run.

Each as a digest. The judgement's entry has the digest of all of them, so that nobody can say afterwards that another floor, or another
sentence, was meant.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from upheld import workspace
from upheld.checks import library
from upheld.checks.parameters import FILE
from upheld.documents import published
from upheld.documents.document import Document
from upheld.documents.fields import DocumentError
from upheld.documents.publication import documents_at
from upheld.evidence import table
from upheld.ledger.entry import instant_text
from upheld.verdicts import salting

Exceptions = Mapping[str, Mapping[str, datetime]]
_DOCUMENTS = "documents."


def terms(own: Path, exceptions: Exceptions, salts: salting.Salts, as_of: datetime, promised: Iterable[Document]) -> dict[str, str]:
    """Return the SHA-256 of each document, file of parameters and contract, and of each measure's running exceptions, by path in a bundle.

    A path has a dot for each slash. `own` is the folder of the company's own measures. Exceptions name subjects: their
    digests are salted as those of outcomes are.
    """
    found = dict(_contracts()) | {f"{_DOCUMENTS}{each.id}": each.digest for each in promised}
    for chapter in sorted({file.parent.name for folder in (library.SHIPPED, own) for file in folder.glob(f"*/{FILE}")}):
        found[f"parameters.{chapter}"] = hashlib.sha256(chapter_file(chapter, own)).hexdigest()
    for measure, its in exceptions.items():
        known = salting.salt(salts, measure)
        if running := {subject: end for subject, end in its.items() if end > as_of}:
            found[f"exceptions.{measure.replace('/', '.')}"] = "" if known is None else of_exceptions(running, known)
    return found


def promised(as_of: datetime) -> tuple[Document, ...]:
    """Return the documents that stand to be judged as of `as_of`; while a file of one is wrong, only those that were published."""
    try:
        return documents_at(as_of)
    except DocumentError:
        return tuple(each.document for each in published.in_force(as_of).values())


def promised_then(said: Mapping[str, str]) -> tuple[Document, ...] | None:
    """Return the documents that the terms `said` name, as they read then; None where they name none, or a text was not kept."""
    found = [published.kept(digest) for name, digest in sorted(said.items()) if name.startswith(_DOCUMENTS)]
    told = tuple(each for each in found if each is not None)
    return told if told and len(told) == len(found) else None


def digest(said: Mapping[str, str]) -> str:
    """Return the SHA-256 of terms."""
    return hashlib.sha256(_text(said)).hexdigest()


def keep(said: Mapping[str, str]) -> str:
    """Keep terms under their digest, so that they can be told once a floor or a contract is another, and return the digest."""
    name, path = digest(said), _path(digest(said))
    if not path.is_file():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_text(said))
        Path(draft).rename(path)
    return name


def kept(name: str) -> dict[str, str] | None:
    """Return the terms of that digest; None where they were not kept, or are not what they were."""
    path = _path(name)
    text = path.read_bytes() if re.fullmatch("[0-9a-f]{64}", name) and path.is_file() else b""
    return dict(json.loads(text)) if hashlib.sha256(text).hexdigest() == name else None


def of_exceptions(running: Mapping[str, datetime], salt: bytes) -> str:
    """Return the salted SHA-256 of exceptions: who is excepted, and until when."""
    lines = [f"{subject}\x1f{instant_text(running[subject])}\n" for subject in sorted(running, key=str.encode)]
    return hashlib.sha256(salt + "".join(lines).encode()).hexdigest()


def chapter_file(chapter: str, own: Path) -> bytes:
    """Return the declarations of the parameters of `chapter`, the shipped and the company's own, as one file."""
    texts = [path.read_text(encoding="utf-8") for folder in (library.SHIPPED, own) if (path := folder / chapter / FILE).is_file()]
    return "\n".join(texts).encode()


def _text(said: Mapping[str, str]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def _path(name: str) -> Path:
    return workspace.current().root / "terms" / f"{name}.json"


@cache
def _contracts() -> Mapping[str, str]:
    """Return the SHA-256 of each contract; they are part of the program, which does not change while it runs."""
    files = sorted(table.HERE.glob("*.toml"))
    return {f"tables.{file.stem}": hashlib.sha256(file.read_text(encoding="utf-8").encode()).hexdigest() for file in files}
