"""Which tables and columns a measure may read: the contracts, the derived tables, and both through time."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from upheld.checks.measure import GAPS
from upheld.evidence.derived import HISTORY, bases, derived_tables
from upheld.evidence.table import Table, tables

PLAIN = ("source", "seen_from_at")
GAP = ("source", "table_name", "column_name", "kind", "why")
THROUGH_TIME = ("source", "seen_from_at", "seen_until_at", "ended")


@cache
def readable() -> Mapping[str, tuple[str, ...]]:
    """Return the columns of every readable table by its name in a query: "accounts", "history.accounts"."""
    plain = {name: (*table.columns, *PLAIN) for name, table in tables().items()}
    through_time = {f"{HISTORY}{name}": (*table.columns, *THROUGH_TIME) for name, table in tables().items()}
    derived = {name: tuple(each.table.columns) for name, each in derived_tables().items()}
    return MappingProxyType(plain | through_time | derived | {GAPS: GAP})


def stored(name: str) -> dict[str, str]:
    """Return what the columns of the table `name` are stored as, in DuckDB's words; not of those that every table has."""
    plain = name.removeprefix(HISTORY)
    contract = derived_tables()[name].table if name in derived_tables() else tables().get(plain)
    return {column: said.kind.stored for column, said in contract.columns.items()} if contract else {}


def inputs(name: str) -> Sequence[str]:
    """Return the collected tables that the table `name` is made from in the end: itself, if it is collected."""
    return sorted(bases([name]))


def versions(names: Sequence[str]) -> dict[str, str]:
    """Return the digest of each derived table among `names`, by name: its contract and how it is computed."""
    return {name: derived_tables()[name].digest for name in names if name in derived_tables()}


@cache
def titles() -> Mapping[str, str]:
    """Return what the rows of each table are called, by table: "host accounts"."""
    contracts: dict[str, Table] = {**tables(), **{name: each.table for name, each in derived_tables().items()}}
    return MappingProxyType({name: table.title.lower() for name, table in contracts.items()})
