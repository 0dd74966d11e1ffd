"""From a published page to a document: read, outline, correct what it cites, propose what could test it, and report."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import tomli_w

from upheld.documents.document import CHAPTERS, Document, Promise, Proposal
from upheld.documents.importing.block import Block, Kind, UnreadableError
from upheld.documents.importing.claims import Claim, left_out
from upheld.documents.importing.correcting import correct
from upheld.documents.importing.german import in_english, is_german
from upheld.documents.importing.outline import Outline, outline, slug
from upheld.documents.importing.proposing import chapter_of, propose
from upheld.documents.importing.reading import FORMATS, read
from upheld.documents.importing.words import words
from upheld.standards.citation import EDITION_2013, EDITION_2022, Citation, common_edition

_ENGLISH = {"the", "a", "an", "of", "to", "and", "is", "are", "we", "our", "for", "by", "with", "on", "at", "that", "all", "or"}
MOST = 3000  # promises of one page; the longest seen have some two hundred
ACCEPTED = 0.5  # from this confidence on a proposed measure is taken into the promise; below, somebody decides


class Cover(StrEnum):
    """Whether something tests a promise."""

    TESTED = "tested"  # a measure it rests on has its query
    NOT_COVERED = "not covered"  # nothing known is sure enough to test it


@dataclass(frozen=True)
class Found:
    """A promise as imported, with all that was proposed for it, surest first, accepted or not."""

    promise: Promise
    proposals: tuple[Proposal, ...]

    @property
    def cover(self) -> Cover:
        """Whether something tests it."""
        return Cover.TESTED if self.promise.measures else Cover.NOT_COVERED


@dataclass(frozen=True)
class Imported:
    """A page turned into a document. `notes` are the reader's; `left_out` are sentences that were taken for no promise."""

    document: Document
    found: tuple[Found, ...]
    notes: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def silent(self) -> tuple[str, ...]:
        """The chapters that no promise of the page is about."""
        spoken = {found.promise.chapter for found in self.found}
        return tuple(chapter for chapter in CHAPTERS if chapter not in spoken)


def import_file(path: Path, document_id: str | None = None) -> Imported:
    """Import the page at `path`; its id is `document_id`, else made of the file's name.

    Raises `UnreadableError` for a file that cannot be read, or in which no promise was found.
    """
    if document_id is not None and slug(document_id) != document_id:
        raise UnreadableError(f"{document_id!r} can be no document's id; use {slug(document_id)!r}.")
    reading = read(path)
    outlined = outline(reading.blocks, path.stem)
    if not outlined.claims:
        raise UnreadableError(f"{path}: no promise found in it; expected sentences or bullets about measures, as {FORMATS}.")
    if len(outlined.claims) > MOST:
        raise UnreadableError(f"{path}: {len(outlined.claims)} sentences that could be promises; cut out the at most {MOST} that are.")
    german = is_german([word for claim in outlined.claims for word in words(claim.text)])
    found = tuple(_found(outlined, document_id or slug(path.stem), in_english if german else str))
    document = Document(
        id=document_id or slug(path.stem),
        title=outlined.title,
        language="de" if german else "en",
        version="1",
        intro="",
        sections=outlined.sections,
        promises=tuple(one.promise for one in found),
    )
    return Imported(document, found, (*reading.notes, *_language(document)), tuple(_left_out(reading.blocks)))


def as_toml(document: Document) -> str:
    """The file of `document`, as `upheld.documents.document.load` reads it."""
    root = {name: getattr(document, name) for name in ("id", "title", "language", "version", "intro")}
    sections = [{"number": section.number, "title": section.title} for section in document.sections]
    return tomli_w.dumps({**root, "sections": sections, "promises": [_entry(promise) for promise in document.promises]})


def _entry(promise: Promise) -> dict[str, object]:
    said = {name: getattr(promise, name) for name in ("id", "section", "chapter", "text", "label", "corrected")}
    entry: dict[str, object] = {name: value for name, value in said.items() if value}
    entry |= {"clauses": list(promise.clauses), "measures": list(promise.measures)}
    if promise.proposed:
        entry["proposed"] = [{"measure": one.measure, "confidence": one.confidence, "because": one.because} for one in promise.proposed]
    return entry


def _found(outlined: Outline, document_id: str, meant: Callable[[str], str]) -> Iterator[Found]:
    edition = common_edition([citation.cited for claim in outlined.claims for citation in claim.cited])
    count: dict[str, int] = {}
    titles = {section.number: section.title for section in outlined.sections}
    for claim in outlined.claims:
        count[claim.section] = count.get(claim.section, 0) + 1
        yield _promise(claim, f"{document_id}:{claim.section}.{count[claim.section]}", titles[claim.section], edition, meant)


def _promise(claim: Claim, promise_id: str, heading: str, edition: str | None, meant: Callable[[str], str]) -> Found:
    cited, text = tuple(_of_edition(citation, edition) for citation in claim.cited), meant(claim.text)
    corrected = correct(text, cited)
    proposals = propose(text, corrected.clauses, under=meant(heading))
    accepted = [proposal for proposal in proposals if proposal.confidence >= ACCEPTED]
    promise = Promise(
        id=promise_id,
        section=claim.section,
        chapter=chapter_of(text, proposals),
        text=claim.text,
        label="; ".join(citation.cited for citation in cited) or claim.where,
        clauses=corrected.clauses,
        measures=tuple(proposal.measure for proposal in accepted),
        corrected=corrected.why,
        proposed=tuple(proposal for proposal in proposals if proposal not in accepted),
    )
    return Found(promise, proposals)


def _of_edition(citation: Citation, edition: str | None) -> Citation:
    """A citation that does not say its edition follows the one that most of the page follows, also where the number's shape does not."""
    guessed = not citation.edition_said and citation.standard in (EDITION_2013, EDITION_2022)
    return replace(citation, standard=edition) if guessed and edition else citation


def _language(document: Document) -> Iterator[str]:
    """A note when the page seems to be neither in English nor in German, the languages that wording is compared in."""
    if document.language == "de":
        yield "the page is in German; its words were compared by what they mean in English: read what is proposed with care"
        return
    said = [word for promise in document.promises for word in words(promise.text)]
    if len(said) >= 30 and sum(word in _ENGLISH for word in said) < 0.12 * len(said):
        yield "the page seems to be neither in English nor in German; measures were proposed by its citations, hardly by its words"


def _left_out(blocks: tuple[Block, ...]) -> Iterator[str]:
    for n, block in enumerate(blocks):
        if block.kind in (Kind.BULLET, Kind.PARAGRAPH):
            yield from left_out(block, blocks[n + 1] if n + 1 < len(blocks) else None)
