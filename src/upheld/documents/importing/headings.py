"""Which lines of a text are headings, and what their numbers are."""

import re
from collections.abc import Sequence

from upheld.documents.importing.block import Block, Kind, tidy
from upheld.documents.importing.words import is_title
from upheld.standards.citation import citations

_MARK = re.compile(r"\s*(?:[•●▪◦‣⁃∙·■□➢✓✔*o–—-]\s+|[•●▪◦‣■➢✓✔]|\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})\)\s+|\d{1,2}\.\s+(?=\S))")
_NUMBER = re.compile(
    r"\s*(?:(?:section|chapter|part|§)\s+)?(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){1,3}|[IVX]{1,5}|[A-Za-z])"
    r"(?P<end>[.):]?)\s+(?P<rest>\S.*)"
)
_HASHES = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
_NUMBERED_WORDS, _ALONE_WORDS, _OVER_WORDS, _CAPITAL_WORDS = 12, 9, 30, 25
_SHORT_LINE = 60


def leading_mark(text: str) -> tuple[str, str]:
    """Part a bullet or list number from what follows it; no mark gives an empty one."""
    found = _MARK.match(text)
    return (found[0].strip(), text[found.end() :].strip()) if found else ("", text.strip())


def heading_number(text: str) -> tuple[str, str]:
    """Part a heading's number, as in "4.1 Rights" or "IV. Rights", from its title; no number gives an empty one."""
    found = _NUMBER.match(text)
    if found is None or found["rest"][0].islower() or (found["number"].isalpha() and not found["end"]):
        return "", text.strip()
    return found["number"].upper(), found["rest"].strip()


def is_rule(line: str) -> bool:
    """Whether `line` is a drawn line, of a table or under a heading."""
    return bool(re.fullmatch(r"\s*[|:+=_*~-]{2,}[\s|:+=_*~-]*", line))


def heading_at(lines: Sequence[str], n: int, *, wrapped: bool) -> Block | None:
    """The heading that line `n` is, None when it is none. `wrapped` says that the text is broken into lines of one width."""
    line = lines[n].strip()
    if found := _HASHES.fullmatch(line):
        number, title = heading_number(tidy(found[2]))
        return Block(Kind.HEADING, title, level=len(found[1]), number=number)
    number, title = heading_number(line)
    if number:
        return _numbered(number, tidy(title), lettered=bool(re.match(r"\(?\w{1,4}\)", line)))
    if leading_mark(line)[0] or citations(title):
        return None
    return _unnumbered(tidy(title), _line(lines, n - 1), _line(lines, n + 1), wrapped=wrapped)


def _numbered(number: str, title: str, *, lettered: bool) -> Block | None:
    """A heading with its number; one as in "a) Entry" counts as one level under the last number."""
    named = title.rstrip(":")
    if not is_title(named, _NUMBERED_WORDS) and not (title.isupper() and len(title.split()) <= _NUMBERED_WORDS):
        return None
    if lettered:
        return Block(Kind.HEADING, named, level=2)
    return Block(Kind.HEADING, named, level=number.count(".") + 1, number=number)


def _unnumbered(title: str, before: str, after: str, *, wrapped: bool) -> Block | None:
    if is_rule(after) and len(after) > 2 and is_title(title, _NUMBERED_WORDS):
        return Block(Kind.HEADING, title, level=1 if after[0] == "=" else 2)
    if title.isupper() and len(title) > 3 and len(title.split()) <= _CAPITAL_WORDS:
        return Block(Kind.HEADING, title, level=2)
    named = title.rstrip(":")
    if before or not is_title(named, _OVER_WORDS):
        return None
    alone = not after or bool(leading_mark(after)[0])
    over = after[:1].isupper() and after[-1:] in ".:;" and not (wrapped and len(title) > _SHORT_LINE)
    return Block(Kind.HEADING, named, level=2) if over or (alone and len(named.split()) <= _ALONE_WORDS) else None


def _line(lines: Sequence[str], n: int) -> str:
    return lines[n].strip() if 0 <= n < len(lines) else ""
