"""Whether the clauses cited for a promise are the ones it is about: by their numbers, and by its words against theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from upheld.documents.document import shipped
from upheld.documents.importing.similarity import Index, terms
from upheld.standards.citation import Citation
from upheld.standards.standard import Clause, UnknownClauseError, clause, exists, newer, related, standards

# A clause replaces the cited one only where the promise's words are clearly its own, and by far less the cited one's.
_ALIKE = 0.35
_BY_FAR = 0.25
_REPLACES_NUMBER = 0.15
# Controls are about one subject each; articles of a law and criteria are so wide that words cannot tell them apart.
_NARROW = "ISO/IEC "


@dataclass(frozen=True)
class Corrected:
    """The right clauses of a promise, newer editions after them, and in words what was wrong with those cited; "" when nothing was."""

    clauses: tuple[str, ...]
    why: str


def correct(text: str, cited: tuple[Citation, ...]) -> Corrected:
    """Check each of `cited` for the promise `text`.

    A number that does not exist is replaced by the clause that `text` is most alike, or dropped when none is alike enough;
    one that belongs to another subject is replaced only where there is no doubt. What cannot be told stays as cited.
    """
    kept: list[str] = []
    wrong: list[str] = []
    taken = {citation.cited for citation in cited}
    for citation in cited:
        found, why = _check(text, citation, taken)
        kept += [found] if found else []
        wrong += [why] if why else []
    clauses = list(dict.fromkeys(kept))
    later = [held.cited for one in clauses for held in _newer(one)]
    return Corrected(tuple(dict.fromkeys([*clauses, *later])), " ".join(wrong))


def _check(text: str, citation: Citation, taken: set[str]) -> tuple[str, str]:
    """The clause to keep for `citation`, "" for none, and what was wrong with it, "" for nothing."""
    alike = _alike(text, citation.standard)
    best, score = max(alike.items(), key=lambda item: item[1], default=("", 0.0))
    known = exists(citation.cited)
    if known is False:
        if score < _REPLACES_NUMBER:
            return "", f"{citation.cited} does not exist, and no clause is alike enough to take its place."
        return best, f"{citation.cited} does not exist; by its words the promise is {_about(best)}."
    if not citation.standard.startswith(_NARROW):
        return citation.cited, ""
    as_cited = alike.get(citation.cited, 0.0)
    sure = score >= _ALIKE and score - as_cited >= _BY_FAR and len(_shared(text, best)) > 1
    if known and sure and best not in taken and best not in _beside(citation.cited) and not _group(citation, best):
        return best, f"{citation.cited} is about something else ({_title(citation.cited)}); by its words the promise is {_about(best)}."
    return citation.cited, ""


def _group(citation: Citation, best: str) -> bool:
    """Whether the citation names a whole group of clauses ("A.9.2") that `best` belongs to."""
    return best.startswith((f"{citation.cited}.", f"{citation.cited}("))


def _alike(text: str, standard: str) -> Mapping[str, float]:
    return _index(standard).scores(text) if standard in standards() else {}


@cache
def _beside(cited: str) -> frozenset[str]:
    """The clauses so near to `cited` that words cannot tell them apart: cited for one promise with it, or merged with it since."""
    together = [set(promise.clauses) for document in shipped() for promise in document.promises if cited in promise.clauses]
    merged = [{back.clause.cited for later in _newer(cited) for back in related(later) if back.clause.standard == clause(cited).standard}]
    return frozenset().union(*together, *merged)


def _shared(text: str, best: str) -> set[str]:
    """The telling words that `text` has in common with the clause `best`; one alone may be there by chance."""
    own = {term for cited, said in _texts(best.rpartition(" ")[0]) if cited == best for term in terms(said)}
    return own & set(terms(text))


@cache
def _index(standard: str) -> Index:
    return Index(_texts(standard))


@cache
def _texts(standard: str) -> tuple[tuple[str, str], ...]:
    """Every clause of `standard` with its title, and with the founding promises that cite it first."""
    texts = [(held.cited, held.title) for held in standards()[standard].clauses.values()]
    for document in shipped():
        for promise in document.promises:
            first = next((cited for cited in promise.clauses if cited.startswith(f"{standard} ")), None)
            if first:
                texts.append((first, f"{clause(first).title}. {promise.text}"))
    return tuple(texts)


def _newer(cited: str) -> list[Clause]:
    try:
        return [link.clause for link in newer(clause(cited))]
    except UnknownClauseError:
        return []


def _title(cited: str) -> str:
    try:
        return clause(cited).title
    except UnknownClauseError:
        return "a group of clauses"


def _about(cited: str) -> str:
    return f"{cited} ({_title(cited)})"
