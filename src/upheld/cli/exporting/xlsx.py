"""`upheld export xlsx`."""

from upheld.cli.exporting.paper import command
from upheld.exports.papers.sheet import document_xlsx

xlsx = command("xlsx", "Write a document to the new file OUT as XLSX: a line for each promise and each measure.", document_xlsx)
