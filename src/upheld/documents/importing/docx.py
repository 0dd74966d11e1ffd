"""Reading DOCX: headings and list items by their styles, tables row by row."""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph

from upheld.documents.importing.block import Block, Kind, Reading, UnreadableError, row, tidy
from upheld.documents.importing.headings import heading_number, leading_mark

_UNPACKED_LIMIT_BYTES = 200_000_000
_HEADING = re.compile(r"(?:heading|überschrift|titre)\s*(\d)", re.IGNORECASE)
_LIST = re.compile(r"list|aufzählung|bullet", re.IGNORECASE)
# What a damaged package makes the reader raise depends on which of its parts is hit.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OpcError, SyntaxError, LookupError, AttributeError, TypeError, ValueError,
    EOFError, OSError, RuntimeError, AssertionError,
)  # fmt: skip


def read_docx(content: bytes, path: Path) -> Reading:
    """The blocks of a DOCX file; raises `UnreadableError` when it is damaged, another kind of ZIP file, or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(part.file_size for part in package.infolist()) > _UNPACKED_LIMIT_BYTES:
                raise UnreadableError(f"{path} unpacks to more than {_UNPACKED_LIMIT_BYTES // 1_000_000} MB; take its pictures out.")
            if "word/document.xml" not in package.namelist():
                raise UnreadableError(f"{path} is a ZIP file but no Word document; save the page as DOCX.")
        blocks = tuple(_blocks(docx.Document(io.BytesIO(content))))
    except _DAMAGED as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError(f"{path} is damaged or cut short; open it and save it as DOCX again.") from error
    if not blocks:
        raise UnreadableError(f"{path} has no text; there is no promise to import.")
    return Reading(blocks)


def _blocks(document: "docx.document.Document") -> Iterator[Block]:
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            for cells in (_distinct(entry) for entry in item.rows):
                if found := row(cells):
                    yield found
        elif isinstance(item, Paragraph) and (text := tidy(item.text)):
            yield _paragraph(item, text)


def _paragraph(item: Paragraph, text: str) -> Block:
    style = (item.style.name if item.style is not None else "") or ""
    level = 1 if style == "Title" else int(found[1]) if (found := _HEADING.search(style)) else 0
    if level:
        number, title = heading_number(text)
        return Block(Kind.HEADING, title, level=level, number=number)
    numbered = item._p.pPr is not None and item._p.pPr.numPr is not None
    marked, rest = leading_mark(text)
    listed = numbered or _LIST.search(style) is not None
    if _is_bold_title(item, text) and not listed and (not marked or heading_number(text)[0]):
        return Block(Kind.HEADING, *_titled(text))
    if listed or marked:
        return Block(Kind.BULLET, rest)
    return Block(Kind.PARAGRAPH, text)


def _is_bold_title(item: Paragraph, text: str) -> bool:
    """Whether a paragraph is nothing but a few bold words that end no sentence."""
    return (
        len(text.split()) <= 10 and text[-1] not in ".;,:!?" and bool(item.runs) and all(run.bold for run in item.runs if run.text.strip())
    )


def _titled(text: str) -> tuple[str, int, str]:
    """A bold line as a heading: its title, depth, and number."""
    number, title = heading_number(text)
    return title, number.count(".") + 1 if number else 3, number


def _distinct(entry: "docx.table._Row") -> list[str]:
    """The cells of a row; cells merged into one are told once."""
    cells: list[str] = []
    seen: set[int] = set()
    for cell in entry.cells:
        if id(cell._tc) not in seen:
            seen.add(id(cell._tc))
            cells.append(cell.text)
    return cells
