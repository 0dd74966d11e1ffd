"""Verifying a whole exported log (C2SP tlog-tiles layout): checkpoint, every tile, every entry, and nothing besides."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

from upheld.ledger import ed25519, tiles, tree
from upheld.ledger.checkpoint import MAX_NOTE_BYTES, Checkpoint, MalformedCheckpoint, UntrustedCheckpoint, VerifySignature
from upheld.ledger.profile import MAX_BYTES
from upheld.ledger.tiles import WIDTH, MalformedTile, Tile
from upheld.ledger.tree import HASH_BYTES
from upheld.ledger.verify import anchored, shards, stamps
from upheld.ledger.verify.entries import EntryChecks
from upheld.ledger.verify.layout import HoldsEntries, Layout, Unreadable
from upheld.ledger.verify.report import Rejected, Report
from upheld.ledger.verify.rotations import Rotations
from upheld.ledger.verify.trust import Trust, Trusted

CHECKPOINT = "checkpoint"


def verify(
    layout: Layout,
    origin: str,
    trusted: Trusted,
    held: Sequence[bytes] = (),
    *,
    hashes_only: bool = False,
    now: datetime | None = None,
    previous: Sequence[bytes] = (),
    verify_signature: VerifySignature = ed25519.verify,
) -> Report:
    """Return what holds of the export in `layout`, said to be the log `origin`, by a policy, or by keys that are trusted for it.

    `held` are signed checkpoints kept from before: the export must go on from each; `previous` are those kept of the
    shard before, which its first entry must name. `hashes_only` leaves out what
    entries say, at a fifth of the time, and the report says so.
    """
    report = Report()
    try:
        names = layout.names()  # first: it refuses links, pipes and devices, which reading might wait for
        trust = Trust(trusted, origin, now, verify_signature)
        checkpoint = trust.accept(layout.read(CHECKPOINT, MAX_NOTE_BYTES), layout)
        report.origin, report.size, report.root = checkpoint.origin, checkpoint.size, checkpoint.root.hex()
        before = _of_one_history([_not_beyond(checkpoint, trust.accept(note, layout)) for note in held])
        _require_members(names, checkpoint.size)
        report.checked.append("exactly the tiles and entry bundles of that size are there")
        checks = None if hashes_only else EntryChecks(origin)
        _Recomputation(layout, checkpoint, before, checks, trust.rotations).run()
        _conclude(report, before, checks)
        for old in previous:
            shards.verify(layout, checkpoint.size, old, trust.policy, trust.now, report)
        stamped_at = anchored.verify(layout, names, checkpoint, trust.policy, trust.now, report)
        trust.conclude(report, stamped_at)
    except (Unreadable, Rejected, MalformedCheckpoint, UntrustedCheckpoint, MalformedTile, tree.MalformedHash) as error:
        report.failed.append(str(error))
    return report


def _conclude(report: Report, before: Sequence[Checkpoint], checks: EntryChecks | None) -> None:
    report.checked.append(f"{report.size:,} entries hash to every tile and to the root")
    if before:
        report.checked.append(f"it goes on from {len(before):,} earlier checkpoints, the last at {max(old.size for old in before):,}")
    if checks is None:
        report.skipped.append("what the entries say: canonical form, members, ids, and whether any was left out (hashes only)")
    elif checks.wrong:
        report.failed.extend(checks.wrong)
    else:
        report.checked.append("every entry is canonical, well-formed, of this log, there once, and none was left out")


def _not_beyond(now: Checkpoint, old: Checkpoint) -> Checkpoint:
    """Return `old`, a checkpoint held from before, unless `now` is smaller, or another tree of the same size."""
    if old.size > now.size:
        raise Rejected(f"a checkpoint held from before has {old.size:,} entries and this export {now.size:,}: entries were taken back")
    if old.size == now.size and old.root != now.root:
        raise Rejected(f"two signed checkpoints of {old.size:,} entries have different roots: the log was forked")
    return old


def _of_one_history(held: list[Checkpoint]) -> list[Checkpoint]:
    """Return `held` unless two of them are different trees of one size."""
    roots: dict[int, bytes] = {}
    for each in held:
        if roots.setdefault(each.size, each.root) != each.root:
            raise Rejected(f"two checkpoints held from before, of {each.size:,} entries, have different roots: the log was forked")
    return held


def _require_members(names: Sequence[str], size: int) -> None:
    """Raise `Rejected` unless `names` are exactly the members of an export of `size` entries."""
    for name in names:
        if name != CHECKPOINT and not _belongs(name, size) and not stamps.member(name):
            raise Rejected(f"{name[:80]!r} is no part of an export of {size:,} entries")
    found = set(names)
    for expected in (tiles.hash_tiles(size), tiles.bundles(size)):
        for tile in expected:
            if tile.path not in found:
                raise Rejected(f"{tile.path} is missing")


def _belongs(name: str, size: int) -> bool:
    try:
        tile = tiles.parse_path(name)
    except MalformedTile:
        return False
    hashes = size >> (max(tile.level, 0) * tiles.HEIGHT)
    return tile.width == min(WIDTH, hashes - tile.n * WIDTH)


class _Recomputation:
    """Hashes every entry, rebuilds each level of tiles from the one below, and compares with what is there."""

    def __init__(
        self, layout: Layout, checkpoint: Checkpoint, before: Sequence[Checkpoint], checks: EntryChecks | None, rotations: Rotations
    ) -> None:
        self._layout = layout
        self._rotations = rotations
        self._checkpoint = checkpoint
        self._before = {old.size: old for old in before}
        self._sizes = sorted(self._before)
        self._checks = checks
        self._pending: list[list[bytes]] = [[]]  # by level, the hashes since its last full tile
        self._counts = [0]  # by level, its full tiles so far

    def run(self) -> None:
        """Raise `Rejected` at the first tile, or root, that differs."""
        for bundle in tiles.bundles(self._checkpoint.size):
            data, entries = self._read(bundle)
            self._rotations.look_through(data, entries, bundle.n * WIDTH)
            if self._checks is not None:
                for entry in entries:
                    self._checks.look(entry)
            self._take(bundle.n * WIDTH, tree.leaf_hashes(entries))
            self._complete(0)
        for level, hashes in enumerate(self._pending):
            if hashes:
                self._compare_tile(Tile(level, self._counts[level], len(hashes)), b"".join(hashes))
        if self._root() != self._checkpoint.root:
            raise Rejected(f"the entries give the root {self._root().hex()}, the checkpoint says {self._checkpoint.root.hex()}")

    def _read(self, bundle: Tile) -> tuple[bytes, list[bytes]]:
        """Return a bundle's bytes (at least those of its entries), and its entries."""
        if isinstance(self._layout, HoldsEntries):
            entries = self._layout.entries(bundle)
            return b"".join(entries), entries
        data = self._layout.read(bundle.path, bundle.width * (2 + MAX_BYTES))
        return data, tiles.unbundle(data, bundle.width)

    def _complete(self, level: int) -> None:
        """Where `level` has 256 hashes, compare the tile and hand its root to the level above."""
        hashes = self._pending[level]
        if len(hashes) < WIDTH:
            return
        tile = b"".join(hashes)
        self._compare_tile(Tile(level, self._counts[level]), tile)
        self._pending[level] = []
        self._counts[level] += 1
        if level + 1 == len(self._pending):
            self._pending.append([])
            self._counts.append(0)
        self._pending[level + 1].append(tiles.tile_root(tile))
        self._complete(level + 1)

    def _compare_tile(self, tile: Tile, computed: bytes) -> None:
        if self._layout.read(tile.path, tile.width * HASH_BYTES) != computed:
            below = "its entries" if tile.level == 0 else "the tiles below it"
            raise Rejected(f"{tile.path} is not what {below} hash to")

    def _take(self, start: int, hashes: list[bytes]) -> None:
        """Go on with leaf `hashes` from index `start`, comparing with every checkpoint held from before that ends among them."""
        for size in self._sizes[bisect_right(self._sizes, start) : bisect_right(self._sizes, start + len(hashes))]:
            self._pending[0] = hashes[: size - start]
            if self._root() != self._before[size].root:
                raise Rejected(f"the first {size:,} entries are not those of the checkpoint held from before: the log was forked")
        self._pending[0] = hashes

    def _root(self) -> bytes:
        """Return the root of what was taken so far: complete subtrees of each level's rest, folded from the right."""
        peaks: list[bytes] = []
        for hashes in reversed(self._pending):
            peaks += _peaks(hashes)
        found = peaks.pop() if peaks else tree.EMPTY_ROOT
        while peaks:
            found = tree.node_hash(peaks.pop(), found)
        return found


def _peaks(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the roots of the largest complete subtrees over `hashes`, left to right."""
    found, start, layers = [], 0, tiles.expand(b"".join(hashes))
    for height in range(len(layers) - 1, -1, -1):
        if len(hashes) >> height & 1:
            at = (start >> height) * HASH_BYTES
            found.append(layers[height][at : at + HASH_BYTES])
            start += 1 << height
    return found
