"""A log that goes on from another: its first entry must name the last checkpoint of the one before."""

from datetime import datetime

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.checkpoint import Checkpoint, MalformedCheckpoint
from upheld.ledger.policy import Policy
from upheld.ledger.profile import MAX_BYTES, NotCanonical
from upheld.ledger.tiles import WIDTH, Tile, unbundle
from upheld.ledger.verify import strict
from upheld.ledger.verify.layout import Layout
from upheld.ledger.verify.report import Rejected, Report

OPENED = "shard.opened"


def verify(layout: Layout, size: int, previous: bytes, policy: Policy, now: datetime, report: Report) -> None:
    """Hold the first entry of `layout` against `previous`, a signed checkpoint kept of the shard before. Raises `Rejected`."""
    kept = policy.verify(previous, checkpoints.parse(previous)[0].origin, now).checkpoint
    found = named(layout, size)
    if found is None or found.origin != kept.origin:
        raise Rejected(f"the log does not begin by naming the last checkpoint of {kept.origin}, from which it is said to go on")
    if found.size < kept.size:
        raise Rejected(f"the log goes on from {found.size:,} entries of {kept.origin}, and {kept.size:,} were signed: some were dropped")
    if found.size == kept.size and found.root != kept.root:
        raise Rejected(f"the log goes on from another tree of {kept.size:,} entries of {kept.origin} than was signed")
    if found.size == kept.size:
        report.checked.append(f"it goes on from the checkpoint of {kept.size:,} entries of {kept.origin}")
    else:
        report.skipped.append(
            f"whether the {found.size:,} entries of {kept.origin} that it names begin with the {kept.size:,} held: verify that log"
        )


def named(layout: Layout, size: int) -> Checkpoint | None:
    """Return the checkpoint that the first entry of a log of `size` entries names, as one that goes on; None if it names none."""
    width = min(size, WIDTH)
    if not width:
        return None
    first = unbundle(layout.read(Tile(-1, 0, width).path, width * (2 + MAX_BYTES)), width)[0]
    try:
        return named_by(strict.read(first))
    except NotCanonical:
        return None


def named_by(fields: object) -> Checkpoint | None:
    """Return the checkpoint that the entry with `fields` names as the one its log goes on from; None if it names none."""
    body = fields.get("body") if isinstance(fields, dict) and fields.get("kind") == OPENED else None
    text = body.get("checkpoint") if isinstance(body, dict) else None
    try:
        return checkpoints.parse_body(text) if isinstance(text, str) else None
    except MalformedCheckpoint:
        return None


def covers(held: Checkpoint, said: Checkpoint, origin: str, report: Report) -> None:
    """Hold what the first entry of the log `origin` names (`said`) against a checkpoint `held` of more entries than are there of that log.

    The others were lost with a database: whether what was lost began with what was held, nobody can show.
    """
    of = f"the checkpoint of {held.size:,} entries of {held.origin} that you held"
    if said.size < held.size:
        report.failed.append(f"{origin} goes on from {said.size:,} entries, and not from {of}: some were dropped")
    elif said.size > held.size:
        report.skipped.append(f"whether the {said.size:,} entries that {origin} goes on from begin with {of}: what lay between is lost")
    elif said.root != held.root:
        report.failed.append(f"{origin} goes on from another tree than {of}: the log was forked")
    else:
        report.checked.append(f"{origin} goes on from {of}")
