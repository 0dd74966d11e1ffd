"""What was published: each version of a document with its text and the time for which it was in force."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from upheld.actions.files import Kept
from upheld.documents.document import Document, from_said
from upheld.documents.models import DocumentStep, Step


@dataclass(frozen=True)
class Published:
    """A version of a document: the text that was published, from when until when it was in force (None: still), and its entry's id."""

    document: Document
    published_at: datetime
    until_at: datetime | None
    approved_at: datetime | None
    entry_id: str


def in_force(at: datetime | None = None) -> dict[str, Published]:
    """Return, by document, the version in force now, or at the instant `at`. One that was recorded before texts were kept is not there."""
    found = {}
    for document_id, its in every().items():
        for each in its:
            if (at is None and each.until_at is None) or (at is not None and _stood(each, at)):
                found[document_id] = each
    return found


def every() -> dict[str, list[Published]]:
    """Return, by document, every published version whose text is kept, in order of time."""
    return _versions(DocumentStep.objects.all())


def versions(document_id: str) -> tuple[Published, ...]:
    """Return every published version of one document whose text is kept, the one in force first."""
    return tuple(reversed(_versions(DocumentStep.objects.filter(document=document_id)).get(document_id, [])))


def kept(digest: str) -> Document | None:
    """Return the document whose text has that `digest`; None where it is not kept, or is not what it was."""
    found = Kept.named(digest)
    return _read(found.path, found.path.stat().st_mtime_ns) if found else None


@lru_cache(maxsize=32)
def _read(path: Path, _written_at: int) -> Document | None:
    said = path.read_bytes()
    return from_said(said) if sha256(said).hexdigest() == path.name else None


def _stood(version: Published, at: datetime) -> bool:
    return version.published_at <= at and (version.until_at is None or version.until_at > at)


def _versions(steps: Iterable[DocumentStep]) -> dict[str, list[Published]]:
    """Return the published versions of each document, in order of time."""
    approved: dict[tuple[str, str], datetime] = {}
    published: dict[str, list[DocumentStep]] = defaultdict(list)
    for step in sorted(steps, key=lambda each: (each.at, each.pk)):
        if step.step == Step.APPROVED:
            approved[step.document, step.digest] = step.at
        elif step.step == Step.PUBLISHED:
            published[step.document].append(step)
    return {
        document_id: [
            Published(document, step.at, after.at if after else None, approved.get((document_id, step.digest)), step.entry_id)
            for step, after in pairwise([*its, None])
            if step is not None and (document := kept(step.digest))
        ]
        for document_id, its in published.items()
    }
