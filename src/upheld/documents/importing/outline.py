"""From blocks to the outline of a document: its title, its sections, and what each of them claims."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from upheld.documents.document import Section
from upheld.documents.importing.block import Block, Kind
from upheld.documents.importing.claims import Claim, Row, block_claims, header_of, row_claims
from upheld.documents.importing.words import words
from upheld.standards.citation import Citation, citations

_TITLE_WORDS = {"measures", "toms", "security", "privacy", "protection", "annex", "schedule", "policy", "overview"} | {
    "maßnahmen",
    "sicherheit",
    "datenschutz",
    "anlage",
    "anhang",
}


@dataclass(frozen=True)
class Outline:
    """What a page says. Each claim's section is the number of one of `sections`; sections that claim nothing are left out."""

    title: str
    sections: tuple[Section, ...]
    claims: tuple[Claim, ...]


@dataclass
class _Part:
    """A heading and what stands under it, before sections get their numbers."""

    title: str
    depth: int
    printed: str = ""
    claims: list[Claim] = field(default_factory=list)
    number: str = ""

    @property
    def cited(self) -> tuple[Citation, ...]:
        """The controls that the heading cites, as in "A.9.2.6 Leavers"; they are for each claim under it that cites none."""
        found = citations(f"{self.printed} {self.title}")
        return tuple(citation for citation in found if citation.standard.startswith("ISO/IEC "))


def outline(blocks: Sequence[Block], name: str) -> Outline:
    """The outline of the page made of `blocks`; `name` titles a page that does not say what it is."""
    blocks = tuple(_without_empty_headings(blocks))
    parts = _parts(blocks)
    title = _title(parts, name)
    kept = _number(_with_content(parts))
    for part in kept:
        part.title = part.title or ("Introduction" if len(kept) > 1 else title)
    sections = tuple(Section(part.number, part.title) for part in kept)
    return Outline(title, sections, tuple(_placed(part, claim) for part in kept for claim in part.claims))


def _placed(part: _Part, claim: Claim) -> Claim:
    """`claim` as it stands in `part`, which has its number."""
    return replace(claim, section=part.number, where=f"{part.title}, {claim.where}", cited=claim.cited or part.cited)


def _without_empty_headings(blocks: Sequence[Block]) -> Iterator[Block]:
    """`blocks`, where three or more numbered headings in a row with nothing under them are items of a list."""
    n = 0
    while n < len(blocks):
        end = n
        while end < len(blocks) and blocks[end].kind is Kind.HEADING and blocks[end].number and blocks[end].level == blocks[n].level:
            end += 1
        items = end - n if end == len(blocks) or blocks[end].kind is Kind.HEADING else end - n - 1
        if items >= 3:
            yield from (replace(block, kind=Kind.BULLET) for block in blocks[n : n + items])
            n += items
        else:
            yield blocks[n]
            n += 1


def _parts(blocks: Sequence[Block]) -> list[_Part]:
    levels = sorted({block.level for block in blocks if block.kind is Kind.HEADING and not block.number})
    parts = [_Part("", 1)]
    header: Row = ()
    under = 0  # the depth of the numbered heading that unnumbered ones stand under
    item = 0
    for n, block in enumerate(blocks):
        after = blocks[n + 1] if n + 1 < len(blocks) else None
        if block.kind is Kind.HEADING:
            under = block.number.count(".") + 1 if block.number else under
            parts.append(_Part(block.text, under if block.number else under + 1 + levels.index(block.level), block.number))
            header, item = (), 0
        elif block.kind is Kind.ROW:
            starts = n == 0 or blocks[n - 1].kind is not Kind.ROW
            if starts and (found := header_of(block, after)):
                header = found
                continue
            header = () if starts else header
            item += 1
            parts[-1].claims += row_claims(block, header, item)
        else:
            item += 1
            parts[-1].claims += block_claims(block, after, item)
    return parts


def _title(parts: list[_Part], name: str) -> str:
    """The first heading that says what the page is, among those before the first numbered one and without claims of their own."""
    heads = []
    for part in parts[1:]:
        if part.printed:
            break
        heads.append(part.title)
        if part.claims:
            break
    telling = [head for head in heads if len(_TITLE_WORDS & set(words(head))) >= 2] or [
        head for head in heads if _TITLE_WORDS & set(words(head))
    ]
    return (telling or heads[:1] or [name])[0]


def _with_content(parts: list[_Part]) -> list[_Part]:
    """The parts that claim something, or stand over one that does."""
    kept: list[_Part] = []
    deepest = 0  # the depth below which a heading stands over something already kept
    for part in reversed(parts):
        if part.claims or (part.depth < deepest and part.title):
            kept.append(part)
            deepest = part.depth
    kept.reverse()
    top = [part for part in kept if part.depth == min(part.depth for part in kept)]
    if len(top) == 1 and top[0] is kept[0] and len(kept) > 1 and not top[0].printed:
        if top[0].claims:
            top[0].depth = min(part.depth for part in kept[1:])
        else:
            kept.remove(top[0])  # the page's title, which is over everything
    return kept


def _number(parts: list[_Part]) -> list[_Part]:
    """Give each part its printed number where that is free, else the next one under the part it stands under."""
    taken = {part.printed.upper() for part in parts if part.printed}
    used: set[str] = set()
    above: list[_Part] = []
    for part in parts:
        while above and above[-1].depth >= part.depth:
            above.pop()
        if part.printed and part.printed not in used:
            part.number = part.printed
        else:
            prefix = f"{above[-1].number}." if above else ""
            part.number = next(number for n in range(1, len(parts) + 2) if (number := f"{prefix}{n}") not in used | taken)
        used.add(part.number)
        above.append(part)
    return parts


def slug(text: str) -> str:
    """`text` as a document's id: lower case letters, figures and hyphens; "document" when nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-") or "document"
