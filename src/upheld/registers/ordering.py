"""Giving and taking on the systems themselves, as something that was decided says: by us where a source can, else by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from upheld.accounts.person import Person
from upheld.sources import journal
from upheld.sources.enforcing import CannotEnforce, Order, Outcome, Verb
from upheld.sources.models import ConfiguredSource, Enforcement
from upheld.sources.source import Misconfigured


@dataclass(frozen=True)
class Wanted:
    """What is wanted of a source, under a `key` that says so once, for the record `reason`, about an account of `person`."""

    source: str
    order: Order
    key: str
    reason: str
    person: str = ""


def taking(account: str, entitlement: str, group: str) -> Order:
    """Return the order that takes `entitlement` from `account`, or switches the account off where it is ""."""
    return Order(Verb.REVOKE, account, entitlement, group) if entitlement else Order(Verb.DISABLE, account)


def can(source: str) -> ConfiguredSource | None:
    """Return the source in use called `source` if it may be given orders; None where somebody does by hand what it is to do."""
    found = ConfiguredSource.objects.filter(name=source, removed_at=None).first()
    try:
        if found is not None:
            journal.enforcing(found)
    except (CannotEnforce, Misconfigured):
        return None
    return found


def ask(wanted: Wanted, by: Person) -> bool:
    """Let `wanted` be carried out, within this transaction; return whether its source does that.

    Where it does not, somebody does it by hand: what was decided stands, and measures look for it on the system. What the source
    refused under the key before is ordered anew; what waits or is done is not.
    """
    if (source := can(wanted.source)) is None:
        return False
    journal.intend(source, wanted.order, key=_again(wanted.key), by=by.actor, reason=wanted.reason, person=wanted.person)
    return True


def tried(key: str) -> Sequence[Enforcement]:
    """Return the orders under `key`, oldest first: several where some were refused."""
    return list(Enforcement.objects.filter(Q(key=key) | Q(key__startswith=f"{key}/again/")).order_by("asked_at", "id"))


def _again(key: str) -> str:
    """Return the key of the last order under `key`; after a refusal a new one, since a settled order is never tried again."""
    orders = tried(key)
    if not orders or orders[-1].outcome != Outcome.REFUSED:
        return orders[-1].key if orders else key
    return f"{key}/again/{len(orders)}"


def refusals(reason: str) -> list[Enforcement]:
    """Return the orders for `reason` whose last try was refused."""
    last: dict[str, Enforcement] = {}
    for row in Enforcement.objects.filter(reason=reason).order_by("asked_at", "id"):
        last[row.key.partition("/again/")[0]] = row
    return [row for row in last.values() if row.outcome == Outcome.REFUSED]
