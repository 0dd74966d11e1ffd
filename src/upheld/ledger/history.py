"""The history of any record from its entries: as known at a checkpoint, as it held at an instant. People are found by their keyed link."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from upheld.ledger import canonical, entry, mentions, openings, reading, store
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.entry import IMPERSONAL, Entry
from upheld.ledger.profile import Json
from upheld.ledger.store import NoEntry, NotAsSigned, StoredLog
from upheld.ledger.tiles import TiledNodes


@dataclass(frozen=True)
class Told:
    """One entry of a history. `corrected_by` is the index of the entry that puts it right, `opened` what it says of people.

    `as_signed` says whether it leads to what was signed, None for one that no checkpoint covers yet: where it does not, it was
    changed, or one beside it.
    """

    origin: str
    index: int
    id: str
    at: datetime
    effective_at: datetime
    kind: str
    actor: str
    body: Mapping[str, Json]
    corrects: str | None
    corrected_by: int | None
    opened: Mapping[str, Json]
    as_signed: bool | None


def history(
    type: str,
    id: str,
    *,
    known: tuple[str, int] | None = None,
    effective_at: datetime | None = None,
    reveal: bool = False,
    scan: bool = False,
) -> list[Told]:
    """Return what the ledger says of (`type`, `id`), in the order in which it was sequenced, over all shards.

    `known`, an origin and a size, leaves out what that checkpoint does not cover, so that an answer can name what it is
    proven under. `effective_at` leaves out what did not hold yet then. `reveal` opens personal values that were not
    erased. `scan` reads every entry instead of an index. What still waits in the outbox is not in a history yet.
    """
    places = _places(type, id, scan)
    if known is not None:
        places = _known(places, *known)
    read = [(log, index, entry.read(canonical.read(log.entry(index)))) for log, index in places]
    corrections = {each.corrects: index for _, index, each in read if each.corrects}
    signed = {log.number: _Signed(log) for log, _, _ in read}
    told = [_told(log, index, each, corrections.get(each.id), signed[log.number].holds(index), reveal) for log, index, each in read]
    return [each for each in told if effective_at is None or each.effective_at <= effective_at]


def _places(type: str, id: str, scan: bool) -> list[tuple[StoredLog, int]]:
    if type in IMPERSONAL:
        return mentions.scanned(type, id) if scan else mentions.positions(type, id)
    return sorted(_found(openings.entries_naming(type, id)), key=lambda place: (place[0].number, place[1]))


def _found(entry_ids: Iterable[str]) -> Iterable[tuple[StoredLog, int]]:
    """Yield where each entry is; one that waits is nowhere yet."""
    logs = store.all_logs()
    for entry_id in entry_ids:
        for log in logs:
            try:
                yield log, log.index_of(entry_id)
                break
            except NoEntry:
                continue


def _known(places: Iterable[tuple[StoredLog, int]], origin: str, size: int) -> list[tuple[StoredLog, int]]:
    """Return those of `places` that a checkpoint of `origin` at `size` covers: shards before it as far as they were gone on from."""
    mine = next((log for log in store.all_logs() if log.origin == origin), None)
    if mine is None:
        raise NoEntry(f"there is no log {origin} here")
    if size > mine.size():
        raise NoEntry(f"{origin} has {mine.size():,} entries, and {size:,} are asked for")
    return [(log, index) for log, index in places if log.number < mine.number or (log.number == mine.number and index < size)]


def _told(log: StoredLog, index: int, each: Entry, corrected_by: int | None, as_signed: bool | None, reveal: bool) -> Told:
    opened = {field: one.value for field, one in openings.opened(each.id).items()} if reveal else {}
    who = each.actor.id or opened.get(openings.ACTOR)
    return Told(
        origin=log.origin,
        index=index,
        id=each.id,
        at=each.at,
        effective_at=each.effective_at or each.at,
        kind=each.kind,
        actor=f"{each.actor.type} {who}" if who else f"a {each.actor.type}",
        body=each.body,
        corrects=each.corrects,
        corrected_by=corrected_by,
        opened=opened,
        as_signed=as_signed,
    )


class _Signed:
    """Whether entries of one log are what was signed; nodes are read once for all of them."""

    def __init__(self, log: StoredLog) -> None:
        self._log, last = log, log.checkpoint()
        self._size, self._note = last if last else (0, "")
        self._nodes: TiledNodes | None = None

    def holds(self, index: int) -> bool | None:
        """Whether the entry at `index` leads to the root of the last checkpoint; None beyond it."""
        if index >= self._size:
            return None
        try:
            self._nodes = self._nodes or self._log.nodes_under(checkpoints.parse(self._note.encode())[0])
            reading.prove_under(self._log, index, self._note.encode(), self._nodes)
        except (NotAsSigned, NoEntry):
            return False
        return True
