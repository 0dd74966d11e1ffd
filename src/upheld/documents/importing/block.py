"""What every format is read into: headings, bullets, paragraphs and table rows, in reading order."""

import re
from dataclasses import dataclass
from enum import StrEnum

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]|(?![\t\n])[\x00-\x1f\x7f]")


class UnreadableError(ValueError):
    """A file cannot be read into blocks; the message names it, says why and what to do. Whoever chose the file can act."""


class Kind(StrEnum):
    """What a block is on the page."""

    HEADING = "heading"
    BULLET = "bullet"
    PARAGRAPH = "paragraph"
    ROW = "row"


@dataclass(frozen=True)
class Block:
    """One piece of a page. `level` is a heading's depth from 1; `number` is as printed ("4.1"); a row has `cells` too."""

    kind: Kind
    text: str
    level: int = 0
    number: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A page as read. `notes` say what the reader had to assume or replace."""

    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()


def tidy(text: str) -> str:
    """`text` on one line: white space folded, invisible and control characters taken out."""
    return " ".join(_INVISIBLE.sub("", text.replace("\u00a0", " ")).split())


def row(cells: list[str]) -> Block | None:
    """The block of a table row with these cells: a row, a paragraph when only one cell says anything, else None."""
    said = tuple(tidy(cell) for cell in cells)
    filled = [cell for cell in said if cell]
    if len(filled) < 2:
        return Block(Kind.PARAGRAPH, filled[0]) if filled else None
    return Block(Kind.ROW, " | ".join(filled), cells=said)
