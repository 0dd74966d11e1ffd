"""Time stamps in an export: each of this very tree, in order, and no entry that says a time which they rule out."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from upheld.ledger import tree
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.entry import MalformedEntry, instant
from upheld.ledger.policy import Policy
from upheld.ledger.profile import MAX_BYTES, NotCanonical
from upheld.ledger.tiles import WIDTH, Tile, TiledNodes, bundles, unbundle
from upheld.ledger.tree import HASH_BYTES
from upheld.ledger.verify import stamps, strict
from upheld.ledger.verify.layout import Layout
from upheld.ledger.verify.report import Report

AHEAD = timedelta(minutes=5)  # that the log's clock may be ahead of an authority's
_KIND = b'"kind":"checkpoint.stamped"'
_TS = re.compile(rb',"ts":"([^"]{27})","v":1\}$')  # how every entry ends, since keys are in order
_MOST_TOLD = 20


@dataclass(frozen=True)
class _Stamp:
    """That the first `size` entries existed at `at`; `logged` is the index of the entry that holds the answer's digest."""

    size: int
    at: datetime
    digest: str
    logged: int | None = None


def verify(layout: Layout, names: Sequence[str], checkpoint: Checkpoint, policy: Policy, now: datetime, report: Report) -> datetime | None:
    """Judge the time stamps in `layout`, whose tiles were verified already, and say in `report` what was found.

    Returns the newest time after which the checkpoint was signed, as shown by a stamp whose digest is in the log before it.
    """
    members = sorted({one[:2] for name in names if (one := stamps.member(name))})
    if not members:
        return None
    if not policy.authorities or not stamps.can_verify():
        why = "the policy names no authority" if not policy.authorities else "the program openssl is not here"
        report.skipped.append(f"time stamps ({len(members):,}): {why}")
        return None
    found = list(_held(layout, members, checkpoint, policy, report))
    if report.failed:
        return None
    found = _logged(layout, checkpoint.size, found)
    _require_order(found, now, report)
    _require_windows(layout, checkpoint.size, found, policy.patience, report)
    if not report.failed:
        report.checked.append(f"time stamps that hold: {len(found):,}, the last of {found[-1].size:,} entries at {_words(found[-1].at)}")
    return max((each.at for each in found if each.logged is not None), default=None)


def _held(layout: Layout, members: Sequence[tuple[int, int]], checkpoint: Checkpoint, policy: Policy, report: Report) -> Iterator[_Stamp]:
    """Yield the stamps that hold, in order of size; the others are told."""
    nodes = TiledNodes(lambda tile: _hashes(layout, tile), checkpoint.size)
    for size, number in members:
        if not 0 < size <= checkpoint.size:
            report.failed.append(f"a time stamp is of {size:,} entries, and the export has {checkpoint.size:,}")
            continue
        request, answer = (layout.read(f"anchors/{size}.{number}.{suffix}", stamps.MAX_BYTES) for suffix in ("tsq", "tsr"))
        body = Checkpoint(checkpoint.origin, size, tree.root_at(size, nodes)).text().encode()
        at = stamps.verify(request, answer, body, policy.authorities)
        if isinstance(at, str):
            report.failed.append(f"time stamp {number} of {size:,} entries: {at}")
        else:
            yield _Stamp(size, at, sha256(answer).hexdigest())


def _hashes(layout: Layout, tile: Tile) -> bytes:
    return layout.read(tile.path, tile.width * HASH_BYTES)


def _logged(layout: Layout, size: int, found: Sequence[_Stamp]) -> list[_Stamp]:
    """Return `found` with the index of each one's entry, where there is one."""
    digests: dict[str, int] = {}
    for index, entry in _entries(layout, size):
        if _KIND in entry:
            try:
                fields = strict.read(entry)
            except NotCanonical:
                continue  # told elsewhere
            body = fields.get("body") if isinstance(fields, dict) else None
            if isinstance(body, dict) and isinstance(token := body.get("token"), str):
                digests.setdefault(token, index)
    return [_Stamp(each.size, each.at, each.digest, digests.get(each.digest)) for each in found]


def _require_order(found: Sequence[_Stamp], now: datetime, report: Report) -> None:
    latest: _Stamp | None = None
    for each in found:
        if latest is not None and each.at < latest.at and each.size > latest.size:
            report.failed.append(f"the time stamp of {each.size:,} entries is earlier than that of {latest.size:,}, which were before them")
        if each.at > now + AHEAD:
            report.failed.append(f"the time stamp of {each.size:,} entries is in the future")
        if each.logged is not None and each.logged < each.size:
            report.failed.append(f"the time stamp of {each.size:,} entries is logged as entry {each.logged:,}, which it covers itself")
        latest = each


def _require_windows(layout: Layout, size: int, found: Sequence[_Stamp], patience: timedelta, report: Report) -> None:
    """Hold each entry's own time against the first stamp that covers it, and against the last one logged before it."""
    sizes = [each.size for each in found]
    logged = sorted((each.logged, each.at) for each in found if each.logged is not None)
    for index, entry in _entries(layout, size):
        said = _TS.search(entry)
        try:
            at = instant(said[1].decode("ascii")) if said else None
        except (MalformedEntry, UnicodeDecodeError):
            at = None
        if at is None:
            continue  # told elsewhere
        covering = bisect_right(sizes, index)
        if covering < len(found) and at > found[covering].at + AHEAD:
            _say(report, f"entry {index} says {_words(at)}, and a time stamp shows that it was there at {_words(found[covering].at)}")
        before = bisect_right(logged, (index - 1, datetime.max.replace(tzinfo=at.tzinfo)))
        if before and at < logged[before - 1][1] - patience:
            _say(report, f"entry {index} says {_words(at)}, and comes after a time stamp of {_words(logged[before - 1][1])}")


def _words(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _entries(layout: Layout, size: int) -> Iterator[tuple[int, bytes]]:
    for bundle in bundles(size):
        found = unbundle(layout.read(bundle.path, bundle.width * (2 + MAX_BYTES)), bundle.width)
        yield from enumerate(found, bundle.n * WIDTH)


def _say(report: Report, what: str) -> None:
    if len(report.failed) < _MOST_TOLD:
        report.failed.append(what)
