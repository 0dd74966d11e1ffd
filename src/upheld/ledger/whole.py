"""Every log of a workspace, verified where it is stored: by itself, against its high-water mark, and as going on from the one before."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from upheld.ledger import reading, signers, store
from upheld.ledger.checkpoint import Checkpoint, MalformedCheckpoint, MalformedKey, UntrustedCheckpoint, parse
from upheld.ledger.continuity import LedgerForked, marked, require_marked
from upheld.ledger.entry import MalformedEntry
from upheld.ledger.profile import NotCanonical
from upheld.ledger.reading import StoredLayout
from upheld.ledger.rotation import UntrustedRotation
from upheld.ledger.store import NoEntry, StoredLog
from upheld.ledger.tree import MalformedHash
from upheld.ledger.verify.report import Report
from upheld.ledger.verify.shards import covers, named
from upheld.ledger.verify.trust import Trust, Trusted

_UNKNOWN = (MalformedCheckpoint, UntrustedCheckpoint, MalformedKey, NotCanonical, MalformedEntry, NoEntry, UntrustedRotation)


def verify(trusting: Callable[[StoredLog], Trusted], kept: Sequence[bytes] = (), *, hashes_only: bool = False) -> list[Report]:
    """Return what holds of each log here, in the order they were opened; `trusting` says whom to trust for one.

    It may raise as `signers.policy` does, for a log whose key is lost. What others went on from is then verified by the key that it
    names itself, and the report says so: what it held is signed for by the log after it, which names its last checkpoint. `kept` are
    checkpoints that somebody kept elsewhere, of whichever log; one of a log that is not here is held against the last, and refused.
    """
    logs = store.all_logs()
    notes = _by_log(kept, logs)
    return [one(logs, place, trusting, notes.get(log.origin, ()), hashes_only=hashes_only) for place, log in enumerate(logs)]


def one(
    logs: Sequence[StoredLog],
    place: int,
    trusting: Callable[[StoredLog], Trusted],
    kept: Sequence[bytes] = (),
    *,
    hashes_only: bool = False,
) -> Report:
    """Return what holds of the log at `place` of `logs`, which are all there are. Raises and takes what `verify` does."""
    log, is_last = logs[place], place == len(logs) - 1
    beyond = [] if is_last else [each for each in kept if parse(each)[0].size > log.size()]  # lost, perhaps; the next log says
    kept = [each for each in kept if each not in beyond]
    try:
        report = reading.verify(log, trusting(log), kept, hashes_only=hashes_only)
    except (OSError, MalformedKey, UntrustedRotation) as error:
        if is_last:
            raise
        report = _by_its_own_word(log, str(error), kept, hashes_only=hashes_only)
    if log.checkpoint() is not None:
        report.failed += against_mark(log, is_last=is_last)
        if place:
            join(logs[place - 1], log, report)
    for each in beyond:
        try:
            _hold(Trust(_whom(log, trusting), log.origin).accept(each), logs[place + 1], report)
        except _UNKNOWN as error:
            report.failed.append(f"a checkpoint that you held: {error}")
    return report


def _by_its_own_word(log: StoredLog, why: str, kept: Sequence[bytes], *, hashes_only: bool) -> Report:
    try:
        report = reading.verify(log, signers.declared(log), kept, hashes_only=hashes_only)
    except (MalformedKey, NotCanonical, MalformedEntry, NoEntry, UntrustedRotation) as error:
        return Report(origin=log.origin, failed=[f"{log.origin}: nothing shows who signed it: {why}, and {error}. Give its key with --key"])
    report.skipped.append(f"who signed it: {why}. The key is the one that it names itself; the log after it names its last checkpoint")
    return report


def past_wrong() -> list[str]:
    """Return, in sentences, what tiles alone show to be wrong with logs that others went on from: a look, and no verification."""
    return [said for log in store.all_logs()[:-1] for said in against_mark(log, is_last=False)]


def against_mark(log: StoredLog, *, is_last: bool) -> Iterator[str]:
    """Yield what differs between `log` and what was signed of it, by its high-water mark.

    Of a log that another went on from, less may be there than was signed, as after a backup was brought back: the next one
    names what was signed last.
    """
    try:
        mark = marked(log)
        if is_last or (mark is not None and mark.size <= log.size()):
            require_marked(log, log.nodes(log.size()), mark)
    except (LedgerForked, MalformedCheckpoint, NoEntry, MalformedHash) as error:
        yield str(error)


def join(old: StoredLog, new: StoredLog, report: Report) -> None:
    """Hold what the first entry of `new` names against what is here of `old`."""
    last = old.checkpoint()
    said = _named(new)
    if said is None or said.origin != old.origin:
        if last is not None:
            report.failed.append(f"it does not begin by naming the last checkpoint of {old.origin}, which it goes on from")
        return
    if last is not None and said.size < last[0]:
        report.failed.append(f"it goes on from {said.size:,} entries of {old.origin}, and {last[0]:,} were signed")
    elif said.size > (there := old.size()):
        report.skipped.append(
            f"the last {said.size - there:,} of the {said.size:,} entries of {old.origin} that were signed: they are not here"
        )
    elif _root(old, said.size) != said.root:
        report.failed.append(f"it goes on from another tree of {said.size:,} entries of {old.origin} than is here")
    else:
        report.checked.append(f"it goes on from the last checkpoint of {old.origin}, at {said.size:,} entries")


def _whom(log: StoredLog, trusting: Callable[[StoredLog], Trusted]) -> Trusted:
    try:
        return trusting(log)
    except (OSError, MalformedKey, UntrustedRotation):
        return signers.declared(log)


def _hold(held: Checkpoint, new: StoredLog, report: Report) -> None:
    said = _named(new)
    if said is None or said.origin != held.origin:
        report.failed.append(f"{new.origin} does not say that it goes on from the checkpoint of {held.size:,} entries that you held")
    else:
        covers(held, said, new.origin, report)


def _named(log: StoredLog) -> Checkpoint | None:
    try:
        return named(StoredLayout(log, log.size(), b""), log.size())
    except ValueError:
        return None


def _root(log: StoredLog, size: int) -> bytes:
    try:
        return log.root(size)
    except (NoEntry, MalformedHash):
        return b""


def _by_log(kept: Sequence[bytes], logs: Sequence[StoredLog]) -> Mapping[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    here = {log.origin for log in logs}
    for note in kept:
        origin = parse(note)[0].origin
        found.setdefault(origin if origin in here else logs[-1].origin, []).append(note)
    return found
