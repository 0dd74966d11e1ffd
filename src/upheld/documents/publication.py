"""Approval, publication and review of documents: each step is a row and an entry of the ledger, in one transaction."""

from collections.abc import Iterator
from enum import StrEnum

from django.db import transaction

from upheld import clock, workspace
from upheld.documents.document import Document, in_directory, shipped
from upheld.documents.fields import DocumentError
from upheld.documents.models import DocumentStep
from upheld.evidence.table import Row
from upheld.ledger.append import append


class Step(StrEnum):
    """What can be recorded about a document's text as it stands."""

    APPROVED = "approved"
    PUBLISHED = "published"
    REVIEWED = "reviewed"


def documents() -> tuple[Document, ...]:
    """Return the shipped documents and the workspace's own, which replace shipped ones of the same id."""
    own = in_directory(workspace.current().documents)
    replaced = {document.id for document in own}
    return tuple(document for document in shipped() if document.id not in replaced) + own


def record(document_id: str, step: Step, *, by: str) -> DocumentStep:
    """Record that the text of a document, as it stands now, was approved, published or reviewed by the person `by` (people.id).

    Raises `DocumentError` for a document that does not exist, and for publishing a text that nobody approved.
    """
    found = {document.id: document for document in documents()}
    if document_id not in found:
        raise DocumentError(f"there is no document {document_id!r}; there are {', '.join(found)}")
    document = found[document_id]
    if step is Step.PUBLISHED and not _approved(document):
        raise DocumentError(f"{document_id} version {document.version}: nobody approved this text; record its approval first")
    with transaction.atomic():
        entry_id = append(
            f"document.{step}",
            subject=("document", document_id),
            body={"version": document.version, "digest": document.digest},
            personal={"by": by} if by else {},
        )
        return DocumentStep.objects.create(
            document=document_id,
            step=step,
            version=document.version,
            digest=document.digest,
            at=clock.now(),
            by=by,
            entry_id=entry_id,
        )


def _approved(document: Document) -> bool:
    last = _last(document.id, Step.APPROVED)
    return last is not None and last.digest == document.digest


def _last(document_id: str, step: Step) -> DocumentStep | None:
    return DocumentStep.objects.filter(document=document_id, step=step).order_by("-at", "-id").first()


def published_rows() -> Iterator[Row]:
    """Yield the row of table published_documents for each document with a step, and for the workspace's own."""
    started = set(DocumentStep.objects.values_list("document", flat=True))
    own = {document.id for document in in_directory(workspace.current().documents)}
    for document in documents():
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
