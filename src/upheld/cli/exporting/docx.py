"""`upheld export docx`."""

from upheld.cli.exporting.paper import command
from upheld.exports.papers.word import document_docx

docx = command("docx", "Write a document to the new file OUT as DOCX: each promise with its state and date.", document_docx)
