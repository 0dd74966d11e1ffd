"""Reading the ledger: an entry with its proof, and the whole log verified in place, by the verifier's own code."""

from collections.abc import Sequence
from dataclasses import dataclass

from upheld.ledger import anchors, guards, keys, models, outbox, tiles, tree
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.checkpoint import VerificationKey
from upheld.ledger.proof import Proof
from upheld.ledger.store import NoEntry, NotAsSigned, StoredLog
from upheld.ledger.tiles import ENTRIES, WIDTH, Tile, TiledNodes
from upheld.ledger.verify import export
from upheld.ledger.verify.layout import Unreadable
from upheld.ledger.verify.report import Report
from upheld.ledger.verify.trust import Trusted


def prove(log: StoredLog, index: int, nodes: TiledNodes | None = None) -> Proof:
    """Return the proof that entry `index` is in `log` under its last checkpoint. Raises `NoEntry` or `NotAsSigned`.

    `nodes` (of `log.nodes`) keeps tiles from one call to the next: some 40 us instead of 400.
    """
    signed = log.checkpoint()
    if signed is None or index >= signed[0]:
        if index >= (placed := log.size()):
            raise NoEntry(f"{log.origin} has no entry {index}: {placed:,} are placed so far")
        raise NoEntry(f"entry {index} of {log.origin} is not under a checkpoint yet: run `upheld ledger checkpoint`")
    return prove_under(log, index, signed[1].encode(), nodes)


def prove_under(log: StoredLog, index: int, note: bytes, nodes: TiledNodes | None = None) -> Proof:
    """Return the proof that entry `index` is in `log` under the checkpoint `note`; it was verified. Raises `NoEntry` or `NotAsSigned`."""
    signed = checkpoints.parse(note)[0]
    nodes = nodes or log.nodes_under(signed)
    nodes.grow(signed.size)
    entry = log.entry(index)
    try:
        path = tree.inclusion_proof(index, signed.size, nodes)
        tree.verify_inclusion(tree.leaf_hash(entry), index, signed.size, path, signed.root)
    except (tree.InvalidProof, tree.MalformedHash) as error:
        raise NotAsSigned(
            f"entry {index} of {log.origin} is not as it was signed: {error}; `upheld ledger verify` says what differs"
        ) from error
    return Proof(index, path, note, entry)


def verify(log: StoredLog, trusted: Trusted | VerificationKey, kept: Sequence[bytes] = (), *, hashes_only: bool = False) -> Report:
    """Return what holds of `log` where it is stored: as an export is verified, with every checkpoint so far, and its guards.

    `kept` are checkpoints that somebody kept elsewhere.
    """
    signed = log.checkpoint()
    if signed is None:
        return Report(origin=log.origin, failed=[f"{log.origin} has no checkpoint yet: run `upheld ledger checkpoint`"])
    size, note = signed
    notes = models.Checkpoint.objects.filter(log=log.number, size__lt=size).order_by("size").values_list("note", flat=True)
    held = [*(old.encode() for old in notes), *kept]
    layout = StoredLayout(log, size, anchors.note(log, size, note).encode())
    by = [trusted] if isinstance(trusted, VerificationKey) else trusted
    with outbox.many_rows():
        report = export.verify(layout, log.origin, by, held, hashes_only=hashes_only, verify_signature=keys.verify_signature)
    missing = guards.missing()
    if missing:
        report.failed.append(f"guards are gone from the database: {', '.join(missing)}")
    return report


@dataclass(frozen=True)
class StoredLayout:
    """The stored log as an export would lay it out at `size`, with `note` as its checkpoint."""

    log: StoredLog
    size: int
    note: bytes

    def names(self) -> list[str]:
        """Return the path of every member."""
        return [export.CHECKPOINT, *(tile.path for row in (tiles.hash_tiles(self.size), tiles.bundles(self.size)) for tile in row)]

    def read(self, name: str, limit: int) -> bytes:
        """Return a member's bytes. Raises `Unreadable` if rows are missing."""
        if name == export.CHECKPOINT:
            return self.note
        tile = tiles.parse_path(name)
        try:
            return tiles.bundle(self.entries(tile)) if tile.level == ENTRIES else self.log.tile(tile)
        except NoEntry as error:
            raise Unreadable(str(error)) from error

    def entries(self, bundle: Tile) -> list[bytes]:
        """Return the entries of a bundle, without the way around by its bytes. Raises `Unreadable` if rows are missing."""
        try:
            return self.log.bundle(bundle.n * WIDTH, bundle.n * WIDTH + bundle.width)
        except NoEntry as error:
            raise Unreadable(str(error)) from error
