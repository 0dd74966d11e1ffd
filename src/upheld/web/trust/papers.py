"""A published document as PDF, and all of them as OSCAL, with exactly as much as whoever reads the pages is shown.

Promises whose state is not shown stand in the PDF as that, and nowhere in OSCAL's results; measures go along where numbers are shown.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import replace

from upheld.exports.oscal.files import files
from upheld.exports.oscal.words import CATALOGUE, COMPONENT, RESULTS
from upheld.exports.papers.paper import Audience, paper
from upheld.exports.papers.pdf import document_pdf
from upheld.exports.papers.typeset import can_set
from upheld.exports.position import ExportError, Position, Tested, position
from upheld.exports.writing import pieces
from upheld.registers.trust.models import Shown
from upheld.verdicts.standing import PromiseStanding
from upheld.web.trust.public import Public, PublicPromise

OSCAL = tuple(f"oscal/{name}" for name in (CATALOGUE, COMPONENT, RESULTS))
PDF = "paper.pdf"


def there(public: Public) -> bool:
    """Whether anything was judged, so that there is something to say of `public`."""
    try:
        return bool(public.documents) and bool(position(public=True).documents)
    except ExportError:
        return False


def pdfs(public: Public) -> tuple[str, ...]:
    """Return the paths of the documents as PDF; none where PDFs cannot be made."""
    return tuple(f"{each.path}{PDF}" for each in public.documents) if can_set() else ()


def pdf(public: Public, document_id: str) -> bytes:
    """Return one document as PDF, in the language of `public`."""
    found, shown = position(document_id, public=True), _shown(public)
    return document_pdf(paper(found, audience=Audience.PUBLIC, language=public.language, hidden=_hidden(shown)))


def oscal(public: Public, name: str) -> bytes:
    """Return the OSCAL file called `name` of all documents."""
    return b"".join(pieces(files(_cut(position(public=True), public))[name]))


def _shown(public: Public) -> dict[str, PublicPromise]:
    return {each.id: each for document in public.documents for each in document.promises}


def _hidden(shown: dict[str, PublicPromise]) -> frozenset[str]:
    return frozenset(name for name, each in shown.items() if each.state is None)


def _cut(found: Position, public: Public) -> Position:
    """Return `found` with what is shown of it: published documents, promises with a state, measures with numbers."""
    shown, published = _shown(public), {each.id for each in public.documents}
    documents = tuple(
        replace(document, promises=tuple(_promises(document.promises, shown)))
        for document in found.documents
        if document.document.id in published
    )
    named = {each.id for document in documents for promise in document.promises for each in promise.measures}
    return replace(found, documents=documents, tested={name: _told(each) for name, each in found.tested.items() if name in named})


def _promises(every: Iterable[PromiseStanding], shown: dict[str, PublicPromise]) -> Iterable[PromiseStanding]:
    for each in every:
        public = shown.get(each.promise.id)
        if public is None or public.state is None:
            continue
        with_numbers = public.shown is Shown.NUMBERS
        yield each if with_numbers else replace(each, promise=replace(each.promise, measures=()), measures=())


def _told(tested: Tested) -> Tested:
    """Return `tested` without when it will break or go stale, which pages do not say either."""
    if tested.verdict is None:
        return tested
    verdict = copy(tested.verdict)
    verdict.flips_at = verdict.stale_at = None
    return replace(tested, verdict=verdict)
