"""Taking rights away on the systems themselves, as something that was decided says: by us where a source can, else by hand."""

from upheld.accounts.person import Person
from upheld.sources import journal
from upheld.sources.enforcing import CannotEnforce, Order, Verb
from upheld.sources.models import ConfiguredSource, Enforcement
from upheld.sources.source import Misconfigured


def take_away(source: str, account: str, entitlement: str, group: str, *, key: str, reason: str, by: Person, person: str = "") -> bool:
    """Let `entitlement` of `account` be taken away at `source`, or the account be switched off where it is ""; in this transaction.

    Returns whether the source carries that out. Where it does not, somebody does it by hand: what was decided stands, and measures look
    for it on the system.
    """
    found = ConfiguredSource.objects.filter(name=source, removed_at=None).first()
    if found is None:
        return False
    order = Order(Verb.REVOKE, account, entitlement, group) if entitlement else Order(Verb.DISABLE, account)
    try:
        journal.intend(found, order, key=key, by=by.actor, reason=reason, person=person)
    except (CannotEnforce, Misconfigured):
        return False
    return True


def ordered(reason: str) -> bool:
    """Whether anything was ordered for `reason` before."""
    return Enforcement.objects.filter(reason=reason).exists()
