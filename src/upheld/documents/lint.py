"""What is wrong with a document beyond its form: citations, clauses, measures, numbers that nothing keeps, repetitions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from pathlib import Path

from django.utils.translation import gettext_noop as _

from upheld.checks import library
from upheld.checks.measure import Kind
from upheld.checks.parameters import Parameter
from upheld.documents.catalogue import Known
from upheld.documents.claims import disagreements
from upheld.documents.document import Document, Promise
from upheld.documents.importing.correcting import correct
from upheld.documents.importing.similarity import terms
from upheld.evidence.visible import visible
from upheld.standards.citation import Citation, citations
from upheld.standards.standard import UnknownClauseError, clause, exists, newer


class Weight(StrEnum):
    """Whether something should be mended, or only known."""

    PROBLEM = "problem"
    NOTE = "note"


@dataclass(frozen=True)
class Remark:
    """One thing to say about a promise. `rule` names it for scripts; `says` is what is wrong, `do` what mends it.

    Both come from a sentence for each, `said` and `todo`, which pages have in their reader's language, and what it is `about`.
    """

    document: str
    promise: str
    rule: str
    weight: Weight
    said: str
    todo: str
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def says(self) -> str:
        """What is wrong, in English."""
        return self.said % self.about

    @property
    def do(self) -> str:
        """What mends it, in English."""
        return self.todo % self.about


JudgedBy = Mapping[str, Sequence[Parameter]]


def lint(document: Document, known: dict[str, Known], judged_by: JudgedBy | None = None) -> tuple[Remark, ...]:
    """Every remark on `document`, promise by promise; `known` are the measures there are, `judged_by` the parameters of each in force.

    Without `judged_by` nothing is said of numbers.
    """
    found = [remark for promise in document.promises for remark in _promise(document, promise, known, judged_by)]
    return (*_unseen(document), *found, *_repeated(document))


def parameters_of(own: Path, overrides: Path) -> JudgedBy:
    """Return the parameters by which each measure is judged, shipped and in the folder `own`, with the values of the file `overrides`.

    Raises `MeasureError`.
    """
    values = library.parameters_in_force(own, overrides if overrides.is_file() else None)
    return {each.id: tuple(values.of(each).values()) for each in library.measures(own).values()}


def _promise(document: Document, promise: Promise, known: dict[str, Known], judged_by: JudgedBy | None) -> Iterator[Remark]:
    numbers = () if judged_by is None else _numbers(promise, judged_by)
    for rule, weight, said, todo, about in (*_clauses(promise), *_label(promise), *_measures(promise, known), *numbers):
        yield Remark(document.id, promise.id, rule, weight, said, todo, about)


_Said = tuple[str, Weight, str, str, Mapping[str, str]]
_CORRECT = _("correct the number in `clauses`")


def _clauses(promise: Promise) -> Iterator[_Said]:
    for cited in promise.clauses:
        known = exists(cited)
        if known is False:
            yield "clause-missing", Weight.PROBLEM, _("%(cited)s does not exist"), _CORRECT, {"cited": cited}
        elif known is None and (meant := _meant(cited)):
            about = {"cited": cited, "meant": meant}
            if exists(meant):
                yield (
                    "clause-form",
                    Weight.PROBLEM,
                    _("%(cited)s is not written in full, so nothing is known of it"),
                    _("write %(meant)s"),
                    about,
                )
            else:
                said = _("%(cited)s is not written in full, so nothing is known of it, and there is no %(meant)s")
                yield "clause-form", Weight.PROBLEM, said, _CORRECT, about
        elif known is None:
            said = _("%(cited)s is not among the clauses held here")
            yield "clause-unknown", Weight.NOTE, said, _("check it against the standard"), {"cited": cited}
        else:
            yield from _edition(promise, cited)


def _meant(cited: str) -> str:
    """The full form of what `cited` spells otherwise ("ISO 27001 A.9.2.6"), be there such a clause or not; empty where it is none."""
    found = citations(cited)
    return found[0].cited if len(found) == 1 and found[0].cited != cited else ""


def _edition(promise: Promise, cited: str) -> Iterator[_Said]:
    try:
        later = [link.clause.cited for link in newer(clause(cited))]
    except UnknownClauseError:  # a group of clauses, as in "A.9.2"
        return
    if later and not set(later) & set(promise.clauses):
        about = {"cited": cited, "wanted": " / ".join(later)}
        yield "edition-missing", Weight.PROBLEM, _("%(cited)s is of an older edition"), _("add %(wanted)s to `clauses`"), about


def _label(promise: Promise) -> Iterator[_Said]:
    """Whether the published citation, and the clauses, are what the promise is about."""
    published = citations(promise.label)
    wrong = [citation for citation in published if citation.cited not in promise.clauses]
    if promise.corrected:
        if wrong:
            about = {"why": promise.corrected.rstrip(".")}
            yield "label-corrected", Weight.NOTE, "%(why)s", _("correct the label where the page is published"), about
        return
    for citation in wrong:
        said = _("it is published as %(cited)s, which is not in `clauses`")
        yield "label-differs", Weight.PROBLEM, said, _("say in `corrected` why"), {"cited": citation.cited}
    stated = [citation for cited in promise.clauses for citation in citations(cited)]
    right = tuple(citation for citation in stated if citation.standard.startswith("ISO") and exists(citation.cited))
    doubt = correct(promise.text, _first_of_each(right)).why
    if doubt:
        yield "clause-doubtful", Weight.NOTE, "%(why)s", _("read both clauses, and keep the one that fits"), {"why": doubt.rstrip(".")}


def _first_of_each(cited: tuple[Citation, ...]) -> tuple[Citation, ...]:
    """The first citation of each standard: the one a promise is published under; the others are neighbours."""
    return tuple({citation.standard: citation for citation in reversed(cited)}.values())


def _measures(promise: Promise, known: dict[str, Known]) -> Iterator[_Said]:
    if not promise.measures:
        yield "untested", Weight.PROBLEM, _("no measure tests it"), _("name measures, or take the promise out"), {}
    for measure in promise.measures:
        if measure not in known:
            about = {"measure": measure}
            yield "measure-unknown", Weight.PROBLEM, _("there is no measure %(measure)s"), _("correct its name, or write its query"), about
    tested = [known[measure] for measure in promise.measures if measure in known]
    if tested and all(each.kind == Kind.ATTESTED for each in tested):
        yield (
            "attested-only",
            Weight.NOTE,
            _("it rests on somebody's word alone"),
            _("add a measure that looks at systems or registers, or say so"),
            {},
        )
    if len(set(promise.measures)) < len(promise.measures):
        yield "measure-twice", Weight.PROBLEM, _("it names a measure twice"), _("name it once"), {}


def _numbers(promise: Promise, judged_by: JudgedBy) -> Iterator[_Said]:
    """Whether each span of time that the sentence states is one that its measures judge by."""
    parameters = {each.name: each for measure in promise.measures for each in judged_by.get(measure, ())}
    for said, spans in disagreements(promise.text, parameters.values()):
        if not spans:
            yield (
                "number-untested",
                Weight.NOTE,
                _("nothing that tests it knows “%(words)s”"),
                _("name the measure that keeps it, or leave it out"),
                {"words": said.words},
            )
            continue
        values = ", ".join(f"{each.chapter}.{each.name} = {each.in_words}" for each in spans)
        sentence, about = _("it says “%(words)s”, and is judged by %(values)s"), {"words": said.words, "values": values}
        yield "number-differs", Weight.PROBLEM, sentence, _("correct the sentence, or set the parameter"), about


def _unseen(document: Document) -> Iterator[Remark]:
    """Texts with characters that nobody sees, or that turn text around: what is read is then not what is approved."""
    said = [("", document.title), ("", document.version), ("", document.intro), *(("", section.title) for section in document.sections)]
    said += [(each.id, text) for each in document.promises for text in (each.text, each.label, each.corrected)]
    for wording in document.wordings:
        said += [("", text) for text in (wording.title, wording.intro, *wording.sections.values())] + list(wording.promises.items())
    for promise, text in said:
        if (shown := visible(text, keep="\n\t")) != text:
            said_of = _("“%(shown)s” has characters that cannot be seen")
            yield Remark(document.id, promise or "the document", "unseen", Weight.PROBLEM, said_of, _("take them out"), {"shown": shown})


def _repeated(document: Document) -> Iterator[Remark]:
    """Promises that say the same words; which of them is meant cannot be told from outside."""
    said = {promise.id: sorted(terms(promise.text)) or [promise.text.casefold()] for promise in document.promises}
    for one, other in combinations(said, 2):
        if said[one] == said[other]:
            said_of = _("it says the same as %(one)s")
            yield Remark(document.id, other, "said-twice", Weight.PROBLEM, said_of, _("keep one of them"), {"one": one})
