"""Proposing answers to a customer's questionnaire from promises: for somebody to read, mend and hand over. Pure but for its input.

Each question is held against every promise by its words, and by what proves it; how that stands is told as customers may read it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.documents.importing.similarity import Index
from upheld.web import wording
from upheld.web.trust import words
from upheld.web.trust.public import Public, PublicPromise

NEAR = 0.8  # a second promise answers about as well as the first, or is left out
LIKELY = 0.25  # below this the words have too little in common: better no answer than a wrong one


@dataclass(frozen=True)
class Proposed:
    """A question, the promises that answer it best, surest first, and how sure the first is, from 0 to 1."""

    question: str
    promises: tuple[PublicPromise, ...]
    sure: float


def propose(public: Public, questions: Iterable[str], most: int = 2) -> Iterator[Proposed]:
    """Yield, for each of `questions`, at most `most` promises of `public` that answer it."""
    texts = index(public)
    for question in questions:
        yield proposed(public, texts, question, most)


def index(public: Public) -> Index:
    """Return the words of every promise of `public`, and of what proves it, to hold questions against."""
    promises = [promise for document in public.documents for promise in document.promises]
    proven = [(each.id, f"{means.title}. {means.fact}") for each in promises for means in each.means]
    return Index([*((each.id, each.text) for each in promises), *proven])


def proposed(public: Public, texts: Index, question: str, most: int = 2) -> Proposed:
    """Return at most `most` promises of `public`, whose words are `texts`, that answer `question`."""
    promises = {promise.id: promise for document in public.documents for promise in document.promises}
    ranked = sorted(texts.scores(question).items(), key=lambda item: (-item[1], item[0]))
    likely = [(name, score) for name, score in ranked[:most] if score >= max(LIKELY, NEAR * ranked[0][1])]
    return Proposed(question, tuple(promises[name] for name, _score in likely), likely[0][1] if likely else 0.0)


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
            f"{public.address}/trust/{first.path}" if first else "",
        )


def _state(promise: PublicPromise) -> str:
    return words.state(promise.state) if promise.state else _("state not shown")
