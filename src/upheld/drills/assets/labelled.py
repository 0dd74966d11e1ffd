"""Drops a document without a label into a confidential share, in a real list of documents."""

from upheld.drills.inventory import ListChanged


class Unlabelled(ListChanged):
    """A share whose documents are labelled."""

    measure = "assets/labelled"
    breaks = "A document without a label appears in a confidential share"
    table, named = "store_documents", "notes.docx"

    def wrong(self) -> list[str]:
        """Add it."""
        return [*self.lines("store_documents"), "2,share,notes.docx,,,yes"]


DRILL = Unlabelled()
