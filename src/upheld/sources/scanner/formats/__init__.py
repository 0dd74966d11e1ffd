"""How each format of report is read: pure functions from a document to a report."""
