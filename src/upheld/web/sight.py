"""What of the promises somebody may see: which of them, which measures, and whether who passes and fails is named."""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import cast

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from upheld import clock, workspace
from upheld.accounts.person import Held, Person, SignedInRequest
from upheld.accounts.role import Reach, Verb
from upheld.accounts.scope import Refused
from upheld.checks.verdict import State, worst
from upheld.documents.catalogue import Known
from upheld.documents.document import Promise
from upheld.documents.publication import documents as published
from upheld.duties.policy import Policy, policy
from upheld.verdicts import standing
from upheld.verdicts.measures import known_of
from upheld.verdicts.models import MeasureVerdict
from upheld.verdicts.standing import DocumentStanding, MeasureStanding, PromiseStanding
from upheld.web.lines import Failing, first_failing
from upheld.web.wording import count

Scope = tuple[tuple[str, str], ...] | None


@dataclass(frozen=True)
class Sight:
    """What `person` may see now. `promises` and `measures` are the words of an auditor's scope, None where there is no limit."""

    person: Person
    promises: Scope
    measures: Scope
    since_at: datetime | None

    @cached_property
    def _known(self) -> dict[str, Known]:
        """Every measure that there is; read once a page."""
        return known_of(workspace.current())

    def documents(
        self, verdicts: Iterable[MeasureVerdict] | None = None, *, only: Callable[[Promise], bool] | None = None
    ) -> list[DocumentStanding]:
        """Return how the documents stand, in the reader's language, as far as they may be seen.

        Where names may not be, reasons say numbers only.

        Whoever has read the `verdicts` without an end gives them. With `only`, promises that are not wanted are left out.
        """
        found = [self._seen(document.in_language(get_language())) for document in standing.documents(verdicts, only=only)]
        return [document for document in found if document.promises]

    def promise(self, document_id: str, promise: Promise) -> bool:
        """Whether this promise may be seen."""
        return _covered(self.promises, document_id, promise)

    def measure(self, measure_id: str) -> bool:
        """Whether this measure may be seen: in a chapter of the scope, or under a promise of it."""
        if self.measures is None or ("chapter", measure_id.partition("/")[0]) in self.measures:
            return True
        return any(
            measure_id in promise.measures and _covered(self.measures, document.id, promise)
            for document in published()
            for promise in document.promises
        )

    def names(self, measure_id: str) -> bool:
        """Whether subjects of this measure may be seen by name."""
        known = self._known.get(measure_id)
        for reach, held in self.person.reaching(Verb.SEE, "subjects"):
            if reach is Reach.ALL or (reach is Reach.SCOPE and held.covers(today()) and self.measure(measure_id)):
                return True
            if reach is Reach.OWN and known is not None and held.over in self._owning(known):
                return True
        return False

    def _owning(self, known: Known) -> tuple[tuple[str, str], ...]:
        """What a role must be over for its holder to be who answers for a measure's findings: its owner, and whom they fall to."""
        return ("owner", known.owner), ("owner", self._rules.answers(known))

    @cached_property
    def _rules(self) -> Policy:
        return policy()

    def failing(self, measures: Iterable[str] | None = None) -> dict[str, list[Failing]]:
        """Return the first few failing subjects of each of `measures` (all where None) whose subjects may be named."""
        return {name: failing for name, failing in first_failing(measures).items() if self.names(name)}

    def told(self, verdict: MeasureVerdict) -> MeasureVerdict:
        """Return `verdict` as it may be told: without names where they may not be seen, and not further back than the period."""
        named, cut = self.names(verdict.measure), self.since_at is not None and verdict.from_at < self.since_at
        if named and not cut:
            return verdict
        shown = copy(verdict)
        shown.reason = verdict.reason if named else nameless(verdict)
        shown.from_at = self.since_at if self.since_at and cut else verdict.from_at
        return shown

    def history(self, verdicts: Iterable[MeasureVerdict]) -> tuple[MeasureVerdict, ...]:
        """Return those of `verdicts` that reach into the period, as they may be told."""
        return tuple(self.told(each) for each in verdicts if self.reaches(each))

    def reaches(self, verdict: MeasureVerdict) -> bool:
        """Whether `verdict` reaches into the period."""
        return self.since_at is None or verdict.until_at is None or verdict.until_at > self.since_at

    def _seen(self, document: DocumentStanding) -> DocumentStanding:
        promises = tuple(self._promise(each) for each in document.promises if _covered(self.promises, document.document.id, each.promise))
        return replace(document, promises=promises, state=worst([each.state for each in promises]))

    def _promise(self, promise: PromiseStanding) -> PromiseStanding:
        measures = tuple(self._measure(each) for each in promise.measures)
        return replace(promise, measures=measures, reason=standing.why(promise.state, measures))

    def _measure(self, measure: MeasureStanding) -> MeasureStanding:
        if measure.verdict is None:
            return measure
        verdict = self.told(measure.verdict)
        return replace(measure, verdict=verdict, reason=verdict.reason)


def sight(request: HttpRequest) -> Sight:
    """Return what whoever asks may see; raises `Refused` for an auditor whose period does not hold today."""
    person = cast(SignedInRequest, request).person
    promises, measures = person.reaching(Verb.SEE, "promises"), person.reaching(Verb.SEE, "measures")
    reaching = promises or measures
    if any(reach is Reach.ALL for reach, _held in reaching):
        return Sight(person, None, _scope(measures), None)
    held = [held for _reach, held in reaching if held.covers(today())]
    if not held:
        raise Refused(_("These pages show how things stand now, and the period that you may read does not hold today."))
    begins = [each.since_on for each in held if each.since_on]
    since = min(begins) if len(begins) == len(held) else None
    return Sight(person, _scope(promises), _scope(measures), datetime.combine(since, time(), UTC) if since else None)


def _scope(reaching: Iterable[tuple[Reach, Held]]) -> Scope:
    """Return what a right reaches today: None for everything, else the words that roles of scope were given for."""
    words: list[tuple[str, str]] = []
    for reach, held in reaching:
        if reach is Reach.ALL or (held.covers(today()) and held.over is None):
            return None
        if held.covers(today()) and held.over:
            words.append(held.over)
    return tuple(words)


def _covered(scope: Scope, document_id: str, promise: Promise) -> bool:
    return scope is None or ("document", document_id) in scope or ("chapter", promise.chapter) in scope


def today() -> date:
    """Return the day on which somebody looks."""
    return clock.now().date()


def without_names(verdict: MeasureVerdict) -> MeasureVerdict:
    """Return a copy of `verdict` whose reason names nobody."""
    shown = copy(verdict)
    shown.reason = nameless(verdict)
    return shown


def nameless(verdict: MeasureVerdict) -> str:
    """Return the reason of `verdict` in numbers, where the reason itself may name subjects."""
    if not (verdict.failed or verdict.unknown or verdict.excepted or verdict.state == State.AT_RISK):
        return verdict.reason
    parts = [f"{number:,} {word}" for number, word in ((verdict.failed, "fail"), (verdict.unknown, "unknown")) if number]
    said = ", ".join(parts) or "all pass"
    return f"Of {count(verdict.population, 'subject')}: {said}. Who they are is not shown to your role."
