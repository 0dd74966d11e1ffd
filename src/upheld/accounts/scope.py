"""What a person may see or act on, as a query: a narrower queryset, never a list of ids."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from upheld import clock
from upheld.accounts.models import ReportingLine
from upheld.accounts.person import Held, Person
from upheld.accounts.role import Reach, Role, Verb

M = TypeVar("M", bound=Model)


class Refused(PermissionError):
    """A person may not do this; the message says what it takes. Never says whether the record exists."""


@dataclass(frozen=True)
class Ties:
    """How records of one model are tied to people. Each is a field's path from it, or "" where there is none.

    `owner` holds the people.id of who answers for a record, `concerns` of whom it is about, `also` of others who work on it;
    `document`, `team` (the word that measures and registers name as their owner) and `customer` hold what a role is given
    for; `at` is the instant by which an auditor's period counts it. `chapter` is not a path but the chapter's name, the same
    for all its records.
    """

    chapter: str
    owner: str = ""
    concerns: str = ""
    document: str = ""
    team: str = ""
    customer: str = ""
    at: str = ""
    also: tuple[str, ...] = ()

    @property
    def persons(self) -> tuple[str, ...]:
        """The paths that hold somebody's people.id."""
        return tuple(filter(None, (self.owner, self.concerns, *self.also)))


NOTHING = Q(pk__in=())


def scope(person: Person, verb: Verb, records: QuerySet[M], ties: Ties, *, thing: str = "") -> QuerySet[M]:
    """Return those of `records` that `person` may see or act on, as a query with joins; it asks nothing by itself.

    `thing` is the row of the table of rights; `registers/<chapter>` if not given. Whom no row names sees nothing.
    """
    allowed = NOTHING
    for reach, held in person.reaching(verb, thing or f"registers/{ties.chapter}"):
        reached = Q() if reach is Reach.ALL else _reached(person, reach, held, ties)
        if not reached:  # no condition at all: every record
            return records
        allowed |= reached
    return records.filter(allowed)


def reads_until(person: Person, thing: str) -> datetime | None:
    """Return the instant at which the period ended for which alone `person` may see `thing`; None while one lasts, or where there is none.

    Whoever audits a year that is over sees what it was, not what became of it.
    """
    reaching, today = person.reaching(Verb.SEE, thing), clock.now().date()
    ends = [held.until_on for reach, held in reaching if reach is Reach.SCOPE and held.until_on and held.until_on < today]
    if not ends or len(ends) < len(reaching):
        return None
    return datetime.combine(max(ends), time(), UTC) + timedelta(days=1)


def authorize(person: Person, verb: Verb, record: M, ties: Ties, *, by: frozenset[Role] = frozenset()) -> M:
    """Return `record` read anew if `person` may `verb` it, and holds one of the roles `by` where any are given; one query.

    Raises `Refused`, with the same words for a record that does not exist and for one that is somebody else's.
    """
    if by and not by & person.roles:
        raise Refused(f"this takes the role {' or '.join(sorted(by))}")
    found = scope(person, verb, type(record)._default_manager.filter(pk=record.pk), ties).first()
    if found is None:
        raise Refused(f"there is no such {type(record)._meta.verbose_name} among those you may {verb}")
    return found


def _reached(person: Person, reach: Reach, held: Held, ties: Ties) -> Q:
    if reach is Reach.OWN:
        return _own(person, held, ties)
    if reach is Reach.TEAM:
        return _own(person, held, ties) | _team(person, ties)
    return _within(held, ties) & _period(held, ties)


def _own(person: Person, held: Held, ties: Ties) -> Q:
    """What the person owns, what is about them, and what belongs to the owner's word they hold the role for."""
    found = NOTHING
    if person.ref:
        for path in ties.persons:
            found |= Q(**{path: person.ref})
    if held.over and held.over[0] == "owner" and ties.team:
        found |= Q(**{ties.team: held.over[1]})
    return found


def _team(person: Person, ties: Ties) -> Q:
    """What the people own who report to this person, and what is about them."""
    if not person.ref:
        return NOTHING
    reports = ReportingLine.objects.filter(manager=person.ref).values("person")
    found = NOTHING
    for path in ties.persons:
        found |= Q(**{f"{path}__in": reports})
    return found


def _within(held: Held, ties: Ties) -> Q:
    """What the role was given for. A role of scope that was given for nothing in particular covers every chapter."""
    if held.over is None:
        return Q() if held.role is Role.AUDITOR else NOTHING
    kind, name = held.over
    if kind == "chapter":
        return Q() if name == ties.chapter else NOTHING
    path = {"document": ties.document, "owner": ties.team, "customer": ties.customer}.get(kind, "")
    return Q(**{path: name}) if path else NOTHING


def _period(held: Held, ties: Ties) -> Q:
    """The auditor's period, both days included. Records without an instant are shown only to whoever has no period."""
    if held.since_on is None and held.until_on is None:
        return Q()
    if not ties.at:
        return NOTHING
    found = Q()
    if held.since_on:
        found &= Q(**{f"{ties.at}__gte": datetime.combine(held.since_on, time(), UTC)})
    if held.until_on:
        found &= Q(**{f"{ties.at}__lt": datetime.combine(held.until_on, time(), UTC) + timedelta(days=1)})
    return found
