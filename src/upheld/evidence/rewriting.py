"""Change files written anew with the same meaning: many merged into one, and a row's values taken out while its leaves stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from upheld.evidence.canonical import canonical, json_line, leaf, stored
from upheld.evidence.change import write_file, writing
from upheld.evidence.duck import lent, load_lines, quoted, stored_types
from upheld.evidence.frame import ChangeFile
from upheld.evidence.loading import naive, reading
from upheld.evidence.querying import ABOUT
from upheld.evidence.table import Table, Value, table


@dataclass(frozen=True)
class Erased:
    """What erasing a row came to: how many `versions` of it are gone, and which files take the place of which.

    The `replaced` ones still hold its values: delete them (`Store.discard`) as soon as the manifest names `written`.
    """

    versions: int
    written: tuple[ChangeFile, ...]
    replaced: tuple[ChangeFile, ...]


def merged(folder: Path, files: Sequence[ChangeFile]) -> ChangeFile:
    """Return one new file that holds all changes of `files`, which are of one table and source, oldest first.

    Raises `ValueError` if there is none, `Unwritable` and `Damaged`.
    """
    last = max(files, key=lambda file: file.seen_at)
    like = replace(last, first_seen_at=min(file.since for file in files))
    with writing(folder / last.table), lent() as connection:
        _load(connection, files)
        return write_file(connection, "changes", folder, like)


def until(folder: Path, file: ChangeFile, at: datetime, collection: str) -> ChangeFile:
    """Return a new file that holds the changes of `file` up to `at`, of which those of `collection` are the last.

    Raises `ValueError` if there is none, `Unwritable` and `Damaged`.
    """
    with writing(folder / file.table), lent() as connection:
        _load(connection, [file])
        connection.execute(f"CREATE VIEW earlier AS SELECT * FROM changes WHERE _seen_at <= TIMESTAMP '{naive(at).isoformat(sep=' ')}'")  # noqa: S608
        last = connection.execute("SELECT max(_seen_at) FROM earlier").fetchone()
        if last is None or last[0] is None:
            raise ValueError(f"{file.path} has no change up to {at.isoformat()}")
        return write_file(connection, "earlier", folder, replace(file, seen_at=last[0].replace(tzinfo=UTC), collection=collection))


def erased(folder: Path, files: Sequence[ChangeFile], key: Mapping[str, Value]) -> Erased:
    """Write those of `files` (one table and source) anew that hold a row with `key`, without its values and salts.

    Each version of it becomes its 32-byte leaf, opened and ended when the version was, so that the digest of every
    instant can still be computed. Raises `Unwritable` and `Damaged`.
    """
    if not files:
        return Erased(0, (), ())
    contract = table(files[0].table)
    named = {file.path.name: file for file in files}
    with writing(folder / contract.name) as beside, lent() as connection:
        _load(connection, files)
        found = _of_key(connection, contract, key)
        stubs = _stubs(contract, found)
        written = [_without(connection, folder, beside, contract, named[name], key, lines) for name, lines in stubs.items()]
    versions = sum(row["_change"] == "opened" for row in found)
    return Erased(versions, tuple(written), tuple(named[name] for name in stubs))


def _load(connection: duckdb.DuckDBPyConnection, files: Sequence[ChangeFile]) -> None:
    paths = [file.path for file in files]
    with reading(paths):
        connection.execute(
            "CREATE TABLE held AS SELECT * REPLACE (parse_filename(_file) AS _file) "
            "FROM read_parquet($files, union_by_name = true, filename = '_file')",
            {"files": list(map(str, paths))},
        )
    connection.execute("CREATE VIEW changes AS SELECT * EXCLUDE (_file) FROM held")


def _of_key(connection: duckdb.DuckDBPyConnection, contract: Table, key: Mapping[str, Value]) -> list[dict[str, Any]]:
    """The changes of the row with `key`, in order of time, each with the name of its file."""
    found = connection.execute(f"SELECT * FROM held WHERE {_matches(contract)} ORDER BY _seen_at", _bound(contract, key))  # noqa: S608
    names = [said[0] for said in found.description or ()]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]


def _stubs(contract: Table, found: Sequence[Mapping[str, Any]]) -> dict[str, list[bytes]]:
    """What stands in place of `found`, by file: each version's leaf opens, and ends with the change that followed it."""
    stubs: dict[str, list[bytes]] = {row["_file"]: [] for row in found}
    open_leaf: str | None = None
    for row in found:
        about = {"_source": row["_source"], "_seen_at": row["_seen_at"]}
        if open_leaf is not None:
            stubs[row["_file"]].append(json_line(about | {"_change": "ended", "_ended": row["_ended"] or "changed", "_leaf": open_leaf}))
            open_leaf = None
        if row["_change"] == "opened":
            values = {name: row.get(name) for name in contract.columns}
            open_leaf = (row.get("_masked") or leaf(row["_salt"], canonical(contract, values))).hex()
            stubs[row["_file"]].append(json_line(about | {"_change": "opened", "_leaf": open_leaf}))
    return stubs


def _without(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    beside: Path,
    contract: Table,
    file: ChangeFile,
    key: Mapping[str, Value],
    lines: Sequence[bytes],
) -> ChangeFile:
    """Write `file` anew without the row with `key`, and with `lines` in its place."""
    load_lines(connection, "stubs", ABOUT | stored_types(contract), lines, beside=beside)
    connection.execute(
        "CREATE TABLE rewritten AS SELECT * EXCLUDE (_file) FROM held "  # noqa: S608  names from contracts, quoted
        f"WHERE _file = $file AND ({_matches(contract)}) IS NOT TRUE UNION ALL BY NAME FROM stubs",
        _bound(contract, key) | {"file": file.path.name},
    )
    written = write_file(connection, "rewritten", folder, file)
    connection.execute("DROP TABLE stubs")
    connection.execute("DROP TABLE rewritten")
    return written


def _matches(contract: Table) -> str:
    return " AND ".join(f"{quoted(part)} = $key_{number}" for number, part in enumerate(contract.key))


def _bound(contract: Table, key: Mapping[str, Value]) -> dict[str, Any]:
    return {f"key_{number}": stored(key[part]) for number, part in enumerate(contract.key)}
