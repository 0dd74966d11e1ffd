"""Rows given back from change files: those of one source that stood at an instant, with their salts and leaves, and their digest."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from upheld.evidence.duck import lent, put_in
from upheld.evidence.frame import ChangeFile
from upheld.evidence.loading import reading
from upheld.evidence.merkle import root
from upheld.evidence.querying import open_changes
from upheld.evidence.recording import Standing, restored
from upheld.evidence.table import Row, table

BATCH_ROWS = 10_000


def standing(files: Iterable[ChangeFile], name: str, as_of: datetime) -> Iterator[Standing]:
    """Yield the rows of table `name` in `files` (those of one source) that stood at `as_of`, erased ones too, as they lie in Parquet.

    Raises `Damaged` for a file that cannot be read.
    """
    paths = [file.path for file in files if file.table == name and file.since <= as_of]
    columns = list(table(name).columns)
    for *values, salt, leaf, masked in _tuples(name, paths, as_of) if paths else ():
        yield Standing(dict(zip(columns, values, strict=True)), salt, leaf, masked)


def _tuples(name: str, paths: Sequence[Path], as_of: datetime) -> Iterator[tuple[Any, ...]]:
    contract = table(name)
    asked = put_in(open_changes(contract, [*contract.columns, "_salt", "_leaf", "_masked"]), files=list(map(str, paths)), as_of=as_of)
    with reading(paths), lent() as connection:
        found = connection.execute(asked)
        while batch := found.fetchmany(BATCH_ROWS):
            yield from batch


def rows_at(files: Iterable[ChangeFile], name: str, as_of: datetime) -> Iterator[Row]:
    """Yield the rows of table `name` in `files` (those of one source) that stood at `as_of`, as sources bring them; no erased ones."""
    contract = table(name)
    return (restored(contract, each.row) for each in standing(files, name, as_of) if each.leaf is None)


def digest_at(files: Iterable[ChangeFile], name: str, as_of: datetime) -> str:
    """Return the Merkle root (hex) of the rows of table `name` in `files` (those of one source) that stood at `as_of`."""
    contract = table(name)
    return root(each.leaf_of(contract) for each in standing(files, name, as_of)).hex()
