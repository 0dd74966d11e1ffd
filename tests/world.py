"""Three people: Alice owns, Bob audits, Charlie is a stranger; and Dana, who administers. Signed in as browsers would be."""

from dataclasses import dataclass
from datetime import date

from django.test import Client

from upheld import clock
from upheld.accounts import giving
from upheld.accounts.models import Account
from upheld.accounts.person import Person, person_of
from upheld.accounts.role import Role
from upheld.ledger.entry import SYSTEM
from upheld.web.signing.session import SECOND_FACTOR, SEEN_AT, SIGNED_IN_AT

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@dataclass(frozen=True)
class World:
    """Accounts in a workspace that has a ledger."""

    alice: Account
    bob: Account
    charlie: Account
    dana: Account


def world(*, owns: str = "it-operations", audits: tuple[str, str] | None = ("chapter", "authorization")) -> World:
    """Make the four: Alice owns what names `owns`, Bob reads `audits` for 2026."""
    alice = account("alice", Role.OWNER, over=("owner", owns))
    bob = account("bob", Role.AUDITOR, over=audits, period=YEAR)
    return World(alice, bob, account("charlie"), account("dana", Role.ADMINISTRATOR))


def account(name: str, *roles: Role, **what_for: object) -> Account:
    """Make an account for `name`, whose people.id is P-name, with `roles`; it has no password."""
    made = giving.make(f"{name}@example.org", name=name.title(), person=f"P-{name}", by=SYSTEM)
    for role in roles:
        giving.give(made, role, by=SYSTEM, **what_for)
    return made


def outsider(name: str, role: Role, **what_for: object) -> Account:
    """Make an account as administrators do for somebody from outside, whom no list of people has."""
    made = giving.make(f"{name}@example.org", name=name.title(), by=SYSTEM)
    giving.give(made, role, by=SYSTEM, **what_for)
    return made


def person(account: Account, *, via: str = "web") -> Person:
    """Return `account` as a person at work, second factor shown."""
    return person_of(account, via=via, second_factor=True)


def browser(account: Account | None, *, second_factor: bool = True) -> Client:
    """Return a browser in which `account` signed in just now; nobody where None. A failure is an answer, as it is for people."""
    client = Client(raise_request_exception=False)
    if account is not None:
        client.force_login(account)
        now, session = clock.now().timestamp(), client.session
        session.update({SIGNED_IN_AT: now, SEEN_AT: now, SECOND_FACTOR: second_factor})
        session.save()
    return client
