"""Proposing answers to a customer's questionnaire from promises: for somebody to read, mend and hand over. Pure but for its input.

Each question is held against every promise by its words, by what proves it, and by the clauses that both cite; a question of the CAIQ also
by what the control that it is counted by is about. How that stands is told as customers may read it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.documents.importing.proposing import BROAD, neighbours
from upheld.documents.importing.similarity import Index
from upheld.standards.citation import CLOUD, EDITION_2013, citations
from upheld.standards.standard import clause, exists, standards
from upheld.web import wording
from upheld.web.trust import words
from upheld.web.trust.domain import PLACE
from upheld.web.trust.public import Public, PublicPromise

# What a clause that is asked about is worth by itself: enough to be proposed, too little for a yes (`questionnaires.SURE`) without words
# in common. One that more than a few promises cite only helps to choose among those that have such words.
SAME_CLAUSE, OTHER_CLAUSE, WIDE, FEW = 0.35, 0.3, 0.15, 3
ELSEWHERE = 0.7  # what words in common still say, where the control that is asked about is about other clauses than the promise cites
NEAR = 0.8  # a second promise answers about as well as the first, or is left out
_COUNTED = re.compile(r"([A-Z&]{3}-\d{2})(?:\.\d{1,2})?")
LIKELY = 0.25  # below this the words have too little in common: better no answer than a wrong one


@dataclass(frozen=True)
class Proposed:
    """A question, the promises that answer it best, surest first, and how sure the first is, from 0 to 1."""

    question: str
    promises: tuple[PublicPromise, ...]
    sure: float


@dataclass(frozen=True)
class Answers:
    """The promises that may answer questions: by id, by their words and those of what proves them, and by the clauses that they cite."""

    promises: Mapping[str, PublicPromise]
    texts: Index
    citing: Mapping[str, frozenset[str]]


def propose(public: Public, questions: Sequence[tuple[str, str]], most: int = 2) -> Iterator[Proposed]:
    """Yield, for each of `questions` with its number in its own questionnaire, at most `most` promises of `public` that answer it."""
    known, named = answers(public), counted_by([ref for ref, _text in questions])
    for ref, text in questions:
        yield proposed(known, text, f"{named}{ref}", most=most)


def counted_by(refs: Sequence[str]) -> str:
    """Return what the numbers of a questionnaire's questions are numbers of: "CAIQ " where most are of its fourth version, else "".

    Its third counts other controls by some of the same numbers; it is told by those that the fourth does not have.
    """
    counted = [found[1] for ref in refs if (found := _COUNTED.fullmatch(ref.strip()))]
    held = standards()[CLOUD].clauses
    return "CAIQ " if len(counted) * 2 > len(refs) and all(each in held for each in counted) else ""


def answers(public: Public) -> Answers:
    """Return what questions are held against: every promise of `public`, with what proves it as far as it is shown."""
    promises = {promise.id: promise for document in public.documents for promise in document.promises}
    proven = [(each.id, f"{means.title}. {means.fact}") for each in promises.values() for means in each.means]
    citing: dict[str, set[str]] = {}
    for each in promises.values():
        for cited in each.clauses:
            citing.setdefault(cited, set()).add(each.id)
    texts = Index([*((each.id, each.text) for each in promises.values()), *proven])
    return Answers(promises, texts, {cited: frozenset(names) for cited, names in citing.items()})


def proposed(known: Answers, question: str, ref: str = "", most: int = 2) -> Proposed:
    """Return at most `most` promises that answer `question`, whose number in its own questionnaire is `ref`: by words and by clauses."""
    asked = _asked(f"{ref}: {question}")
    about = [clause(each).title for each in asked if each.startswith(CLOUD)]
    scores, cited = known.texts.scores(" ".join((question, *about))), _by_clause(known, asked)
    for name in scores.keys() | cited.keys():
        worth, alike = cited.get(name, 0.0), scores.get(name, 0.0)
        elsewhere = about and not worth and known.promises[name].clauses
        scores[name] = alike * ELSEWHERE if elsewhere else 1 - (1 - worth) * (1 - alike)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    likely = [(name, score) for name, score in ranked[:most] if score >= max(LIKELY, NEAR * ranked[0][1])]
    return Proposed(question, tuple(known.promises[name] for name, _score in likely), likely[0][1] if likely else 0.0)


def _asked(said: str) -> list[str]:
    """Return the clauses that `said` cites."""
    return [
        cited
        for cited in dict.fromkeys(each.cited for each in citations(said))
        if exists(cited) is not False and not cited.startswith(BROAD)
    ]


def _by_clause(known: Answers, asked: Iterable[str]) -> dict[str, float]:
    """What it is worth, by promise, to cite a clause that is `asked` about, or what corresponds to it in another edition or standard."""
    found: dict[str, float] = {}
    for cited in asked:
        for one, worth in ((cited, SAME_CLAUSE), *((each, OTHER_CLAUSE) for each in _corresponding(cited))):
            names = known.citing.get(one, frozenset())
            for name in names:
                found[name] = max(found.get(name, 0.0), worth if len(names) <= FEW else WIDE)
    return found


def _corresponding(cited: str) -> list[str]:
    """Return what corresponds to a clause; of a control of the matrix also what corresponds to that in the older edition."""
    near = neighbours(cited)
    further = (each for one in near for each in neighbours(one)) if cited.startswith(CLOUD) else ()
    return [*near, *(each for each in further if each.startswith(EDITION_2013))]


def table(public: Public, proposed: Iterable[Proposed]) -> Iterator[Sequence[str]]:
    """Yield the rows of a sheet: each question with the answer that is proposed, how the promise stands, and where it can be read."""
    yield _("Question"), _("Proposed answer"), _("Promise"), _("State"), _("Last proven"), _("How sure"), _("To be read at")
    for each in proposed:
        first = each.promises[0] if each.promises else None
        yield (
            each.question,
            "\n".join(promise.text for promise in each.promises),
            ", ".join(promise.id for promise in each.promises),
            _state(first) if first else "",
            wording.day(first.proven_at) if first and first.proven_at else "",
            f"{each.sure:.0%}" if first else _("no promise answers this"),
            f"{public.home or PLACE}{first.path}" if first else "",
        )


def _state(promise: PublicPromise) -> str:
    return words.state(promise.state) if promise.state else _("state not shown")
