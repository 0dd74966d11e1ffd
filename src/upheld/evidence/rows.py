"""Frames made from rows, for tests, fixtures and drills: through the store, as collections of a source would be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from upheld.evidence.collection import Collecting, Coverage
from upheld.evidence.frame import ChangeFile, Filled, Frame, frame_at
from upheld.evidence.store import Store
from upheld.evidence.table import Row, table


def rows_frame(
    rows: Mapping[str, Sequence[Row]],
    as_of: datetime,
    *,
    folder: Path,
    seen_at: datetime | None = None,
    stale: Iterable[str] = (),
    partial: Iterable[str] = (),
    denied: Iterable[str] = (),
    source: str = "test",
) -> Frame:
    """Return a frame as of `as_of` in which `source` brought `rows` (by table; an empty list says "there are none") at `seen_at`.

    `seen_at` is `as_of` unless given. Tables in `stale` no longer speak, those in `partial` were cut short, and columns
    in `denied` ("accounts.last_login_at") could not be read. Files are written below `folder`, which must be empty or hold
    another frame's files, and stay as long as it does.
    """
    return history_frame([(seen_at or as_of, rows)], as_of, folder=folder, stale=stale, partial=partial, denied=denied, source=source)


def history_frame(
    days: Sequence[tuple[datetime, Mapping[str, Sequence[Row]]]],
    as_of: datetime,
    *,
    folder: Path,
    stale: Iterable[str] = (),
    partial: Iterable[str] = (),
    denied: Iterable[str] = (),
    source: str = "test",
) -> Frame:
    """Return a frame as of `as_of` after several collections: each of `days` is when, and the rows that `source` brought then.

    A row that a later day leaves out of its table has vanished; a table that it leaves out was not asked for. `partial`
    and `denied` are said of every day. Vanishing is accepted, however many rows it is.
    """
    files: list[ChangeFile] = []
    filled: dict[str, Filled] = {}
    for number, (seen_at, rows) in enumerate(days):
        if seen_at > as_of:
            raise ValueError(f"{seen_at} is after {as_of}: nothing seen then is in the frame")
        into = _collected(source, seen_at, rows, tuple(partial), tuple(denied))
        told = Store(folder, files).record(into, f"{source}-{number}", accept_vanishing=frozenset(rows))
        files += told.files
        for name, each in told.tables.items():
            before = filled.get(name)
            filled[name] = each.filled(before.complete_at if before else None)
    over = {name: replace(filled[name], stale_at=min(filled[name].stale_at, as_of)) for name in stale}
    return frame_at(files, (filled | over).values(), as_of)


def _collected(
    source: str, seen_at: datetime, rows: Mapping[str, Sequence[Row]], partial: Sequence[str], denied: Sequence[str]
) -> Collecting:
    into = Collecting(source, list(rows), seen_at)
    for name, brought in rows.items():
        into.rows(name, brought)
        if len(into.seen[name].rows) < len(brought):
            raise ValueError(f"rows of {name} share a key ({', '.join(table(name).key)}), or one came twice")
    for name in partial:
        into.cut_short(name, "cut short on purpose")
    for said in denied:
        name, column = said.split(".")
        into.denied(name, column, "denied on purpose")
    assert into.coverage is not Coverage.FAILED or not rows, "every table given was read"
    return into
