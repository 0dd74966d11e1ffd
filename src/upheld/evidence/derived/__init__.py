"""Tables computed from tables: what SQL in a measure would say badly. Pure, each with a contract and a version.

A derived table is two files in this folder, called after it:

`NAME.toml`, its contract: as in `evidence/tables/` (title, meaning, key, [columns]), and

    version = 1                   # counted up whenever the same inputs would give other rows

    [inputs]                      # what it reads: table = columns. Only these are loaded, for speed
    grants = ["id", "system_id", "holder_kind", "holder_id", "group_id", "source", "seen_from_at"]
    groups = ["id", "system_id", "parent_ids"]
    "history.accounts" = ["id", "enabled", "seen_from_at", "seen_until_at", "ended"]
    account_owners = ["account_id", "person_id"]    # another derived table

    [apart.accounts]              # not needed: that rows of one account hang on no other's, though `accounts` is no input
    key = ["source", "account_id"]                  # which of its columns are the account's key
    grants = { where = "holder_kind = 'account'", key = ["source", "holder_id"] }   # these of an input are one account's

and one of

`NAME.sql`: one SELECT (DuckDB) over the inputs by their names, giving exactly the contract's columns, by name, in any
    order. `$as_of` is the frame's instant, as a naive UTC TIMESTAMP. Durations are INTERVAL.

`NAME.py` with

    def derive(tables: Mapping[str, Sequence[Row]], as_of: datetime) -> Iterable[Row]:

    a pure function: `tables["grants"]` is a list of dicts with exactly the columns of [inputs] (timestamps aware and in
    UTC, durations `timedelta`); `as_of` is aware. What it gives is checked against the contract, absent columns are None.

Besides its contract's columns, every collected table has `source` and `seen_from_at`; `history.<table>` has
`seen_from_at`, `seen_until_at` (None while still seen) and `ended` (None, changed, vanished, deleted).
Where a contract has [slices], a large table is computed in slices of such rows one after the other, so that memory does not grow with it.
A derived table has exactly the columns of its contract. An input that nobody fills is empty, never missing.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from upheld.evidence.table import ContractBroken, Row, Table, is_table, parse, table

HERE = Path(__file__).parent
HISTORY = "history."

Derive = Callable[[Mapping[str, Sequence[Row]], datetime], Iterable[Row]]


@dataclass(frozen=True)
class Apart:
    """That the rows of a derived table under one key of another table hang on no other key's.

    `key` are the columns that hold it. Of each input named in `rows`, those that meet a condition (SQL) are of the key in its columns:
    they have no part in the rows of other keys.
    """

    key: tuple[str, ...]
    rows: Mapping[str, tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Slice:
    """Which rows of an input need not be there together: those that meet `where` (SQL), unless they agree in the columns `key`."""

    key: tuple[str, ...]
    where: str = "true"


@dataclass(frozen=True)
class Derived:
    """A derived table: its contract, what it reads, and how it is computed, by `sql` or by `derive` (exactly one is there).

    `apart` says by which tables, that are none of its inputs, it falls apart; `slices` by which rows of its inputs, by name.

    `digest` (SHA-256, hex) names contract and text together, for the digests of a verdict.
    """

    table: Table
    version: int
    inputs: Mapping[str, tuple[str, ...]]
    digest: str
    sql: str | None = None
    derive: Derive | None = None
    apart: Mapping[str, Apart] = field(default_factory=dict)
    slices: Mapping[str, Slice] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name, used in SQL like any table's."""
        return self.table.name

    @property
    def by_day(self) -> bool:
        """Whether the same inputs give the same rows all day: it asks the clock for no more than that."""
        return self.sql is not None and "$as_of" not in self.sql.replace("CAST($as_of AS DATE)", "")


def read(contract: Path) -> Derived:
    """Return the derived table that `contract` (NAME.toml) declares, with the .sql or .py beside it.

    Raises `ContractBroken` when there is neither or both, or when version or inputs are not said.
    """
    text = contract.read_text(encoding="utf-8")
    said = tomllib.loads(text)
    if not isinstance(said.get("version"), int) or not isinstance(said.get("inputs"), dict):
        raise ContractBroken(f"derived table {contract.stem}: says no version, or no [inputs] as table = [columns]")
    inputs = {name: tuple(map(str, columns)) for name, columns in said["inputs"].items()}
    query, module = contract.with_suffix(".sql"), contract.with_suffix(".py")
    if query.exists() == module.exists():
        raise ContractBroken(f"derived table {contract.stem}: needs one of {query.name} and {module.name}")
    body = (query if query.exists() else module).read_text(encoding="utf-8")
    sql, derive = (body, None) if query.exists() else (None, _function(contract.stem))
    digest = sha256(f"{text}\0{body}".encode()).hexdigest()
    apart = {name: _apart(each) for name, each in said.get("apart", {}).items()}
    slices = {name: Slice(tuple(map(str, each["key"])), str(each.get("where", "true"))) for name, each in said.get("slices", {}).items()}
    return Derived(parse(contract.stem, text), said["version"], MappingProxyType(inputs), digest, sql, derive, apart, slices)


def _apart(said: Mapping[str, Any]) -> Apart:
    rows = {name: (str(each["where"]), tuple(map(str, each["key"]))) for name, each in said.items() if name != "key"}
    return Apart(tuple(map(str, said["key"])), rows)


def _function(name: str) -> Derive:
    module = import_module(f"{__name__}.{name}")
    derive: Derive = module.derive
    return derive


@cache
def derived_tables() -> Mapping[str, Derived]:
    """Return every derived table by name, inputs before what is computed from them; raises `ContractBroken`."""
    found = {contract.stem: read(contract) for contract in sorted(HERE.glob("*.toml"))}
    for derived in found.values():
        for name, columns in derived.inputs.items():
            _check_input(derived.name, name, columns, found)
    graph = {name: [part for part in derived.inputs if part in found] for name, derived in found.items()}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ContractBroken(f"derived tables are computed from one another in a circle: {', '.join(error.args[1])}") from error
    return MappingProxyType({name: found[name] for name in order})


def _check_input(name: str, part: str, columns: Sequence[str], found: Mapping[str, Derived]) -> None:
    plain = part.removeprefix(HISTORY)
    contract = found[part].table if part in found else table(plain) if is_table(plain) else None
    if contract is None or is_table(name):
        raise ContractBroken(f"derived table {name}: there is no table {part!r} to read, or {name} is a collected table already")
    extra = {"seen_from_at", "seen_until_at", "ended", "source"} if part.startswith(HISTORY) else {"seen_from_at", "source"}
    allowed = set(contract.columns) | (set() if part in found else extra)
    if unknown := set(columns) - allowed:
        raise ContractBroken(f"derived table {name}: {part} has no column {', '.join(sorted(unknown))}")


def needed(names: Iterable[str]) -> list[Derived]:
    """Return the derived tables among `names` and those they are computed from, in the order of computing."""
    every = derived_tables()
    wanted: set[str] = set()
    queue = [name for name in names if name in every]
    while queue:
        name = queue.pop()
        if name not in wanted:
            wanted.add(name)
            queue.extend(part for part in every[name].inputs if part in every)
    return [derived for name, derived in every.items() if name in wanted]


def bases(names: Iterable[str]) -> frozenset[str]:
    """Return the collected tables that `names` rest on in the end: themselves, or what derived ones are computed from.

    Both `accounts` and `history.accounts` count as `accounts`: these are the tables whose staleness and gaps matter.
    """
    named = list(names)
    parts = {part for derived in needed(named) for part in derived.inputs} | set(named)
    return frozenset(part.removeprefix(HISTORY) for part in parts if part not in derived_tables())
