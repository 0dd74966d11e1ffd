"""Which account and entitlement somebody means, by the names that a source last collected."""

from collections.abc import Iterable

from upheld import clock
from upheld.evidence.history import rows_at
from upheld.evidence.table import Row
from upheld.sources.configured import declared
from upheld.sources.enforcing import Order, Verb
from upheld.sources.frames import files
from upheld.sources.models import ConfiguredSource
from upheld.sources.source import Misconfigured


def order(source: ConfiguredSource, verb: Verb, account: str, entitlement: str = "") -> Order:
    """Return the order for an account, given by accounts.id or by the one name it signs in with, and an entitlement by its word or group.

    At a source that brings no accounts of its own, words are taken as they are, and so is the name of an account that is to be made.
    Raises `Misconfigured` where what is meant is not to be told.
    """
    if verb == Verb.CREATE or "accounts" not in declared(source):
        return Order(verb, account, entitlement)
    found = str(_account(source, account)["id"])
    if not entitlement:
        return Order(verb, found)
    group = _group(source, entitlement)
    if group is not None:
        return Order(verb, found, str(group["entitlement"]), str(group["id"]))
    return Order(verb, found, entitlement)


def _account(source: ConfiguredSource, said: str) -> Row:
    rows = list(_rows(source, "accounts"))
    found = [row for row in rows if row["id"] == said] or [row for row in rows if said in (row["user_name"], row["identifier"])]
    if len(found) == 1:
        return found[0]
    if found:
        raise Misconfigured(f"{len(found)} accounts of {source.name} are called {said!r}: give the id of the one that is meant")
    raise Misconfigured(
        f"{source.name} brought no account {said!r}: collect it first (upheld collect {source.name}), or look at its accounts"
    )


def _group(source: ConfiguredSource, said: str) -> Row | None:
    rows = list(_rows(source, "groups"))
    found = [row for row in rows if row["id"] == said] or [row for row in rows if said in (row["entitlement"], row["name"])]
    if len(found) > 1:
        raise Misconfigured(f"{len(found)} groups of {source.name} are called {said!r}: give the id of the one that is meant")
    return found[0] if found else None


def _rows(source: ConfiguredSource, table: str) -> Iterable[Row]:
    return rows_at(files(table_name=table, source=source.name), table, clock.now())
