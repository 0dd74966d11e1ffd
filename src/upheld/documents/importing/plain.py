"""Reading plain text: which lines are headings, which are bullets, and which only continue the line before."""

import re
from collections.abc import Iterator

from upheld.documents.importing.block import Block, Kind, tidy
from upheld.documents.importing.headings import heading_at, heading_number, is_rule, leading_mark
from upheld.documents.importing.words import has_verb
from upheld.standards.citation import citations

_ENDED = re.compile(r"[.!?:;][\"'”’)\]]*$")
_HARD_WRAP = 110
_LONG_LINE = 50


def read_plain(text: str) -> tuple[Block, ...]:
    """The blocks of a text, whether each paragraph is one line or was broken into lines of one width."""
    lines = [line.expandtabs(4).rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n")]
    widths = sorted(len(line) for line in lines if line.strip())
    wrapped = bool(widths) and widths[int(len(widths) * 0.97)] <= _HARD_WRAP
    return tuple(_blocks(lines, wrapped=wrapped))


def _blocks(lines: list[str], *, wrapped: bool) -> Iterator[Block]:
    pending: Block | None = None
    for n, line in enumerate(lines):
        if not line.strip() or is_rule(line):
            if pending:
                yield pending
            pending = None
            continue
        found = _block(lines, n, wrapped=wrapped)
        if pending and (_continues(pending, line, found) if wrapped else _is_cut(pending, line, found)):
            pending = Block(pending.kind, f"{pending.text} {tidy(line)}", pending.level, pending.number)
            continue
        if pending:
            yield pending
        pending = found
    if pending:
        yield pending


def _block(lines: list[str], n: int, *, wrapped: bool) -> Block:
    line = lines[n]
    heading = heading_at(lines, n, wrapped=wrapped)
    if heading:
        return heading
    if line.count("|") >= 2 and (cells := [tidy(cell) for cell in line.strip().strip("|").split("|")]) and any(cells):
        return Block(Kind.ROW, " | ".join(cell for cell in cells if cell), cells=tuple(cells))
    mark, rest = leading_mark(line)
    if mark and rest:
        return Block(Kind.BULLET, tidy(rest), number=mark.strip("().") if mark[:1].isdigit() else "")
    number, rest = heading_number(line)
    if "." in number:  # a numbered sentence, as in "4.1 All rights are reviewed."
        return Block(Kind.BULLET, tidy(rest), number=number)
    return Block(Kind.PARAGRAPH, tidy(line))


def _is_cut(pending: Block, line: str, found: Block) -> bool:
    """Whether `pending` stops within a sentence that `line` goes on with: broken at a width that is none of a typewriter's."""
    open_end = len(pending.text) >= _LONG_LINE and not _ENDED.search(pending.text)
    spoken = {pending.kind, found.kind} <= {Kind.PARAGRAPH, Kind.BULLET} and found.kind is Kind.PARAGRAPH
    return open_end and spoken and line.strip()[:1].islower()


def _continues(pending: Block, line: str, found: Block) -> bool:
    """Whether `line` goes on with `pending`, in a text broken into lines of one width."""
    if found.kind in (Kind.HEADING, Kind.ROW) or pending.kind in (Kind.HEADING, Kind.ROW):
        return False
    if found.kind is Kind.BULLET:
        return False
    text = line.strip()
    if text[:1].islower() or text[:1] in "(&":
        return True
    if _ENDED.search(pending.text) and pending.kind is Kind.BULLET and not line.startswith(" "):
        return False
    cited = citations(pending.text)
    if cited and cited[-1].end >= len(pending.text) - 2:
        return False
    return len(pending.text) >= _LONG_LINE or not has_verb(text)
