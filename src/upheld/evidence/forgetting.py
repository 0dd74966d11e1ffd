"""Change files written anew without what ended long ago: its values and salts go, its leaves stay.

So the digest of any instant can still be computed, and a bundle or `Store.verify` still agrees with the ledger; what such rows said
is known no longer. Rows that stand are never touched, however long they have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from upheld.evidence.canonical import canonical, leaf
from upheld.evidence.change import write_file, writing
from upheld.evidence.duck import lent, load_lines, put_in, quoted, stored_types
from upheld.evidence.frame import ChangeFile
from upheld.evidence.loading import naive, reading
from upheld.evidence.masking import Decided, groups, lines, load
from upheld.evidence.querying import ABOUT
from upheld.evidence.table import Table, table


@dataclass(frozen=True)
class Forgotten:
    """What came of it: how many `versions` lost their values, and the file that takes the place of `replaced`; None where none did.

    The `replaced` ones still hold the values: delete them as soon as the manifest names `written`.
    """

    versions: int = 0
    written: ChangeFile | None = None
    replaced: tuple[ChangeFile, ...] = ()


def ended_before(files: Sequence[ChangeFile], at: datetime) -> int:
    """Return how many versions of rows in `files` (one table and source) had ended by `at` and have values still. Raises `Damaged`."""
    if not files:
        return 0
    paths = [file.path for file in files]
    with reading(paths), lent() as connection:
        asked = f"SELECT count(*) FROM ({_ended(table(files[0].table), 'read_parquet($files, union_by_name = true)')})"  # noqa: S608
        found = connection.execute(put_in(asked, files=list(map(str, paths)), at=at)).fetchone()
    return int(found[0]) if found else 0


def forgotten(folder: Path, files: Sequence[ChangeFile], at: datetime) -> Forgotten:
    """Write `files` (one table and source, oldest first) anew as one, in which what had ended by `at` is its leaves alone.

    Nothing is written where nothing had. Raises `Unwritable` and `Damaged`.
    """
    if not files:
        return Forgotten()
    contract, last = table(files[0].table), max(files, key=lambda file: file.seen_at)
    with writing(folder / contract.name) as beside, lent() as connection:
        load(connection, files)
        key = ", ".join(map(quoted, contract.key))
        connection.execute(put_in(f"CREATE TABLE touched AS SELECT DISTINCT {key} FROM ({_ended(contract, 'held')})", at=at))  # noqa: S608
        rest: list[bytes] = []
        versions = 0
        for group in groups(connection, contract):
            decided = list(_decided(contract, group, naive(at)))
            versions += sum(each is not None and each.left is None for _, each in decided)
            rest += lines(contract, decided)
        if not versions:
            return Forgotten()
        load_lines(connection, "rest", ABOUT | stored_types(contract), rest, beside=beside)
        _put_together(connection, key)
        like = replace(last, first_seen_at=min(file.since for file in files))
        return Forgotten(versions, write_file(connection, "rewritten", folder, like), tuple(files))


def _put_together(connection: duckdb.DuckDBPyConnection, key: str) -> None:
    connection.execute(
        f"CREATE VIEW rewritten AS SELECT * EXCLUDE (_row) FROM held ANTI JOIN touched USING ({key}) UNION ALL BY NAME FROM rest"  # noqa: S608
    )


def _ended(contract: Table, held: str) -> str:
    """Return the SQL of the keys of versions in `held` that had ended by `$at`, one row each; names from contracts, quoted."""
    key = ", ".join(map(quoted, contract.key))
    until = f"lead(_seen_at) OVER (PARTITION BY {key} ORDER BY _seen_at)"
    return (
        f"SELECT {key} FROM (SELECT *, {until} AS _until_at FROM {held} WHERE _leaf IS NULL) WHERE _change = 'opened' AND _until_at <= $at"  # noqa: S608
    )


def _decided(contract: Table, group: Sequence[Mapping[str, Any]], at: datetime) -> list[tuple[Mapping[str, Any], Decided | None]]:
    """Return each change of one key, in order of time, with what is left of it; None for one that only ended the row."""
    found: list[tuple[Mapping[str, Any], Decided | None]] = []
    for place, change in enumerate(group):
        if change["_change"] != "opened":
            found.append((change, None))
            continue
        row = {name: change.get(name) for name in contract.columns}
        over = place + 1 < len(group) and group[place + 1]["_seen_at"] <= at
        known = change["_masked"] or leaf(change["_salt"], canonical(contract, row))
        found.append((change, Decided(None if over else row, known.hex(), same=not over)))
    return found
