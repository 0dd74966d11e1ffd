"""What one block of a page claims: one claim a sentence or bullet, with the clauses cited for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from upheld.documents.importing.block import Block, Kind
from upheld.documents.importing.compound import parts, titled
from upheld.documents.importing.words import has_verb, is_claim, keeps_page_current, sentences, words
from upheld.standards.citation import Citation, citations, without

Row = tuple[str, ...]
_HEADER = {
    "control", "controls", "measure", "measures", "reference", "references", "ref", "clause", "clauses", "category", "description", "no",
    "nr", "id", "requirement", "requirements", "implementation", "status", "standard", "standards", "iso", "soc", "area", "topic", "item",
    "criterion", "criteria", "title", "name", "details", "evidence", "owner", "domain", "objective", "safeguard", "article",
    "maßnahme", "maßnahmen", "kategorie", "beschreibung", "umsetzung", "bereich", "thema", "referenz",
}  # fmt: skip
_LIST_END = re.compile(r"[;,](?:\s*(?:and|or))?$")
_BARE_NUMBER = re.compile(r"(?:A\.?\s?)?\d{1,2}(?:\.\d{1,2}){1,3}(?:\s*[,;/]\s*(?:A\.?\s?)?\d{1,2}(?:\.\d{1,2}){1,3})*")


@dataclass(frozen=True)
class Claim:
    """One promise as the page makes it: its words without citations, where it stands, and the citations as written there."""

    text: str
    where: str
    cited: tuple[Citation, ...] = ()
    section: str = ""


def block_claims(block: Block, after: Block | None, item: int) -> list[Claim]:
    """The claims of a bullet or paragraph, the `item`-th under its heading; none for a line that only leads to a list or is a menu's."""
    said = _without_lead(block, after)
    if not said or not _says_something(block):
        return []
    title, text = titled(said)
    where = f"item {block.number or item}" + (f": {title}" if title else "")
    return _without_repeats([Claim(said, where, cited) for said, cited in _said(text)])


def left_out(block: Block, after: Block | None) -> list[str]:
    """The sentences of a bullet or paragraph that are taken for no promise."""
    if not _says_something(block):
        return [block.text]
    said = _without_lead(block, after)
    led = [block.text[len(said) :].strip()] if block.text.endswith(":") and len(said) < len(block.text) else []
    return [sentence for sentence in sentences(titled(said)[1]) if words(without(sentence)) and not is_claim(sentence)] + led


def row_claims(block: Block, header: Row, item: int) -> list[Claim]:
    """The claims of a table row: its longest cell speaks, the others may cite, with the standard that the column's head names."""
    spoken = max(block.cells, key=lambda cell: (has_verb(cell), len(cell.split())))
    cited: list[Citation] = []
    for n, cell in enumerate(block.cells):
        head = header[n] if n < len(header) else ""
        cited += citations(f"{head} {cell}" if _BARE_NUMBER.fullmatch(cell) and citations(f"{head} {cell}") else cell)
    names = [
        cell
        for cell in block.cells
        if cell and cell != spoken and not citations(cell) and not _BARE_NUMBER.fullmatch(cell) and len(cell.split()) <= 8
    ]
    where = f"row {item}" + (f": {names[0]}" if names else "")
    if cited:
        return [Claim(without(spoken), where, tuple(cited))] if is_claim(spoken) else []
    return [Claim(said, where, found) for said, found in _said(spoken)]


def header_of(block: Block, after: Block | None) -> Row:
    """The cells of `block` when it heads a table, else none."""
    if after is None or after.kind is not Kind.ROW:
        return ()
    named = [cell for cell in block.cells if set(words(cell)) & _HEADER and len(cell.split()) <= 5 and not has_verb(cell)]
    return block.cells if len(named) * 2 >= len([cell for cell in block.cells if cell]) else ()


def _without_lead(block: Block, after: Block | None) -> str:
    """The block's text without a last sentence that only leads to the list, table or sections after it, and without list punctuation."""
    if block.text.endswith(":") and (after is None or after.kind is not Kind.PARAGRAPH):
        return block.text[: len(block.text) - len(sentences(block.text)[-1])].strip()
    return _LIST_END.sub("", block.text) if block.kind is Kind.BULLET else block.text


def _says_something(block: Block) -> bool:
    if block.kind is Kind.BULLET:
        return True
    said = len(block.text.split())
    return has_verb(block.text) or (block.text.endswith(".") and said >= 3) or bool(citations(block.text)) or keeps_page_current(block.text)


def _said(text: str) -> Iterator[tuple[str, tuple[Citation, ...]]]:
    """The claims of running text. Citations that stand alone after sentences are for all of them, those in a sentence for it."""
    waiting: list[str] = []
    for sentence in sentences(text):
        cited = citations(sentence)
        bare = without(sentence) if cited else sentence
        if not cited:
            waiting.append(sentence)
        elif not words(bare):
            yield from _together(waiting, cited)
            waiting = []
        else:
            yield from _apart(waiting)
            yield from _together([bare], cited)
            waiting = []
    yield from _apart(waiting)


def _together(said: list[str], cited: tuple[Citation, ...]) -> Iterator[tuple[str, tuple[Citation, ...]]]:
    claims = [sentence for sentence in said if is_claim(sentence)]
    if claims:
        yield " ".join(claims), cited


def _apart(said: list[str]) -> Iterator[tuple[str, tuple[Citation, ...]]]:
    for sentence in said:
        if is_claim(sentence):
            yield from ((part, ()) for part in parts(sentence))


def _without_repeats(claims: list[Claim]) -> list[Claim]:
    """`claims` without those that only say again what an earlier one of the same item said, with no word of weight added."""
    kept: list[Claim] = []
    for claim in claims:
        weighty = {word for word in words(claim.text) if len(word) > 3}
        again = any(weighty and len(weighty - set(words(earlier.text))) <= len(weighty) // 8 for earlier in kept)
        if not again or claim.cited:
            kept.append(claim)
    return kept
