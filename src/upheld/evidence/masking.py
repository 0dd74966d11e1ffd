"""Change files written anew without somebody: what was theirs is gone but for its leaves, and where they were named a token stands.

A masked version keeps its place, its other values and its 32-byte leaf (`_masked`), so that measures see as many rows as
before and every digest of any instant still holds. What a masked row says can no more be derived from that digest: the entry
that names the new file vouches for it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import duckdb

from upheld.evidence.canonical import canonical, json_line, leaf, plain
from upheld.evidence.change import write_file, writing
from upheld.evidence.duck import lent, load_lines, put_in, quoted, stored_types
from upheld.evidence.frame import ChangeFile
from upheld.evidence.loading import reading
from upheld.evidence.querying import ABOUT
from upheld.evidence.recording import restored
from upheld.evidence.table import Row, Table, table

BATCH_ROWS = 10_000


class Fate(Protocol):
    """Says what becomes of one version of a row, which its source still shows (`standing`) or not.

    The row itself: it stays. Another row: that is what it says from now on. None: it is erased. The same answer for the
    same row, and one key masked as one key, whatever else the row says.
    """

    def __call__(self, row: Row, standing: bool) -> Row | None: ...


@dataclass(frozen=True)
class Masked:
    """What came of it: versions `erased` and `masked`, and the file that takes the place of `replaced`; None where nothing changed.

    The `replaced` ones still hold the values: delete them as soon as the manifest names `written`.
    """

    erased: int = 0
    masked: int = 0
    written: ChangeFile | None = None
    replaced: tuple[ChangeFile, ...] = ()


@dataclass(frozen=True)
class Decided:
    """One version: what is left of it (None: nothing), its leaf (hex), and whether that is all the same."""

    left: Row | None
    leaf: str
    same: bool


def counted(files: Sequence[ChangeFile], fate: Fate, *, live: bool = True) -> tuple[int, int]:
    """Return how many versions in `files` (one table and source) `fate` would erase, and how many it would mask. Raises `Damaged`."""
    if not files:
        return 0, 0
    contract = table(files[0].table)
    with lent() as connection:
        load(connection, files)
        _touch(connection, contract, fate)
        decided = [each for group in groups(connection, contract) for _, each in _decided(contract, group, fate, live) if each]
    return sum(each.left is None for each in decided), sum(each.left is not None and not each.same for each in decided)


def opened_rows(files: Sequence[ChangeFile]) -> Iterator[Row]:
    """Yield every version of every row in `files` (one table and source) that was not erased, as they lie in Parquet. Raises `Damaged`."""
    if not files:
        return
    contract = table(files[0].table)
    with lent() as connection:
        load(connection, files)
        listed = ", ".join(map(quoted, contract.columns))
        asked = connection.execute(f"SELECT {listed} FROM held WHERE _change = 'opened' AND _leaf IS NULL")  # noqa: S608
        while batch := asked.fetchmany(BATCH_ROWS):
            yield from (dict(zip(contract.columns, values, strict=True)) for values in batch)


def masked(folder: Path, files: Sequence[ChangeFile], fate: Fate, *, live: bool = True) -> Masked:
    """Write `files` (one table and source, oldest first) anew as one, as `fate` says; nothing where it leaves every row as it is.

    `live` is whether the source is in use: of one that is not, no row counts as standing. Raises `Unwritable` and `Damaged`.
    """
    if not files:
        return Masked()
    contract, last = table(files[0].table), max(files, key=lambda file: file.seen_at)
    with writing(folder / contract.name) as beside, lent() as connection:
        load(connection, files)
        if not _touch(connection, contract, fate):
            return Masked()
        erased = changed = 0
        rest: list[bytes] = []
        for group in groups(connection, contract):
            decided = _decided(contract, group, fate, live)
            erased += sum(each is not None and each.left is None for _, each in decided)
            changed += sum(each is not None and each.left is not None and not each.same for _, each in decided)
            rest += lines(contract, decided)
        load_lines(connection, "rest", ABOUT | stored_types(contract), rest, beside=beside)
        connection.execute(f"CREATE VIEW rewritten AS SELECT * EXCLUDE (_row) FROM held ANTI JOIN touched USING ({_key(contract)}) "  # noqa: S608
                           "UNION ALL BY NAME FROM rest")  # fmt: skip
        like = replace(last, first_seen_at=min(file.since for file in files))
        return Masked(erased, changed, write_file(connection, "rewritten", folder, like), tuple(files))


def load(connection: duckdb.DuckDBPyConnection, files: Sequence[ChangeFile]) -> None:
    """Make the table `held` of every change in `files` (one table and source), numbered. Raises `Damaged`."""
    paths = [file.path for file in files]
    columns = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in (ABOUT | stored_types(table(files[0].table))).items())
    with reading(paths):
        every = put_in("SELECT * FROM read_parquet($files, union_by_name = true)", files=[*map(str, paths)])
        connection.execute(
            f"CREATE TABLE held AS SELECT *, row_number() OVER () AS _row FROM ({every} UNION ALL BY NAME SELECT {columns} WHERE false)"  # noqa: S608
        )


def _touch(connection: duckdb.DuckDBPyConnection, contract: Table, fate: Fate) -> int:
    """Make the table `touched` of the keys of which `fate` changes some version, and return how many they are."""
    listed = ", ".join(map(quoted, contract.columns))
    asked = connection.execute(f"SELECT {listed} FROM held WHERE _change = 'opened' AND _leaf IS NULL")  # noqa: S608
    touched: dict[bytes, bytes] = {}
    while batch := asked.fetchmany(BATCH_ROWS):
        for values in batch:
            row = dict(zip(contract.columns, values, strict=True))
            if fate(row, False) is not row:
                line = json_line(plain(contract, restored(contract, {part: row[part] for part in contract.key})))
                touched[line] = line
    types = {part: contract.columns[part].kind.stored for part in contract.key}
    return load_lines(connection, "touched", types, touched.values())


def groups(connection: duckdb.DuckDBPyConnection, contract: Table) -> Iterator[list[dict[str, Any]]]:
    """Yield the changes of each touched key, in order of time."""
    asked = connection.execute(
        f"SELECT held.* FROM held SEMI JOIN touched USING ({_key(contract)}) WHERE _leaf IS NULL ORDER BY {_key(contract)}, _seen_at"  # noqa: S608
    )
    names = [said[0] for said in asked.description or ()]
    rows = [dict(zip(names, values, strict=True)) for values in asked.fetchall()]
    for _, group in groupby(rows, key=lambda row: [row[part] for part in contract.key]):
        yield list(group)


def _decided(contract: Table, group: Sequence[Mapping[str, Any]], fate: Fate, live: bool) -> list[tuple[Mapping[str, Any], Decided | None]]:
    """Return each change of one key with what was decided of it; None for one that only ended the row."""
    found: list[tuple[Mapping[str, Any], Decided | None]] = []
    for place, change in enumerate(group):
        if change["_change"] != "opened":
            found.append((change, None))
            continue
        row = {name: change.get(name) for name in contract.columns}
        left = fate(row, live and place == len(group) - 1)
        known = change["_masked"] or leaf(change["_salt"], canonical(contract, row))
        found.append((change, Decided(left, known.hex(), left is row)))
    return found


def lines(contract: Table, decided: Sequence[tuple[Mapping[str, Any], Decided | None]]) -> Iterator[bytes]:
    """Yield the changes to write of one key: each version opens as it was decided, and ends as it did."""
    before: Decided | None = None
    key: Row = {}
    for change, now in decided:
        about = {"_source": change["_source"], "_seen_at": change["_seen_at"]}
        if before is not None and before.left is None:
            yield json_line(about | {"_change": "ended", "_ended": change["_ended"] or "changed", "_leaf": before.leaf})
        elif before is not None and (now is None or now.left is None):
            # A version that is opened anew ends the one before it; an erased one does not, since it has no key.
            yield json_line(about | {"_change": "ended", "_ended": change["_ended"] or "changed"} | _wire(contract, key))
        if now is not None:
            yield json_line(about | {"_change": "opened"} | _opened(contract, change, now))
            key = {part: now.left[part] for part in contract.key} if now.left else {}
        before = now


def _opened(contract: Table, change: Mapping[str, Any], now: Decided) -> dict[str, Any]:
    if now.left is None:
        return {"_leaf": now.leaf}
    if now.same and change["_masked"] is None:
        return _wire(contract, now.left) | {"_salt": change["_salt"].hex()}
    return _wire(contract, now.left) | {"_masked": now.leaf}


def _wire(contract: Table, row: Row) -> dict[str, Any]:
    return dict(plain(contract, restored(contract, row)))


def _key(contract: Table) -> str:
    return ", ".join(map(quoted, contract.key))


def files_of(files: Iterable[ChangeFile]) -> dict[tuple[str, str], list[ChangeFile]]:
    """Return `files` by table and source, oldest first."""
    found: dict[tuple[str, str], list[ChangeFile]] = {}
    for file in sorted(files, key=lambda file: file.seen_at):
        found.setdefault((file.table, file.source), []).append(file)
    return found
