"""What an auditor's role fixes: which measures and promises, from when until when; and how measures stood then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import cast

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from upheld import clock, workspace
from upheld.accounts.person import Held, Person, SignedInRequest
from upheld.accounts.role import Role
from upheld.checks.verdict import State
from upheld.documents.catalogue import Known
from upheld.registers.compliance.space import covers, promised_in
from upheld.verdicts import past, standing
from upheld.verdicts.measures import known_of
from upheld.verdicts.models import Judgement, MeasureVerdict
from upheld.verdicts.standing import DocumentStanding
from upheld.web.year import Stretch

A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Space:
    """One role's scope and period; `until_at` is the first instant that is no longer in it, at most now.

    `runs` is whether the period still lasts. `held` is what whoever leads is given to look at: everything, for a year.
    """

    number: int
    person: Person
    held: Held
    from_at: datetime
    until_at: datetime
    runs: bool

    @property
    def words(self) -> str:
        """What it is about, as people say it."""
        return f"{self.held.over[0]} {self.held.over[1]}" if self.held.over else "everything that is promised"

    @property
    def last_on(self) -> date:
        """Its last day."""
        return (self.until_at - timedelta(microseconds=1)).date()

    @cached_property
    def known(self) -> dict[str, Known]:
        """Every measure in its scope, by id."""
        promised = promised_in(self.held)
        return {name: each for name, each in known_of(workspace.current()).items() if covers(self.held, name, promised)}

    @cached_property
    def end(self) -> datetime:
        """The instant as of which things are shown: the last one of the period."""
        return self.until_at if self.runs else self.until_at - timedelta(microseconds=1)

    def documents(self) -> list[DocumentStanding]:
        """Return how the documents stood at its end, as far as they are in its scope."""
        found = []
        for each in past.documents(self.end):
            promises = tuple(one for one in each.promises if _promise_in(self.held, each, one.promise.chapter))
            if promises:
                seen = DocumentStanding(each.document, min((one.state for one in promises), key=lambda s: s.rank), promises)
                found.append(seen.in_language(get_language()))
        return found

    def intervals(self, measures: Iterable[str] | None = None) -> dict[str, list[MeasureVerdict]]:
        """Return the intervals of `measures` (all in scope where None) that reach into the period, by measure and in order of time."""
        wanted = list(self.known if measures is None else measures)
        rows = MeasureVerdict.objects.filter(measure__in=wanted, from_at__lt=self.until_at)
        found: dict[str, list[MeasureVerdict]] = {}
        for row in rows.filter(Q(until_at=None) | Q(until_at__gt=self.from_at)).order_by("measure", "from_at"):
            found.setdefault(row.measure, []).append(row)
        return found

    def stretches(self, rows: Sequence[MeasureVerdict]) -> list[Stretch]:
        """Return `rows` as far as they lie in the period and were looked at."""
        return [
            Stretch(State(row.state), max(row.from_at, self.from_at), min(row.judged_until_at, self.end))
            for row in rows
            if max(row.from_at, self.from_at) <= min(row.judged_until_at, self.end)
        ]


def _promise_in(held: Held, document: DocumentStanding, chapter: str) -> bool:
    return held.over is None or held.over in (("document", document.document.id), ("chapter", chapter))


def spaces(person: Person) -> list[Space]:
    """Return the spaces of `person`, in a fixed order: one for each role of an auditor, and one for whoever leads."""
    held = sorted((each for each in person.held if each.role is Role.AUDITOR), key=lambda each: (str(each.over), str(each.since_on)))
    if not held and person.roles & {Role.SECURITY_LEAD, Role.DPO}:
        held = [Held(Role.SECURITY_LEAD, None, (clock.now() - A_YEAR).date())]
    return [_space(number, person, each) for number, each in enumerate(held, 1)]


def _space(number: int, person: Person, held: Held) -> Space:
    now = clock.now()
    first = Judgement.objects.order_by("as_of").values_list("as_of", flat=True).first()
    from_at = datetime.combine(held.since_on, time(), UTC) if held.since_on else first or now - A_YEAR
    until_at = datetime.combine(held.until_on, time(), UTC) + timedelta(days=1) if held.until_on else now
    return Space(number, person, held, from_at, min(until_at, now), runs=until_at >= now)


def space(request: HttpRequest, number: int) -> Space:
    """Return the space of that number of whoever asks; raises `Http404` where there is none, or its period did not begin yet."""
    found = next((each for each in spaces(cast(SignedInRequest, request).person) if each.number == number), None)
    if found is None or found.from_at >= found.until_at:
        raise Http404(_("There is no such space for you, or its period did not begin yet."))
    return found


def forged(rows: Iterable[MeasureVerdict]) -> set[str]:
    """Return the measures of those `rows` that say otherwise than the ledger."""
    return set(standing.contradicted(rows))
