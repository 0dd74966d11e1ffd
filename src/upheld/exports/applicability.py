"""The statement of applicability for Annex A of ISO/IEC 27001:2022: each control, who promises something about it, and how that stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from upheld.checks.verdict import State, worst
from upheld.standards.standard import UnknownClauseError, clause, related, standards
from upheld.verdicts.standing import DocumentStanding, PromiseStanding

STANDARD, TITLE = "ISO/IEC 27001:2022", "Statement of applicability"
HEAD = ("Control", "About", "Applies", "Why", "State", "Promises", "Measures")
WIDTHS = (12, 50, 12, 50, 14, 40, 70)
NOTHING = "No published promise cites it: say why it does not apply, or promise it."


@dataclass(frozen=True)
class Control:
    """One control: its number, what it is about in our own words, and what is promised about it. `state` is None where nothing is."""

    number: str
    about: str
    promises: tuple[PromiseStanding, ...]
    state: State | None

    @property
    def why(self) -> str:
        """Why it applies, as far as the documents say."""
        return "It is promised." if self.promises else NOTHING

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that test it."""
        return tuple(sorted({each.id for promise in self.promises for each in promise.measures}))


def statement(documents: Iterable[DocumentStanding]) -> Iterator[Control]:
    """Yield every control of Annex A with the promises of `documents` that cite it, or a clause that the crosswalk joins with it."""
    citing: dict[str, list[PromiseStanding]] = {}
    for document in documents:
        for promise in document.promises:
            for number in _controls(promise.promise.clauses):
                citing.setdefault(number, []).append(promise)
    for number, each in standards()[STANDARD].clauses.items():
        promises = tuple(citing.get(number, ()))
        yield Control(number, each.title, promises, worst([one.state for one in promises]) if promises else None)


def _controls(cited: Iterable[str]) -> set[str]:
    """Return the controls that clauses stand for: those cited themselves, and for older editions those that the crosswalk names."""
    found, others = set(), set()
    for one in cited:
        try:
            known = clause(one)
        except UnknownClauseError:
            continue
        if known.standard == STANDARD:
            found.add(known.number)
        elif known.standard.startswith("ISO/IEC 27001"):
            others |= {link.clause.number for link in related(known) if link.clause.standard == STANDARD}
    return found or others  # a promise that names the newer edition has said which of several successors it means


def cells(control: Control) -> Sequence[str]:
    """Return a control as a line of a table."""
    state = control.state.value if control.state else ""
    promises = ", ".join(each.promise.id for each in control.promises)
    applies = "yes" if control.promises else "to be said"
    return control.number, control.about, applies, control.why, state, promises, ", ".join(control.measures)
