"""How documents and promises stand now: each measure's state in force, rolled up worst first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from upheld import clock, workspace
from upheld.checks.verdict import State, worst
from upheld.checks.words import instant
from upheld.documents import catalogue
from upheld.documents.document import Document, Promise
from upheld.documents.publication import documents as all_documents
from upheld.ledger import lookup
from upheld.verdicts.measures import known_of
from upheld.verdicts.models import MeasureVerdict

MOST_REMEMBERED = 10_000  # entries


@dataclass(frozen=True)
class MeasureStanding:
    """One measure under a promise: its state and why; `verdict` is None when it was never judged."""

    id: str
    fact: str
    state: State
    reason: str
    verdict: MeasureVerdict | None = None


@dataclass(frozen=True)
class PromiseStanding:
    """One promise: as its worst measure. `tested` of its measures have been judged on evidence."""

    promise: Promise
    state: State
    reason: str
    measures: tuple[MeasureStanding, ...]

    @property
    def judged_at(self) -> datetime | None:
        """The instant up to which all of it was looked at; None where one of its measures never was."""
        judged = [each.verdict.judged_until_at for each in self.measures if each.verdict]
        return min(judged) if judged and len(judged) == len(self.measures) else None

    @property
    def since(self) -> datetime | None:
        """Since when the measure that decides has been in its state; None when it was never judged."""
        deciding = [each.verdict.from_at for each in self.measures if each.verdict and each.state is self.state]
        return max(deciding, default=None)


@dataclass(frozen=True)
class DocumentStanding:
    """One document: as its worst promise."""

    document: Document
    state: State
    promises: tuple[PromiseStanding, ...]

    @property
    def counts(self) -> dict[State, int]:
        """How many promises are in each state, best first."""
        return {state: sum(each.state is state for each in self.promises) for state in reversed(State)}

    def in_language(self, language: str) -> "DocumentStanding":
        """Return the same in another language, where the document is worded in it; promises keep the measures that they are told with."""
        worded = self.document.in_language(language)
        if worded is self.document:
            return self
        told = ((each, worded.promise(each.promise.id)) for each in self.promises)
        promises = tuple(replace(each, promise=replace(said, measures=each.promise.measures)) for each, said in told)
        return replace(self, document=worded, promises=promises)

    def as_json(self) -> dict[str, object]:
        """Return the stable shape of `upheld show --json`."""
        return {
            "id": self.document.id,
            "title": self.document.title,
            "state": self.state.value,
            "promises": [
                {
                    "id": each.promise.id,
                    "text": each.promise.text,
                    "state": each.state.value,
                    "reason": each.reason,
                    "measures": [measure.id for measure in each.measures],
                }
                for each in self.promises
            ],
        }


def in_force(verdicts: Iterable[MeasureVerdict] | None = None) -> dict[str, MeasureVerdict]:
    """Return each judged measure's verdict in force, by measure id, as it speaks now (`aged`) and as the ledger has it.

    Whoever has read the `verdicts` without an end gives them. What an entry said when this process read it first, it says for good.
    """
    now, verdicts = clock.now(), list(MeasureVerdict.objects.filter(until_at=None) if verdicts is None else verdicts)
    forged = set(_differing(verdicts, as_entered(each.entry_id for each in verdicts)))
    return {each.measure: disowned(each) if each.measure in forged else aged(each, now) for each in verdicts}


def as_entered(entry_ids: Iterable[str]) -> Mapping[str, "Said"]:
    """Return which measure and state each entry of a verdict says, by its id, at least for `entry_ids`; each is read once by a process."""
    wanted = set(entry_ids)
    if new := wanted - _read_before.keys():
        if len(_read_before) > MOST_REMEMBERED:
            _read_before.clear()
            new = wanted
        _read_before.update(_said(new))
    return _read_before


def contradicted(verdicts: Iterable[MeasureVerdict]) -> list[str]:
    """Return the measures of those `verdicts` whose state is not what their entry of the ledger says, read anew."""
    verdicts = list(verdicts)
    return _differing(verdicts, _said(verdict.entry_id for verdict in verdicts))


Said = tuple[object, object]  # measure and state
_read_before: dict[str, Said] = {}  # by entry, of which no two have one id; nothing of an entry that was not found


def _said(entry_ids: Iterable[str]) -> dict[str, Said]:
    found = lookup.entries(entry_ids)
    return {entry_id: (entry["body"].get("measure"), entry["body"].get("state")) for entry_id, entry in found.items()}


def _differing(verdicts: Iterable[MeasureVerdict], said: Mapping[str, Said]) -> list[str]:
    return [each.measure for each in verdicts if said.get(each.entry_id) != (each.measure, each.state)]


def disowned(verdict: MeasureVerdict) -> MeasureVerdict:
    """Return `verdict`, of which the ledger says otherwise, as proving nothing; changed in memory only."""
    verdict.state = State.UNPROVEN.value
    verdict.reason = (
        f"The database says otherwise of this verdict than entry {verdict.entry_id} of the ledger: it was changed behind the "
        "product's back. Find out by whom, and run upheld run."
    )
    return verdict


def aged(verdict: MeasureVerdict, now: datetime) -> MeasureVerdict:
    """Return `verdict` as it speaks at `now`, changed in memory only: time that nobody looked at never counts as upheld.

    Evidence past its limit proves nothing, nor does a pass whose subject was to fail meanwhile; a break stays one.
    """
    state = State(verdict.state)
    if state is State.BROKEN:
        return verdict
    over = [at for at in (verdict.stale_at, verdict.flips_at if state is not State.UNPROVEN else None) if at and at <= now]
    if not over:
        return verdict
    since, judged_at = min(over), instant(verdict.judged_until_at)
    what = "its evidence went stale" if since == verdict.stale_at else "a subject was to fail"
    before = "" if state is State.UNPROVEN else f" It was {state.value} when it was last judged, on {judged_at}."
    verdict.state, verdict.from_at = State.UNPROVEN.value, since
    verdict.reason = f"Nothing is proven now: {what} on {instant(since)}, and it was not judged since. Run upheld run.{before}"
    return verdict


def documents(found: Iterable[MeasureVerdict] | None = None, *, only: Callable[[Promise], bool] | None = None) -> list[DocumentStanding]:
    """Return how every document stands; whoever has read the verdicts without an end gives them.

    With `only`, each is told with those of its promises that are wanted, and no other's verdicts are read: a page on one promise
    takes half the time.
    """
    texts = all_documents()
    if only is not None:
        texts = tuple(replace(document, promises=tuple(filter(only, document.promises))) for document in texts)
        names = {name for document in texts for promise in document.promises for name in promise.measures}
        found = MeasureVerdict.objects.filter(until_at=None, measure__in=names) if found is None else found
    return standing_of(texts, in_force(found), known_of(workspace.current()))


def standing_of(
    texts: Iterable[Document], verdicts: Mapping[str, MeasureVerdict], known: Mapping[str, catalogue.Known]
) -> list[DocumentStanding]:
    """Return how `texts` stand by the `verdicts` of measures, of which `known` are all there are."""
    return [_document(document, verdicts, known) for document in texts]


def _document(document: Document, verdicts: Mapping[str, MeasureVerdict], known: Mapping[str, catalogue.Known]) -> DocumentStanding:
    promises = tuple(_promise(promise, verdicts, known) for promise in document.promises)
    return DocumentStanding(document, worst([each.state for each in promises]), promises)


def _promise(promise: Promise, verdicts: Mapping[str, MeasureVerdict], known: Mapping[str, catalogue.Known]) -> PromiseStanding:
    measures = tuple(_measure(name, verdicts.get(name), known.get(name)) for name in promise.measures)
    state = worst([each.state for each in measures])
    return PromiseStanding(promise, state, why(state, measures), measures)


def _measure(name: str, verdict: MeasureVerdict | None, known: catalogue.Known | None) -> MeasureStanding:
    fact = known.fact if known else name
    if verdict is not None:
        return MeasureStanding(name, fact, State(verdict.state), verdict.reason, verdict)
    return MeasureStanding(name, fact, State.UNPROVEN, lacking(name, known))


def lacking(name: str, known: catalogue.Known | None) -> str:
    """Return why a measure that was never judged proves nothing."""
    if known is not None:
        return "It has not been judged yet: run upheld run."
    return f"Nobody knows a measure called {name}: correct the document, or add the measure."


def why(state: State, measures: tuple[MeasureStanding, ...]) -> str:
    """Return the reason of the worst measures, the first in full and how many more there are."""
    if not measures:
        return "It rests on no measure: nothing would notice if it were broken."
    deciding = [each for each in measures if each.state is state]
    more = f" (and {len(deciding) - 1} more of its {len(measures)} measures)" if len(deciding) > 1 else ""
    first = min(deciding, key=lambda each: each.verdict is None)
    return f"{first.reason}{more}"
