"""Reading PDF: the text of its pages, without what repeats on each, then as plain text."""

import io
import logging
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from upheld.documents.importing.block import Reading, UnreadableError
from upheld.documents.importing.plain import read_plain

_LIMIT_PAGES = 300
_PAGE_NUMBER = re.compile(r"(?:page|seite)?\s*\d{1,3}(?:\s*(?:/|of|von)\s*\d{1,3})?", re.IGNORECASE)
# What a damaged file makes the reader raise depends on which of its objects is hit.
_DAMAGED = (
    PyPdfError, ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError, OverflowError, NotImplementedError,
    zlib.error, struct.error, OSError,
)  # fmt: skip


def read_pdf(content: bytes, path: Path) -> Reading:
    """The blocks of a PDF; raises `UnreadableError` when it is damaged, needs a password, has no text, or has over 300 pages."""
    if b"%%EOF" not in content[-2048:]:
        raise UnreadableError(f"{path} is cut short: its end is missing; export it anew.")
    try:
        with _complaints() as complaints:
            pages = _pages(content, path)
    except _DAMAGED as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError(f"{path} is damaged or cut short; export it anew.") from error
    text = "\n\n".join(_without_repeats(pages))
    if not text.strip():
        raise UnreadableError(f"{path} has no text, perhaps because it was scanned; recognise its text (OCR) first.")
    notes = ("the PDF is damaged; what could be recovered was read, and parts may be missing",) if complaints else ()
    return Reading(read_plain(re.sub(r"(\w)-\n(?=[a-z])", r"\1", text)), notes)


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect what the PDF reader logs while it mends a damaged file, instead of showing it."""
    said: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("pypdf")
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield said
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagated


def _pages(content: bytes, path: Path) -> list[list[str]]:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError(f"{path} needs a password; save it without one.")
    if len(reader.pages) > _LIMIT_PAGES:
        raise UnreadableError(f"{path} has {len(reader.pages)} pages; cut out the at most {_LIMIT_PAGES} that make promises.")
    return [[line.rstrip() for line in page.extract_text().splitlines()] for page in reader.pages]


def _without_repeats(pages: list[list[str]]) -> list[str]:
    """The pages' text without page numbers and lines that head or end at least half of three or more pages."""
    edges = Counter(line.strip() for page in pages for line in {*page[:2], *page[-2:]} if line.strip())
    repeated = {line for line, times in edges.items() if len(pages) > 2 and times * 2 >= len(pages)}
    kept = ([line for line in page if line.strip() not in repeated and not _PAGE_NUMBER.fullmatch(line.strip())] for page in pages)
    return ["\n".join(lines) for lines in kept]
