"""The report of an import, for people and for scripts."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from upheld.documents.document import Proposal
from upheld.documents.importing.importing import Cover, Found, Imported


def report_json(imported: Imported, output: Path | None) -> dict[str, Any]:
    """The report as scripts read it; docs/how/write-your-document.md describes its fields."""
    document = imported.document
    return {
        "document": {"id": document.id, "title": document.title, "promises": len(document.promises)},
        "output": str(output) if output else None,
        "sections": [{"number": section.number, "title": section.title} for section in document.sections],
        "promises": [_promise_json(found) for found in imported.found],
        "covered": _counts(imported),
        "silent_chapters": list(imported.silent),
        "left_out": list(imported.left_out),
        "notes": list(imported.notes),
    }


def report_lines(imported: Imported, output: Path | None) -> Iterator[str]:
    """The report as people read it."""
    document = imported.document
    yield f"{document.title}: {len(document.promises)} promises in {len(document.sections)} sections" + (
        f", written to {output}" if output else ""
    )
    yield from (f"  note: {note}" for note in imported.notes)
    for cover, count in _counts(imported).items():
        yield f"  {cover}: {count}"
    corrected = [found.promise for found in imported.found if found.promise.corrected]
    if corrected:
        yield f"Citations corrected: {len(corrected)}"
        yield from (f"  {promise.id}: {promise.corrected}" for promise in corrected)
    open_ones = [found for found in imported.found if found.cover is Cover.NOT_COVERED]
    if open_ones:
        yield "Not covered; decide on the measures proposed, or write your own:"
        for found in open_ones:
            best = ", ".join(f"{proposal.measure} ({proposal.confidence:.2f})" for proposal in found.proposals[:3])
            yield f"  {found.promise.id}: {found.promise.text}"
            yield f"      {best or 'nothing is alike'}"
    if imported.silent:
        yield f"The page says nothing about: {', '.join(imported.silent)}"
    if imported.left_out:
        yield f"Taken for no promise: {len(imported.left_out)}"
        yield from (f"  {said if len(said) <= 110 else said[:109] + '…'}" for said in imported.left_out)


def _counts(imported: Imported) -> dict[str, int]:
    counted = Counter(found.cover for found in imported.found)
    return {cover.value: counted[cover] for cover in Cover}


def _promise_json(found: Found) -> dict[str, Any]:
    promise = found.promise
    return {
        "id": promise.id,
        "section": promise.section,
        "chapter": promise.chapter,
        "text": promise.text,
        "label": promise.label,
        "clauses": list(promise.clauses),
        "corrected": promise.corrected or None,
        "measures": list(promise.measures),
        "proposed": [_proposal_json(proposal, promise.measures) for proposal in found.proposals],
        "cover": found.cover.value,
    }


def _proposal_json(proposal: Proposal, accepted: tuple[str, ...]) -> dict[str, Any]:
    return {
        "measure": proposal.measure,
        "confidence": proposal.confidence,
        "because": proposal.because,
        "accepted": proposal.measure in accepted,
    }
