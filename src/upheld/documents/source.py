"""The documents as a source: what is published, what was approved and reviewed, and whether the text still equals it."""

from collections.abc import Mapping
from typing import ClassVar

from upheld.documents.publication import published_rows
from upheld.evidence.collection import Collecting
from upheld.sources.source import Setting, Source


class DocumentsSource:
    """The documents of the current workspace and the steps recorded about them."""

    def test(self) -> str:
        """Return a sentence about what is read."""
        return "the documents of this workspace, and what was recorded of their approval, publication and review"

    def collect(self, into: Collecting) -> None:
        """Bring a row for each document of the company: its own, and shipped ones it approved or published."""
        into.rows("published_documents", published_rows())


class DocumentsKind:
    """The kind "documents"."""

    name: ClassVar[str] = "documents"
    title: ClassVar[str] = "the documents of this workspace"
    tables: ClassVar[tuple[str, ...]] = ("published_documents",)
    settings: ClassVar[tuple[Setting, ...]] = ()
    least_rights: ClassVar[str] = "none beyond the workspace"
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> Source:
        """Return the source; contacts nothing."""
        return DocumentsSource()


DOCUMENTS = DocumentsKind()
