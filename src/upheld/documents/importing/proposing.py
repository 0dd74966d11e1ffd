"""Which measures a promise could rest on: by the clauses it cites, and by its words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from upheld.documents.catalogue import known
from upheld.documents.document import CHAPTERS, Promise, Proposal, shipped
from upheld.documents.importing.similarity import Index, terms
from upheld.standards.standard import UnknownClauseError, clause, related

# What each kind of evidence is worth when it is as strong as can be. None alone is proof; together they never reach 1.
# Sharing a clause says little by itself, since some clauses are wide, and more the more the wording agrees with it.
_BY_CLAUSE, _BY_NEIGHBOUR, _CLAUSE_ALONE = 0.5, 0.3, 0.35
_BY_PROMISE, _BY_FACT = 0.85, 0.6
_LATER_LISTED = 0.97  # a promise lists the measures first that are its own
BROAD = ("GDPR 5", "GDPR 24", "GDPR 32", "NIS2 20", "NIS2 21(1)")  # clauses so wide that sharing one says little
LEAST = 0.2
_FEW_WORDS = 4


@dataclass
class _Evidence:
    """What speaks for one measure, each from 0 to 1, and the words for the strongest."""

    clause: float = 0.0
    promise: float = 0.0
    fact: float = 0.0
    because: str = ""

    @property
    def confidence(self) -> float:
        """How sure the proposal is: the chance that not every kind of evidence misleads."""
        return 1 - (1 - self.clause) * (1 - _BY_PROMISE * self.promise) * (1 - _BY_FACT * self.fact)


def propose(text: str, clauses: Iterable[str] = (), *, under: str = "", most: int = 5) -> tuple[Proposal, ...]:
    """The measures that the promise `text` could rest on, citing `clauses` and standing under the heading `under`.

    At most `most` of them, surest first. The heading counts only for a promise of few words, which says little without it.
    """
    found: dict[str, _Evidence] = {measure: _Evidence() for measure in known()}
    _by_words(found, f"{under}. {text}" if len(terms(text)) < _FEW_WORDS else text)
    _by_clause(found, tuple(clauses))
    ranked = sorted(found.items(), key=lambda item: (-item[1].confidence, item[0]))
    sure = [(measure, evidence) for measure, evidence in ranked[:most] if evidence.confidence >= LEAST]
    return tuple(Proposal(measure, round(evidence.confidence, 2), evidence.because) for measure, evidence in sure)


def chapter_of(text: str, proposals: tuple[Proposal, ...]) -> str:
    """The chapter a promise belongs to: that of most of its proposed measures, else the one whose facts its words are most alike."""
    votes = dict.fromkeys(CHAPTERS, 0.0)
    for proposal in proposals:
        votes[proposal.measure.partition("/")[0]] += proposal.confidence**2
    if not any(votes.values()):
        for measure, alike in _facts().scores(text).items():
            votes[measure.partition("/")[0]] += alike
    return max(votes, key=lambda chapter: votes[chapter])


def _by_words(found: dict[str, _Evidence], text: str) -> None:
    promises = _promises()
    for promise_id, alike in _texts().scores(text).items():
        for place, measure in enumerate(promises[promise_id].measures):
            evidence, worth = found[measure], alike * _LATER_LISTED**place
            if worth > evidence.promise:
                evidence.promise, evidence.because = worth, f"worded like {promise_id}"
    for measure, alike in _facts().scores(text).items():
        evidence = found[measure]
        if alike > evidence.promise:
            evidence.because = "worded like the measure itself"
        evidence.fact = alike


def _by_clause(found: dict[str, _Evidence], clauses: tuple[str, ...]) -> None:
    near = [neighbour for cited in clauses for neighbour in neighbours(cited)]
    for most, all_cited in ((_BY_CLAUSE, clauses), (_BY_NEIGHBOUR, near)):
        for cited in all_cited:
            if cited.startswith(BROAD):
                continue
            for measure in _citing().get(cited, ()):
                evidence = found[measure]
                worth = most * (_CLAUSE_ALONE + (1 - _CLAUSE_ALONE) * max(evidence.promise, evidence.fact))
                if worth > evidence.clause:
                    evidence.clause = worth
                    evidence.because = f"cites {cited}" + (f", {evidence.because}" if evidence.promise > 0.3 else "")


@cache
def _promises() -> Mapping[str, Promise]:
    measures = known()
    promises = [promise for document in shipped() for promise in document.promises]
    return {promise.id: promise for promise in promises if all(measure in measures for measure in promise.measures)}


@cache
def _texts() -> Index:
    return Index((promise.id, promise.text) for promise in _promises().values())


@cache
def _facts() -> Index:
    return Index((measure.id, f"{measure.title}. {measure.fact}") for measure in known().values())


@cache
def _citing() -> Mapping[str, tuple[str, ...]]:
    """The measures for each clause: of the founding promises that cite it, and of the measures' own files."""
    citing: dict[str, dict[str, None]] = {}
    for promise in _promises().values():
        for cited in promise.clauses:
            citing.setdefault(cited, {}).update(dict.fromkeys(promise.measures))
    for measure in known().values():
        for cited in measure.clauses:
            citing.setdefault(cited, {})[measure.id] = None
    return {cited: tuple(measures) for cited, measures in citing.items()}


def neighbours(cited: str) -> list[str]:
    """Return the clauses that correspond to the one `cited`, in other editions and standards; none for one that does not exist."""
    try:
        return [link.clause.cited for link in related(clause(cited))]
    except UnknownClauseError:
        return []
