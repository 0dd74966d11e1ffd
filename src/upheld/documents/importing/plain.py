"""Reading plain text: which lines are headings, which are bullets, and which only continue the line before."""

import re
from collections.abc import Iterator

from upheld.documents.importing.block import Block, Kind, tidy
from upheld.documents.importing.words import has_verb, is_title
from upheld.standards.citation import citations

_MARK = re.compile(r"\s*(?:[•●▪◦‣⁃∙·■□➢✓✔*o–—-]\s+|[•●▪◦‣■➢✓✔]|\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})\)\s+|\d{1,2}\.\s+(?=\S))")
_NUMBER = re.compile(
    r"\s*(?:(?:section|chapter|part|§)\s+)?(?P<number>(?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,3})(?P<end>[.):]?)\s+(?P<rest>\S.*)", re.IGNORECASE
)
_ENDED = re.compile(r"[.!?:;][\"'”’)\]]*$")
_HARD_WRAP = 110
_LONG_LINE = 50


def read_plain(text: str) -> tuple[Block, ...]:
    """The blocks of a text, whether each paragraph is one line or was broken into lines of one width."""
    lines = [line.expandtabs(4).rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n")]
    widths = sorted(len(line) for line in lines if line.strip())
    wrapped = bool(widths) and widths[int(len(widths) * 0.97)] <= _HARD_WRAP
    return tuple(_blocks(lines, wrapped=wrapped))


def leading_mark(text: str) -> tuple[str, str]:
    """Part a bullet or list number from what follows it; no mark gives an empty one."""
    found = _MARK.match(text)
    return (found[0].strip(), text[found.end() :].strip()) if found else ("", text.strip())


def heading_number(text: str) -> tuple[str, str]:
    """Part a heading's number, as in "4.1 Rights", from its title; no number gives an empty one."""
    found = _NUMBER.match(text)
    if found is None or found["rest"][0].islower() or (found["number"].isalpha() and not found["end"]):
        return "", text.strip()
    return found["number"].upper(), found["rest"].strip()


def _blocks(lines: list[str], *, wrapped: bool) -> Iterator[Block]:
    pending: Block | None = None
    for n, line in enumerate(lines):
        if not line.strip() or _is_rule(line):
            if pending:
                yield pending
            pending = None
            continue
        found = _block(lines, n)
        if pending and wrapped and _continues(pending, line, found):
            pending = Block(pending.kind, f"{pending.text} {tidy(line)}", pending.level, pending.number)
            continue
        if pending:
            yield pending
        pending = found
    if pending:
        yield pending


def _block(lines: list[str], n: int) -> Block:
    line = lines[n]
    heading = _heading(lines, n)
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


def _heading(lines: list[str], n: int) -> Block | None:
    line = lines[n].strip()
    if line.startswith("#") and (found := re.match(r"(#{1,6})\s+(.+?)\s*#*$", line)):
        number, title = heading_number(tidy(found[2]))
        return Block(Kind.HEADING, title, level=len(found[1]), number=number)
    number, title = heading_number(line)
    title = tidy(title)
    if number and (is_title(title.rstrip(":"), 12) or (title.isupper() and len(title.split()) <= 12)):
        return Block(Kind.HEADING, title.rstrip(":"), level=number.count(".") + 1, number=number)
    if number or leading_mark(line)[0]:
        return None
    after = lines[n + 1].strip() if n + 1 < len(lines) else ""
    if _is_rule(after) and len(after) >= 3 and is_title(title, 12):
        return Block(Kind.HEADING, title, level=1 if after[0] == "=" else 2)
    alone = not after and (n == 0 or not lines[n - 1].strip())
    opens = n == 0 or not lines[n - 1].strip()
    if title.isupper() and len(title) > 3 and len(title.split()) <= 10 and not citations(title):
        return Block(Kind.HEADING, title, level=2)
    if is_title(title.rstrip(":"), 9) and (alone or (opens and bool(leading_mark(after)[0]))) and not citations(title):
        return Block(Kind.HEADING, title.rstrip(":"), level=2)
    return None


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


def _is_rule(line: str) -> bool:
    """Whether `line` is a drawn line, of a table or under a heading."""
    return bool(re.fullmatch(r"\s*[|:+=_*~-]{2,}[\s|:+=_*~-]*", line))
