"""The store: records what collections saw as change files, gives rows back, and shows that nothing was altered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import file_digest
from math import inf
from pathlib import Path

from upheld.evidence.change import write_changes
from upheld.evidence.collection import Collecting, TableSeen
from upheld.evidence.duck import PARTIAL, sharing
from upheld.evidence.forgetting import Forgotten, forgotten
from upheld.evidence.frame import ChangeFile
from upheld.evidence.history import digest_at, standing
from upheld.evidence.loading import Damaged, HistoryError
from upheld.evidence.masking import Fate, Masked, masked
from upheld.evidence.recording import Recorded, TableRecorded, recorded
from upheld.evidence.rewriting import Erased, erased, merged
from upheld.evidence.table import Value


class OutOfOrder(HistoryError):
    """A collection is not later than what is recorded of its source: it was recorded already, or the clock stepped back."""


class Store:
    """The change files below `folder` that the manifest `files` names. Reads no other file, and alters none."""

    def __init__(self, folder: Path, files: Sequence[ChangeFile]) -> None:
        self.folder = folder
        self.files = tuple(files)

    def record(
        self, collecting: Collecting, collection: str, *, accept_vanishing: frozenset[str] = frozenset(), after: datetime | None = None
    ) -> Recorded:
        """Write what `collecting` changed, and return it; it counts once the caller's manifest names the files.

        A table named in `accept_vanishing` is not quarantined, however many of its rows are gone. `after` is the instant
        of the source's last recorded collection, which may have written nothing. Raises `OutOfOrder` when this one is not
        later, `Unwritable` when the disk is full, and `Damaged` when a file that it builds on cannot be read.
        """
        self._in_order(collecting, after)
        told: dict[str, TableRecorded] = {}
        with sharing():
            for name, seen in collecting.seen.items():
                gaps = tuple(gap for gap in collecting.gaps if gap.table == name)
                about = TableRecorded(name, collecting.source, collection, collecting.seen_at, seen.coverage, gaps, tuple(seen.cut_short))
                told[name] = self._record(about, seen, name in accept_vanishing) if seen.read else about
        return Recorded(told)

    def _record(self, about: TableRecorded, seen: TableSeen, accept: bool) -> TableRecorded:
        before = standing(self._of(about.table, about.source), about.table, about.seen_at)
        told, changes = recorded(about, seen, before, accept=accept)
        if not changes:
            return told
        return replace(told, file=write_changes(self.folder, seen.table, about.source, about.collection, about.seen_at, changes))

    def _in_order(self, collecting: Collecting, after: datetime | None) -> None:
        known = [file.seen_at for file in self.files if file.source == collecting.source] + ([after] if after else [])
        last = max(known, default=None)
        if last is not None and collecting.seen_at <= last:
            raise OutOfOrder(
                f"{collecting.source} was already seen at {last.isoformat()}, and now it is said to be {collecting.seen_at.isoformat()}: "
                "history cannot be written backwards; set the clock right, and collect again (if it is right now and was ahead then: "
                "upheld ahead --set-aside)"
            )

    def verify(self, name: str, source: str, seen_at: datetime, digest: str) -> None:
        """Check that the files still say what the collection of `seen_at` recorded under `digest`; raises `Damaged` if not."""
        found = digest_at(self._of(name, source), name, seen_at)
        if found != digest:
            raise Damaged(
                f"the history of {name} from {source} is not what was recorded at {seen_at.isoformat()}: its digest is {found}, "
                f"recorded was {digest}; restore {self.folder / name} from a backup"
            )

    def compact(self, name: str, source: str) -> ChangeFile:
        """Merge the change files of table `name` from `source` into one new file, and return it.

        What they say of every past instant, digests too, is the same. The old files stay until the caller's manifest
        names the new one and they are discarded; those who still read them may finish. Raises `ValueError` if there is
        none, `Unwritable` and `Damaged`.
        """
        return merged(self.folder, self._of(name, source))

    def erase(self, name: str, source: str, key: Mapping[str, Value]) -> Erased:
        """Take all versions of the row with `key` (column = value) out of table `name` from `source`; only their leaves stay.

        A version that is still open ends, as erased, with the next complete collection; a source that still shows the row
        brings it anew. Nothing is altered in place: see `Erased` for what the caller must do. Raises `Unwritable`, `Damaged`.
        """
        return erased(self.folder, self._of(name, source), key)

    def mask(self, name: str, source: str, fate: Fate, *, live: bool = True) -> Masked:
        """Write the files of table `name` from `source` anew as one, with every row as `fate` says; see `masking`.

        Nothing is altered in place: see `Masked` for what the caller must do. Raises `Unwritable`, `Damaged`.
        """
        return masked(self.folder, self._of(name, source), fate, live=live)

    def forget(self, name: str, source: str, ended_by: datetime) -> Forgotten:
        """Take the values of rows of table `name` from `source` that had ended by `ended_by` out of its files; their leaves stay.

        Nothing is altered in place: see `Forgotten` for what the caller must do. Raises `Unwritable`, `Damaged`.
        """
        return forgotten(self.folder, self._of(name, source), ended_by)

    def altered(self) -> dict[ChangeFile, str]:
        """Return each file that is missing or has other bytes than the manifest says, with a sentence about it."""
        return {file: said for file in self.files if (said := _alteration(file))}

    def orphans(self, *, before: datetime | None = None) -> list[Path]:
        """Return the files below the folder that the manifest does not name: left by a run that was stopped, or replaced.

        A run that is at work writes such files too; `before` leaves out those written at that instant or later.
        """
        named = {file.path for file in self.files}
        found = (path for pattern in ("*.parquet", f".*{PARTIAL}") for path in self.folder.rglob(pattern) if path not in named)
        return sorted(path for path in found if before is None or _written_at(path) < before.timestamp())

    def discard(self, paths: Iterable[Path]) -> None:
        """Delete `paths`; raises `ValueError`, deleting nothing, if the manifest names one of them."""
        gone = list(paths)
        if kept := {file.path for file in self.files} & set(gone):
            raise ValueError(f"{', '.join(map(str, sorted(kept)))} belongs to the history and is not deleted")
        for path in gone:
            path.unlink(missing_ok=True)

    def _of(self, name: str, source: str) -> list[ChangeFile]:
        return [file for file in self.files if file.table == name and file.source == source]


def _written_at(path: Path) -> float:
    """When `path` was last written (seconds since 1970); never, if its run finished and took it away in between."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return inf


def _alteration(file: ChangeFile) -> str:
    try:
        with file.path.open("rb") as opened:
            digest = file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        return f"change file {file.path} cannot be read: {error.strerror}"
    return "" if digest == file.digest else f"change file {file.path} is not as it was written: its SHA-256 is {digest}, not {file.digest}"
