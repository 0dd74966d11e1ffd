"""Approval, publication and review of documents: each step is a row and an entry of the ledger, in one transaction.

The text that a step was about is kept under its digest: what was published is judged and shown until the next version is.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from upheld import clock, workspace
from upheld.actions.files import keep_file
from upheld.documents.document import Document, in_directory, shipped
from upheld.documents.fields import DocumentError
from upheld.documents.models import DocumentStep, Step
from upheld.documents.published import in_force
from upheld.evidence.frame import ChangeFile
from upheld.evidence.history import rows_at
from upheld.evidence.table import Row
from upheld.ledger.append import append
from upheld.ledger.openings import About
from upheld.sources.frames import frame


def documents() -> tuple[Document, ...]:
    """Return the documents that are judged and shown: of each the version published last, and its file's text where none was."""
    return documents_at(None)


def documents_at(at: datetime | None) -> tuple[Document, ...]:
    """Return the documents that were judged and shown at the instant `at` (None: now); by today's file where none was published."""
    published = {each.document.id: each.document for each in in_force(at).values()}
    written = {document.id: document for document in texts()}
    return tuple((written | published).values())


def texts() -> tuple[Document, ...]:
    """Return the documents as their files say them now: the shipped ones and the workspace's own, which replace those of the same id."""
    own = in_directory(workspace.current().documents)
    replaced = {document.id for document in own}
    return tuple(document for document in shipped() if document.id not in replaced) + own


def record(document_id: str, step: Step, *, by: str) -> DocumentStep:
    """Record that the text of a document, as it stands now, was approved, published or reviewed by the person `by` (people.id).

    Raises `DocumentError` for a document that does not exist, for publishing a text that nobody approved, and for a person
    whom the HR list, where one is read, does not know as working here.
    """
    document = text(document_id)
    _check_person(by)
    if step is Step.PUBLISHED and not _approved(document):
        raise DocumentError(f"{document_id} version {document.version}: nobody approved this text; record its approval first")
    with transaction.atomic():
        return enter(document, step, by=by)


def text(document_id: str) -> Document:
    """Return the document as its file says it now; raises `DocumentError` where there is none."""
    found = {document.id: document for document in texts()}
    if document_id not in found:
        raise DocumentError(f"there is no document {document_id!r}; there are {', '.join(found)}")
    return found[document_id]


def enter(document: Document, step: Step, *, by: str) -> DocumentStep:
    """Keep the text of `document`, and enter the `step`; the caller holds the transaction and has checked that it may be taken."""
    keep_file(document.said)
    entry_id = append(
        f"document.{step}",
        subject=("document", document.id),
        body={"version": document.version, "digest": document.digest},
        personal={"by": About(("person", by), by)},
    )
    return DocumentStep.objects.create(
        document=document.id,
        step=step,
        version=document.version,
        digest=document.digest,
        at=clock.now(),
        by=by,
        entry_id=entry_id,
    )


def _check_person(by: str) -> None:
    now = clock.now()
    people = {row["id"]: row for source in _sources_of("people") for row in rows_at(source, "people", now)}
    person = people.get(by)
    if not by:
        raise DocumentError("say who did it: the person's id in the HR list")
    if people and person is None:
        raise DocumentError(f"{by!r} is nobody's id in the HR list; see upheld source preview")
    ended_on = person["ended_on"] if person else None
    if isinstance(ended_on, date) and ended_on < now.date():
        raise DocumentError(f"{by!r} left on {ended_on}; somebody who works here has to do it")


def _sources_of(table: str) -> Iterator[list[ChangeFile]]:
    """Yield the change files of `table`, those of each source together."""
    current = frame(clock.now()).files.get(table, ())
    for source in sorted({file.source for file in current}):
        yield [file for file in current if file.source == source]


def _approved(document: Document) -> bool:
    last = _last(document.id, Step.APPROVED)
    return last is not None and last.digest == document.digest


def _last(document_id: str, step: Step) -> DocumentStep | None:
    return DocumentStep.objects.filter(document=document_id, step=step).order_by("-at", "-id").first()


def published_rows() -> Iterator[Row]:
    """Yield the row of table published_documents for each document with a step, and for the workspace's own."""
    started = set(DocumentStep.objects.values_list("document", flat=True))
    own = {document.id for document in in_directory(workspace.current().documents)}
    for document in texts():
        if document.id in started | own:
            yield _row(document)


def _row(document: Document) -> Row:
    published, approved = _last(document.id, Step.PUBLISHED), _last(document.id, Step.APPROVED)
    reviewed = _last(document.id, Step.REVIEWED)
    return {
        "id": document.id,
        "title": document.title,
        "published_version": published.version if published else None,
        "published_digest": published.digest if published else None,
        "published_at": published.at if published else None,
        "approved_version": approved.version if approved else None,
        "approved_digest": approved.digest if approved else None,
        "current_digest": document.digest,
        "reviewed_at": reviewed.at if reviewed else None,
    }
