"""What every export tells: how documents stood at an instant, with what each measure found, in numbers that name nobody."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from upheld import clock, workspace
from upheld.checks.measure import Kind, Measure
from upheld.checks.verdict import State
from upheld.documents import published
from upheld.documents.published import Published
from upheld.ledger import lookup, store
from upheld.ledger.store import StoredLog
from upheld.verdicts import past, standing
from upheld.verdicts.measures import measures_of
from upheld.verdicts.models import Judgement, MeasureVerdict
from upheld.verdicts.public import public_documents
from upheld.verdicts.standing import DocumentStanding, MeasureStanding


class ExportError(Exception):
    """An export that cannot be made; says why, and what to do."""


@dataclass(frozen=True)
class Tested:
    """One measure as it stood. `measure` is its file, None where that cannot be read; `verdict` None where it was never judged.

    `entry` is the number of the ledger's entry that began the interval it is in; `proof` where its proof lies, if it goes along.
    """

    id: str
    fact: str
    state: State
    measure: Measure | None
    verdict: MeasureVerdict | None
    entry: int | None
    proof: str = ""

    @property
    def title(self) -> str:
        """What people call it."""
        return self.measure.title if self.measure else self.id

    @property
    def is_attested(self) -> bool:
        """Whether it rests on somebody's word alone."""
        return self.measure is not None and self.measure.kind is Kind.ATTESTED

    @property
    def found(self) -> str:
        """What was found, in numbers; never a name."""
        if self.verdict is None:
            return "It was never judged: nothing is shown."
        counts = ((self.verdict.passed, "pass"), (self.verdict.failed, "fail"), (self.verdict.unknown, "unknown"))
        said = ", ".join(f"{number:,} {word}" for number, word in counts if number) or "nobody was looked at"
        excepted = f", {self.verdict.excepted:,} of these under an approved exception" if self.verdict.excepted else ""
        return f"Of {self.verdict.population:,}: {said}{excepted}."


@dataclass(frozen=True)
class Position:
    """How documents stood by the judgement made at `judged_at`; `origin` names the ledger that says so, `entry` the entry of it.

    `as_of` is the instant that was asked for, None for now.
    """

    as_of: datetime | None
    judged_at: datetime
    log: StoredLog
    entry: int | None
    documents: tuple[DocumentStanding, ...]
    published: dict[str, Published]
    tested: dict[str, Tested]

    @property
    def origin(self) -> str:
        """The name of the ledger."""
        return self.log.origin

    @cached_property
    def at(self) -> datetime:
        """The instant that it speaks of."""
        return self.as_of or self.judged_at


def position(document_id: str = "", as_of: datetime | None = None, *, public: bool = False) -> Position:
    """Return how one document, or all of them, stood now or at `as_of`; as the `public` is shown it now. Raises `ExportError`.

    What is public is told also before anything was judged: whether something hidden was is nobody's to see.
    """
    log = store.current()
    if log is None:
        raise ExportError("There is no ledger yet, and so nothing to hand out: run upheld init, then upheld run")
    judgements = Judgement.objects.order_by("-as_of", "-id")
    last = (judgements.filter(as_of__lte=as_of) if as_of else judgements).first()
    if (last is None and not public) or (as_of is not None and as_of > clock.now()):
        raise ExportError("Nothing was judged by then, so there is nothing to show: run upheld run, or ask for another day")
    every = past.documents(as_of) if as_of else public_documents() if public else standing.documents()
    found = tuple(each for each in every if document_id in ("", each.document.id))
    if not found:
        raise ExportError(f"There is no document {document_id!r}; there are {', '.join(each.document.id for each in every)}")
    entry = lookup.numbers([last.entry_id]).get(last.entry_id) if last else None
    return Position(as_of, last.as_of if last else clock.now(), log, entry, found, published.in_force(as_of), _tested(found))


def _tested(documents: tuple[DocumentStanding, ...]) -> dict[str, Tested]:
    measures = {each.id: each for document in documents for promise in document.promises for each in promise.measures}
    numbers = lookup.numbers(each.verdict.entry_id for each in measures.values() if each.verdict)
    files, _ = measures_of(workspace.current())
    return {name: _one(each, files.get(name), numbers) for name, each in sorted(measures.items())}


def _one(each: MeasureStanding, file: Measure | None, numbers: dict[str, int]) -> Tested:
    return Tested(each.id, each.fact, each.state, file, each.verdict, numbers.get(each.verdict.entry_id) if each.verdict else None)
