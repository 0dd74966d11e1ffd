"""A published document as PDF, and all of them as OSCAL, with exactly as much as whoever reads the pages is shown.

Promises whose state is not shown stand in the PDF as that, and nowhere in OSCAL's results. Measures go along in OSCAL where numbers
are shown, in a customer's PDF where it is shown what proves a promise, and never in the public's.
Both are dated as the pages are, by what is shown, and count no entries of the ledger. Of what is hidden nothing changes them but, on
the PDF's page about checking, the checkpoint that was the last when it was made.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import replace

from upheld.exports.oscal.files import files
from upheld.exports.oscal.results import assessment_results
from upheld.exports.oscal.words import CATALOGUE, COMPONENT, PLAN, RESULTS
from upheld.exports.papers.paper import Audience, paper
from upheld.exports.papers.pdf import document_pdf
from upheld.exports.papers.typeset import can_set
from upheld.exports.position import Position, Tested, position
from upheld.exports.writing import pieces
from upheld.registers.trust.models import Shown
from upheld.verdicts.standing import PromiseStanding
from upheld.web.trust.public import Public, PublicPromise

OSCAL = tuple(f"oscal/{name}" for name in (CATALOGUE, COMPONENT, PLAN, RESULTS))
WHOLE = f"oscal/{RESULTS}"
PDF = "paper.pdf"


def results(public: Public) -> tuple[str, ...]:
    """Return the paths of all OSCAL: of all documents, and the results of each document and promise whose state is shown.

    There is none before anything that is shown was judged.
    """
    if not any(each.judged_at for each in public.documents):
        return ()
    shown = [each for each in public.documents if each.hidden < len(each.promises)]
    promises = [each.path for document in shown for each in document.promises if each.state is not None]
    return (*OSCAL, *(f"{path}{RESULTS}" for path in (*(each.path for each in shown), *promises)))


def pdfs(public: Public) -> tuple[str, ...]:
    """Return the paths of the documents as PDF; none where PDFs cannot be made."""
    return tuple(f"{each.path}{PDF}" for each in public.documents) if can_set() else ()


def pdf(public: Public, document_id: str) -> bytes:
    """Return one document as PDF, in the language of `public`."""
    found, shown = _dated(position(document_id, public=True), public), _shown(public)
    since = {name: each.since for name, each in shown.items() if each.since}
    audience = Audience.CUSTOMER if public.for_customers else Audience.PUBLIC
    documents = tuple(replace(each, promises=tuple(_proven(each.promises, shown))) for each in found.documents)
    found = replace(found, documents=documents)
    return document_pdf(paper(found, audience=audience, language=public.language, hidden=_hidden(shown), since=since))


def stood(public: Public) -> Position:
    """Return how all documents stand, with as much of it as `public` says: what OSCAL is made of."""
    return _cut(position(public=True), public)


def oscal(found: Position, path: str, public: Public) -> bytes:
    """Return the OSCAL file at `path`, made of what `stood`."""
    folder, _, name = path.rpartition("/")
    if path in OSCAL:
        return b"".join(pieces(files(found)[name]))
    return b"".join(pieces(assessment_results(_about(found, f"{folder}/", public), folder, plan=f"../../oscal/{PLAN}")))


def _about(found: Position, path: str, public: Public) -> Position:
    """Return `found` cut to the document or promise whose page is at `path`."""
    named = {each.id for document in public.documents for each in document.promises if path in (document.path, each.path)}
    documents = tuple(
        replace(each, promises=promises)
        for each in found.documents
        if (promises := tuple(one for one in each.promises if one.promise.id in named))
    )
    measures = {name for document in documents for each in document.promises for name in each.promise.measures}
    tested = {name: replace(each, proof=f"../{each.proof}") for name, each in found.tested.items() if name in measures}
    return replace(found, documents=documents, tested=tested)


def _dated(found: Position, public: Public) -> Position:
    """Return `found` as of when something shown of its documents was looked at last."""
    named = {each.document.id for each in found.documents}
    judged = [each.judged_at or each.published_at for each in public.documents if each.id in named]
    return replace(found, judged_at=max(judged), entry=None)


def _shown(public: Public) -> dict[str, PublicPromise]:
    return {each.id: each for document in public.documents for each in document.promises}


def _hidden(shown: dict[str, PublicPromise]) -> frozenset[str]:
    return frozenset(name for name, each in shown.items() if each.state is None)


def _cut(found: Position, public: Public) -> Position:
    """Return `found` with what is shown of it: published documents, promises with a state, measures with numbers."""
    found = _dated(found, public)
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


def _proven(every: Iterable[PromiseStanding], shown: dict[str, PublicPromise]) -> Iterable[PromiseStanding]:
    """Yield promises with what proves them where that is shown to customers; the public's paper counts them, and names none."""
    for each in every:
        public = shown.get(each.promise.id)
        less = public is None or public.shown.rank < Shown.MEANS.rank
        yield replace(each, promise=replace(each.promise, measures=())) if less else each


def _told(tested: Tested) -> Tested:
    """Return `tested` as pages say it: without its query, and when it will break or go stale; with its entry's proof for its number."""
    if tested.measure is not None:
        tested = replace(tested, measure=replace(tested.measure, query="", why=""))
    if tested.verdict is None:
        return tested
    verdict = copy(tested.verdict)
    verdict.flips_at = verdict.stale_at = None
    return replace(tested, verdict=verdict, entry=None, proof=f"../proofs/{verdict.entry_id}.tlog-proof")
