"""Who is at work: the account behind a request, a token or a command, with the roles in force. A value; asks the database once."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest

from upheld import clock
from upheld.accounts.models import Account, RoleGiven
from upheld.accounts.role import Reach, Role, Verb, changes_something, right
from upheld.ledger.entry import Actor

NOBODY = UUID(int=0)
FROM_OUTSIDE = frozenset({Role.AUDITOR, Role.CUSTOMER})  # who holds nothing else need not be in the list of people to act


@dataclass(frozen=True)
class Held:
    """A role somebody holds. `over` says for what, as (kind, name): ("chapter", "backup"), ("document", "iso"),

    ("owner", "it-operations"), ("customer", "acme"); None for everything. `since_on` to `until_on` is an auditor's period.
    """

    role: Role
    over: tuple[str, str] | None = None
    since_on: date | None = None
    until_on: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether `day` lies in the period; every day does where there is none."""
        return (self.since_on is None or self.since_on <= day) and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True)
class Person:
    """Somebody at work. `ref` is their people.id, or "" where nobody said; of somebody from outside, whom no list of people has, their

    account's own. `via` is `web`, `api`, `cli` or `worker`.

    `only_reads` is set for a token of reading scope, and for whoever looks at a workspace that has no accounts yet;
    `everybody` where the company demands a second factor of readers too.
    """

    account_id: UUID
    ref: str
    name: str
    held: tuple[Held, ...]
    via: str
    only_reads: bool = False
    second_factor: bool = False
    sample: bool = False
    everybody: bool = False

    @property
    def lacks_second_factor(self) -> bool:
        """Whether a second factor must be set up before anything else: by all who can change something, or by `everybody`."""
        if self.second_factor or not self.signed_in:
            return False
        return any(self.everybody or changes_something(role) for role in self.roles)

    @property
    def signed_in(self) -> bool:
        """Whether there is an account behind it."""
        return self.account_id != NOBODY

    @property
    def actor(self) -> Actor:
        """The person as an entry's actor; the ledger turns it into a tag."""
        return Actor("person", self.ref or str(self.account_id), self.via)

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held, whatever for."""
        return frozenset(each.role for each in self.held)

    def may(self, verb: Verb, thing: str) -> bool:
        """Return whether any role held gives this right, however far it reaches."""
        return bool(self.reaching(verb, thing))

    def reaching(self, verb: Verb, thing: str) -> tuple[tuple[Reach, Held], ...]:
        """Return each role held that gives this right, with how far it reaches; raises `NoSuchRight`.

        What reaches all cannot be narrowed to a period, so it holds only while the period does.
        """
        if verb is Verb.DO and self.only_reads:
            return ()
        given, today = right(verb, thing).reach, clock.now().date()
        found = ((given[held.role], held) for held in self.held if held.role in given)
        return tuple((reach, held) for reach, held in found if reach is not Reach.ALL or held.covers(today))


class SignedInRequest(HttpRequest):
    """A request after the middleware: it always has a person, who may be nobody."""

    person: Person


STRANGER = Person(NOBODY, "", "", (), "web", only_reads=True)
# Somebody at this very machine, before the first account exists: reads everything, changes nothing.
ANYBODY_HERE = Person(NOBODY, "", "", (Held(Role.ADMINISTRATOR), Held(Role.SECURITY_LEAD)), "web", only_reads=True)


def in_force(at: datetime) -> Q:
    """Return the condition on roles given that holds for those in force at `at`."""
    return Q(taken_at=None) & (Q(ends_at=None) | Q(ends_at__gt=at))


def person_of(account: Account, *, via: str, only_reads: bool = False, second_factor: bool = False, everybody: bool = False) -> Person:
    """Return `account` as a person at work, with the roles now in force; one query. An account that ended has none."""
    given = RoleGiven.objects.filter(in_force(clock.now()), account=account) if account.is_active else ()
    held = tuple(Held(Role(each.role), each.for_what, each.since_on, each.until_on) for each in given)
    outside = bool(held) and all(each.role in FROM_OUTSIDE for each in held)
    return Person(
        account_id=account.pk,
        ref=account.person or (str(account.pk) if outside else ""),
        name=account.name or account.mail,
        held=held,
        via=via,
        only_reads=only_reads,
        second_factor=second_factor,
        sample=account.sample,
        everybody=everybody,
    )
