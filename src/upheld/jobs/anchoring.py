"""Anchoring as chores: every checkpoint goes to the witnesses within a minute, and is time-stamped daily."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from upheld.jobs.chore import Chore, Unsuccessful
from upheld.ledger import anchors, sequencer, stamping, store
from upheld.ledger.anchors import Vouching
from upheld.ledger.checkpoint import COSIGNATURE, parse_key
from upheld.ledger.store import StoredLog
from upheld.ledger.witness import asking

WITNESSED_EVERY, STAMPED_EVERY = timedelta(minutes=1), timedelta(days=1)


def chores(now: datetime) -> Iterator[Chore]:
    """Yield asking the witnesses and asking for time stamps, where there is anybody to ask."""
    log = store.current()
    if log is None:
        return
    if asking.in_use():
        yield Chore("witness", now if _unwitnessed(log, now) else None, _witness)
    if stamping.in_use():
        yield Chore("time stamp", now if stamping.is_due(log, STAMPED_EVERY) else None, _stamp)


def _unwitnessed(log: StoredLog, now: datetime) -> bool:
    """Whether a witness has not cosigned the last checkpoint, and was not asked within the last minute."""
    signed = log.checkpoint()
    for row in asking.in_use():
        last = anchors.last(log, anchors.WITNESSED, parse_key(row.key, COSIGNATURE).name)
        behind = signed is not None and (last is None or last.size < signed[0])
        if behind and (row.tried_at is None or now - row.tried_at >= WITNESSED_EVERY):
            return True
    return False


def _witness() -> str:
    return _said(asking.push(sequencer.current()))


def _stamp() -> str:
    return _said(stamping.stamp(sequencer.current()))


def _said(found: list[Vouching]) -> str:
    said = "; ".join(f"{each.name} {each.said()}" for each in found)
    if any(each.trouble for each in found):
        raise Unsuccessful(said)
    return said
