"""Change files: what one collection changed in one table, as Parquet, written aside and renamed: whole, or not there.

Columns: `_change` (opened, ended), `_ended` (why: vanished, deleted, erased; a row that changed is ended by being opened
anew), `_source`, `_seen_at` (UTC), `_salt`, `_leaf` and `_masked`, and the table's own columns, NULL beyond the key where a row
ended. An opened row has one of the three: `_leaf` only once it was erased, `_masked` once somebody was masked in it.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

import duckdb

from upheld.evidence.canonical import json_line, plain
from upheld.evidence.duck import PARTIAL, lent, load_lines, quoted, stored_types
from upheld.evidence.frame import ChangeFile
from upheld.evidence.loading import HistoryError
from upheld.evidence.querying import ABOUT
from upheld.evidence.recording import Change
from upheld.evidence.table import Kind, Table, Value, table


class Unwritable(HistoryError):
    """The disk is full or refuses. Nothing half-written counts: make room, then collect again."""


def write_changes(folder: Path, contract: Table, source: str, collection: str, seen_at: datetime, changes: Iterable[Change]) -> ChangeFile:
    """Write `changes` of the table `contract` as a change file in `folder`, and return what the manifest must say of it.

    Raises `Unwritable` when the disk is full or refuses.
    """
    said: dict[str, Value] = {"_source": source, "_seen_at": seen_at}
    with writing(folder / contract.name) as beside, lent() as connection:
        lines = (_line(contract, said, change) for change in changes)
        load_lines(connection, "changes", ABOUT | stored_types(contract), lines, beside=beside)
        return write_file(connection, "changes", folder, ChangeFile(contract.name, source, collection, seen_at, folder, 0, 0))


def _line(contract: Table, said: dict[str, Value], change: Change) -> bytes:
    about: dict[str, Value] = {"_change": "ended" if change.ended else "opened", **said}
    if change.ended:
        about["_ended"] = change.ended
    if change.salt:
        about["_salt"] = change.salt.hex()
    if change.leaf:
        about["_leaf"] = change.leaf.hex()
    return json_line(plain(contract, change.row) | about)


@contextmanager
def writing(folder: Path) -> Iterator[Path]:
    """Make `folder`, and turn whatever keeps files from being written in it into `Unwritable`."""
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _sync_folder(folder.parent)
        yield folder
    except (OSError, duckdb.IOException) as error:
        raise Unwritable(f"history in {folder} could not be written; nothing of it counts, make room and try again: {error}") from error


def write_file(connection: duckdb.DuckDBPyConnection, relation: str, folder: Path, like: ChangeFile) -> ChangeFile:
    """Write `relation` as a new change file under `folder`, and return `like` with its path, size, rows and digest.

    It has its name only once its bytes are on the disk, and a name that no other run can have chosen.
    """
    home = folder / like.table
    path = home / f"{like.seen_at:%Y%m%dT%H%M%S%f}Z-{secrets.token_hex(8)}.parquet"
    aside = home / f".{path.name}{PARTIAL}"
    try:
        copied = connection.execute(
            f"COPY (FROM {relation} ORDER BY {_order(table(like.table))}) TO {_literal(aside)} "
            "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 9)"
        ).fetchone()
        with aside.open("rb+") as file:
            os.fsync(file.fileno())
            digest = file_digest(file, "sha256").hexdigest()
            size_bytes = file.seek(0, os.SEEK_END)
        aside.rename(path)
        _sync_folder(home)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    assert copied is not None, "COPY says how many rows it wrote"
    return replace(like, path=path, rows=int(copied[0]), size_bytes=size_bytes, digest=digest)


def _order(table: Table) -> str:
    """Rows that look alike lie together, and versions of one row beside each other: that makes files a fifth smaller."""
    words = [name for name, column in table.columns.items() if column.kind is Kind.TEXT and name not in table.key]
    return ", ".join([*map(quoted, [*words, *table.key]), "_seen_at"])


def _literal(path: Path) -> str:
    """Return `path` as a literal of SQL; COPY takes no bound file name."""
    return "'" + str(path).replace("'", "''") + "'"


def _sync_folder(folder: Path) -> None:
    """Make the renaming last: a file's name is on the disk only once its folder is (fsync(2), notes)."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
