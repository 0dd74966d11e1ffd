"""Turning a published page (text, Markdown, HTML, DOCX, PDF) into a document of promises: read, outline, correct, propose."""
