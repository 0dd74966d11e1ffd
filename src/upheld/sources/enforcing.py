"""What a source does that also enforces: seven verbs on one account, each looked up before it is done and read back after it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from upheld.sources.source import SourceError


class Verb(StrEnum):
    """What may be asked of a source."""

    DISABLE = "disable"
    ENABLE = "enable"
    GRANT = "grant"
    REVOKE = "revoke"
    RESET_SECRET = "reset_secret"  # noqa: S105  the word, not a secret
    END_SESSIONS = "end_sessions"
    CREATE = "create"

    @property
    def needs_entitlement(self) -> bool:
        """Whether it says what is given or taken."""
        return self in (Verb.GRANT, Verb.REVOKE)

    @property
    def takes(self) -> bool:
        """Whether it takes access from somebody: what is gone altogether is then as it was asked."""
        return self in (Verb.DISABLE, Verb.REVOKE, Verb.END_SESSIONS)


class Outcome(StrEnum):
    """What came of an order. Only `CARRIED_OUT` was seen in the source afterwards."""

    CARRIED_OUT = "carried_out"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Holder:
    """Of whom an account is that is to be made: their number in the list of people, their name, and their mail address if one is known."""

    number: str
    name: str
    mail: str = ""


NOT_THERE = "absent"  # the mark of an account that was not there at the first look


@dataclass(frozen=True)
class Order:
    """What is asked: `account` is accounts.id as the source collected it; for `CREATE` the name to sign in with, since there is none yet.

    `entitlement` is grants.entitlement, and `group_id` grants.group_id where it is membership of a group; both of the same source.
    `id` and `reason` are those under which the journal keeps it, and `whose` whom an account is made for: no part of what is asked.
    """

    verb: Verb
    account: str
    entitlement: str = ""
    group_id: str = ""
    id: str = field(default="", compare=False)
    reason: str = field(default="", compare=False)
    whose: Holder | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not self.account:
            raise ValueError(f"{self.verb} needs the account's id")
        if self.verb.needs_entitlement != bool(self.entitlement or self.group_id):
            raise ValueError(f"{self.verb} {'needs' if self.verb.needs_entitlement else 'takes no'} entitlement")


@dataclass(frozen=True)
class State:
    """How the source stands to an order: whether it is so already (None: cannot be told), and what was seen, in words.

    `mark` tells the secret or the sessions that there are now from later ones, and is no secret itself; "" where the verb needs none.
    """

    holds: bool | None
    said: str
    mark: str = ""


def made(order: Order, number: str | None, before: str, *, there: bool) -> State:
    """Return whether the account that `order` asks for was made: it is `there` as that of `number`, and was not at the first look.

    What was there before is somebody's, and no account is made twice. None for `number`: whose it is cannot be read.
    """
    if not there:
        return State(False, f"there is no account {order.account} yet", NOT_THERE)
    if before != NOT_THERE:
        return State(False, f"there is an account {order.account} already", "there")
    if order.whose is None or not number:
        return State(None, f"there is an account {order.account} now, and whose it is cannot be read")
    mine = number == order.whose.number
    return State(mine, f"{order.account} is there, as the account of {'its person' if mine else 'somebody else'}")


def for_whom(order: Order, secret: str) -> Holder:
    """Return whom the account of `order` is made for; raises `Refusal` where nobody could take its first secret."""
    if order.whose is None or not secret:
        raise Refusal("nobody is there any more to take its first secret: ask for it anew")
    return order.whose


@dataclass(frozen=True)
class Right:
    """Whether a source may do `verb` with the rights it was given: None where only trying would tell. `said` is why, or what it lacks."""

    verb: Verb
    allowed: bool | None
    said: str


class HandedOver(Exception):
    """The order was handed to somebody else to carry out, and cannot be read back: it is unknown until a second person confirms it."""


class Refusal(Exception):
    """The system did not let us, and nothing was changed: says what was refused, to whom, and which right would do."""


class CannotEnforce(SourceError):
    """The source reads only: its kind has no such verb, or it was set up without the means."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


class Enforcing(Protocol):
    """What carries out orders at a source. Each call opens and closes its own connection."""

    def rights(self) -> Sequence[Right]:
        """Return what it offers and whether its rights suffice, changing nothing; raises `SourceError` when nobody answers."""
        ...

    def look(self, order: Order, *, before: str = "") -> State:
        """Return whether what `order` asks is so, changing nothing; `before` is the mark at the first look, "" if this is the first.

        An account that is not shown is unknown, unless the system says for certain that it is gone. Raises `SourceError`.
        """
        ...

    def do(self, order: Order, *, secret: str = "") -> None:
        """Do what `order` asks; `secret` is the new one for `RESET_SECRET` and `CREATE`.

        Its person must then change it where the system can ask so.
        Doing it again changes nothing more. Raises `Refusal` when the system did not let us, `SourceError` when it did not answer,
        `HandedOver` when somebody else was told to do it.
        """
        ...


@runtime_checkable
class Enforceable(Protocol):
    """What a source has beside `collect` if its kind can enforce."""

    def enforcer(self) -> Enforcing:
        """Return what carries out orders, with the rights set up for that; contacts nothing. Raises `CannotEnforce` without them."""
        ...


def offered(source: object, kind: str) -> Enforcing:
    """Return what carries out orders at `source`; raises `CannotEnforce` where its kind only reads, or it was set up to."""
    if isinstance(source, Enforceable):
        return source.enforcer()
    raise CannotEnforce(f"sources of the kind {kind} read only: carry it out by hand, and let a second person confirm it")
