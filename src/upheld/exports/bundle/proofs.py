"""The part of a bundle that the ledger's signed roots show: entries with their proofs, runs of entries, and earlier checkpoints."""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from upheld.exports.bundle.scope import BundleError
from upheld.ledger import anchors, entry, models, store, tree
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.checkpoint import MalformedCheckpoint, several
from upheld.ledger.proof import Proof
from upheld.ledger.store import NoEntry, StoredLog

MAX_RUN = 200_000
_BLOCK = 10_000  # entries read at once from the end
_STAMPS = 3  # the newest are enough: each speaks for all that lies before it
_ROTATED = b'"kind":"key.rotated"'
_LOOK_FOR_ROTATION = 10_000


@dataclass(frozen=True)
class Place:
    """Where an entry lies: which log, and at which index."""

    log: StoredLog
    index: int


def places(entry_ids: Iterable[str]) -> dict[str, Place]:
    """Return where the entries with `entry_ids` lie, by id. Raises `BundleError` for one that no log has."""
    logs = list(reversed(store.all_logs()))
    return {entry_id: _place(logs, entry_id) for entry_id in sorted(set(entry_ids))}


def _place(logs: Sequence[StoredLog], entry_id: str) -> Place:
    for log in logs:
        try:
            return Place(log, log.index_of(entry_id))
        except NoEntry:
            continue
    raise BundleError(f"No log has the entry {entry_id}: was the database restored? See upheld ledger status")


@dataclass(frozen=True)
class Signed:
    """A log under one of its checkpoints."""

    log: StoredLog
    size: int
    note: bytes

    @classmethod
    def of(cls, log: StoredLog, size: int | None = None) -> "Signed":
        """Return `log` under its checkpoint at `size` (default: the last), with what witnesses said of it. Raises `BundleError`."""
        found = log.checkpoint(size)
        if found is None:
            raise BundleError(
                f"{log.origin} has no checkpoint" + ("" if size is None else f" of {size} entries") + ": see upheld ledger status"
            )
        return cls(log, found[0], anchors.note(log, *found).encode())

    def members(self, number: int, indexes: Iterable[int], earlier: Iterable[int], run: range | None) -> Iterator[tuple[str, bytes]]:
        """Yield the members that show the entries at `indexes`, the checkpoints of `earlier` sizes, and all entries of `run`."""
        place, nodes = f"log-{number}", self.log.nodes(self.size)
        yield f"{place}/checkpoint", self.note
        for index in sorted(set(indexes)):
            proof = Proof(index, tree.inclusion_proof(index, self.size, nodes), self.note, self.log.entry(index))
            yield f"{place}/entries/{index}.tlog-proof", proof.text()
        for size in sorted(set(earlier)):
            steps = [_text(step) for step in tree.consistency_proof(size, self.size, nodes)]
            yield f"{place}/consistency/{size}", "\n".join([f"old {size}", *steps, "", ""]).encode() + self.note
        if run is not None:
            said = {
                "consistency": [_text(step) for step in tree.consistency_proof(run.stop, self.size, nodes)],
                "first": run.start,
                "peaks": [_text(peak) for peak in tree.peaks(run.start, nodes)],
            }
            yield f"{place}/run.json", orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
            yield f"{place}/run.jsonl", b"".join(data + b"\n" for data in self.log.entries(run.start, run.stop))


def rotations(log: StoredLog) -> list[int]:
    """Return the indexes of the entries by which a key of `log` handed over to the next."""
    found = []
    for after in models.SigningKey.objects.filter(log=log.number).order_by("after").values_list("after", flat=True):
        entries = log.entries(after, min(log.size(), after + _LOOK_FOR_ROTATION))
        found += [index for index, data in enumerate(entries, after) if _ROTATED in data][:1]
    return found


@dataclass(frozen=True)
class Held:
    """A checkpoint of `log` that an auditor holds; `note` is it with our signature alone, None where the log lost what it covers."""

    log: StoredLog
    size: int
    note: bytes | None


def held(files: Iterable[bytes], logs: Sequence[StoredLog]) -> list[Held]:
    """Return the checkpoints in `files`, which an auditor holds. Raises `BundleError` for one that is none of ours."""
    found = []
    for text in (note for file in files for note in several(file) or [b""]):
        try:
            claimed, signatures = checkpoints.parse(text)
        except (MalformedCheckpoint, UnicodeDecodeError) as error:
            raise BundleError(f"What is held is no checkpoint: {error}") from error
        log = next((log for log in logs if log.origin == claimed.origin), None)
        if log is None:
            raise BundleError(f"The checkpoint held is of {claimed.origin[:80]}, which is no log of this workspace")
        if claimed.size > log.size() and log is not logs[-1]:
            found.append(Held(log, claimed.size, None))  # the next log names what was signed last, and a verifier holds the two together
            continue
        if claimed.size > log.size() or log.root(claimed.size) != claimed.root:
            raise BundleError(
                f"The checkpoint held, of {claimed.size:,} entries, is not of this log: one of the two was forked or restored"
            )
        ours = [line for line in signatures if line.name == log.origin]
        found.append(Held(log, claimed.size, checkpoints.note(claimed, ours).encode()))
    return found


def stamped(log: StoredLog, until: int) -> dict[int, tuple[bytes, bytes]]:
    """Return the newest time stamps of checkpoints of `log` with at most `until` entries: request and answer, by size."""
    found: Mapping[int, tuple[bytes, bytes]] = {size: (request, answer) for size, request, answer in anchors.stamps(log, until)}
    return {size: found[size] for size in sorted(found)[-_STAMPS:]}


def own_note(log: StoredLog, size: int) -> bytes:
    """Return the checkpoint of `log` at `size` with its own signature alone. Raises `BundleError`."""
    found = log.checkpoint(size)
    if found is None:
        raise BundleError(f"{log.origin} has no checkpoint of {size} entries: see upheld ledger status")
    return found[1].encode()


def around(log: StoredLog, since: datetime, until: datetime, size: int) -> range:
    """Return the shortest stretch of the first `size` entries of `log` outside of which none was handed over after `since` until `until`.

    With the one before and the one after it, where there are any, by which that can be seen. Read from both ends, since entries need not
    stand in the order of their times: a clock was put back, or what happened long ago was entered as of then.
    """
    first = next((index for index, at in enumerate(map(_at, log.entries(0, size))) if at > since), size)
    stop = size
    while stop > first:
        start = max(first, stop - _BLOCK)
        within = [index for index, at in enumerate(map(_at, log.entries(start, stop)), start) if at <= until]
        if within:
            stop = within[-1] + 1
            break
        stop = start
    return range(max(0, first - 1), min(size, stop + 1))


def began(log: StoredLog) -> datetime:
    """Return when the first entry of `log` was handed over."""
    return _at(log.entry(0))


def _at(text: bytes) -> datetime:
    return entry.instant(str(orjson.loads(text)["ts"]))


def _text(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
