"""Parting a sentence that makes several promises into one sentence each, and a bullet's title from what it says."""

import re

from upheld.documents.importing.headings import leading_mark
from upheld.documents.importing.words import has_verb, is_name, sentences, words
from upheld.standards.citation import citations, without

_ENSURES = re.compile(r"\b(?:ensur\w+|guarante\w+|mak(?:e|es|ing)\s+(?:sure|certain)|provid\w+|warrant\w*)\s+that\s+", re.IGNORECASE)
_AND_THAT = re.compile(r",?\s+(?:and|as\s+well\s+as)\s+that\s+|,\s+that\s+")
_AND_MODAL = re.compile(r",?\s+and\s+(?=(?:may|must|shall|will|can|cannot)\b)")
_AND_WE = re.compile(
    r",?\s+and\s+(?=we\s)"
    r"|,\s+and\s+(?=(?:every|each|all|no|any|only)\s+(?:\S+\s+){1,5}?(?:is|are|has|have|may|must|will|we)\b)"
)
_FIRST_VERB = re.compile(r"\b(?:is|are|was|were|has|have|may|must|shall|will|can|cannot|do|does)\b")
_COLON_TITLE = re.compile(r"(?P<title>[^:.;]{3,60}):\s+(?P<rest>\S.*)", re.DOTALL)
_MIN_WORDS = 3


def titled(text: str) -> tuple[str, str]:
    """Part the title that leads a bullet, as in "Backups. We copy ..." or "Backups: copied daily", from the rest; "" without one."""
    first, *rest = sentences(text) or [""]
    if rest and is_name(first) and first.endswith(".") and words(without(" ".join(rest))):
        return first.rstrip("."), text[len(first) :].strip()
    found = _COLON_TITLE.fullmatch(text)
    if found and is_name(found["title"], 6) and not citations(found["title"]):
        return found["title"].strip(), found["rest"].strip()
    return "", text


def parts(sentence: str) -> list[str]:
    """The promises that `sentence` makes, each as a sentence of its own; one that makes a single promise comes back as it is."""
    found = [sentence]
    for split in (_semicolons, _that_clauses, _clauses, _modals):
        found = [part for one in found for part in split(one)]
    return found


def _semicolons(sentence: str) -> list[str]:
    pieces = re.split(r";\s+(?:and\s+)?", sentence.rstrip(";"))
    return _whole(sentence, pieces) if all(len(piece.split()) >= _MIN_WORDS for piece in pieces) else [sentence]


def _that_clauses(sentence: str) -> list[str]:
    """ "... ensure that A, that B, and that C" promises A, B and C."""
    found = _ENSURES.search(sentence)
    if found is None:
        return [sentence]
    clauses = _AND_THAT.split(sentence[found.end() :])
    return _whole(sentence, clauses) if len(clauses) > 1 and all(has_verb(clause) for clause in clauses) else [sentence]


def _clauses(sentence: str) -> list[str]:
    """ "... A, and we do B" promises A and B."""
    clauses = _AND_WE.split(sentence)
    return _whole(sentence, clauses) if all(len(clause.split()) >= _MIN_WORDS for clause in clauses) else [sentence]


def _modals(sentence: str) -> list[str]:
    """ "X are A and may only B" promises that X are A, and that X may only B."""
    clauses = _AND_MODAL.split(sentence)
    verb = _FIRST_VERB.search(clauses[0])
    if len(clauses) < 2 or verb is None or not verb.start():
        return [sentence]
    subject = clauses[0][: verb.start()].strip()
    return _whole(sentence, [clauses[0], *(f"{subject} {clause}" for clause in clauses[1:])])


def _whole(sentence: str, pieces: list[str]) -> list[str]:
    """`pieces` as sentences: each begins with a capital and ends as `sentence` does."""
    if len(pieces) < 2:
        return [sentence]
    end = sentence[-1] if sentence[-1] in ".!" else ""
    tidied = [leading_mark(piece)[1].rstrip(".,;") for piece in pieces]
    return [piece[0].upper() + piece[1:] + end for piece in tidied if piece]
