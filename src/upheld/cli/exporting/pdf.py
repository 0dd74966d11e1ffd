"""`upheld export pdf`."""

from upheld.cli.exporting.paper import command
from upheld.exports.papers.pdf import document_pdf

pdf = command(
    "pdf",
    "Write a document to the new file OUT as PDF (PDF/A-2a, tagged): each promise with its state and date, and how to verify it.",
    document_pdf,
)
