"""Exports as a forger would make them: rightly hashed and signed, whatever they say."""

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.ledger.given import ORIGIN

from upheld.ledger import canonical, checkpoint, entry, identifier, keys, tiles, tree
from upheld.ledger.checkpoint import Checkpoint, Signature
from upheld.ledger.entry import Entry, Party
from upheld.ledger.keys import FileSigner
from upheld.ledger.tiles import ENTRIES, Tile
from upheld.ledger.verify import __main__ as verifier
from upheld.ledger.verify.report import Report

OWNER, STRANGER = FileSigner(ORIGIN, bytes(range(32))), FileSigner(ORIGIN, bytes(32))
SIZE = 700


def logged(number: int, **members: object) -> bytes:
    """Return entry `number` of the log that the cases are about."""
    at = entry.instant("2026-05-04T12:00:00.000000Z")
    kind = "key.created" if number == 1 else "verdict.changed"
    made = Entry(ORIGIN, IDS[number], at, kind, Party("system", id="upheld"), "worker", "app-1", number, {"n": number})
    return canonical.write({**made.fields(), **members})  # type: ignore[dict-item]


IDS = [identifier.new(entry.instant("2026-05-04T12:00:00.000000Z")) for _ in range(SIZE + 2)]
GENUINE = [logged(number) for number in range(1, SIZE + 1)]


def members(entries: list[bytes], signer: FileSigner = OWNER, origin: str = ORIGIN) -> dict[str, bytes]:
    """Return the members of an export of `entries`, whatever they are, rightly hashed and signed."""
    rows = [[tree.leaf_hash(data) for data in entries]]
    while len(rows[-1]) >= 256:
        rows.append([tiles.tile_root(b"".join(rows[-1][at : at + 256])) for at in range(0, len(rows[-1]) - 255, 256)])
    made = {"checkpoint": keys.sign(Checkpoint(origin, len(entries), tree.root(rows[0])), signer).encode()}
    for tile in tiles.hash_tiles(len(entries)):
        made[tile.path] = b"".join(rows[tile.level][tile.n * 256 : tile.n * 256 + tile.width])
    for tile in tiles.bundles(len(entries)):
        made[tile.path] = tiles.bundle(entries[tile.n * 256 : tile.n * 256 + tile.width])
    return made


def write_zip(path: Path, made: Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    """Write members to a zip file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in made:
            archive.writestr(name, data)
    return path


def verified(path: Path, *held: bytes) -> Report:
    """Return what the verifier says, trusting the owner's key alone."""
    return verifier.verify(path, ORIGIN, [OWNER.key], held)


Change = Callable[[dict[str, bytes]], object]
LAST = Tile(0, 2, SIZE - 512).path
LAST_BUNDLE = Tile(ENTRIES, 2, SIZE - 512).path


def flip(name: str, at: int) -> Change:
    """Return the change that flips a bit of member `name`."""

    def change(made: dict[str, bytes]) -> None:
        data = bytearray(made[name])
        data[at] ^= 4
        made[name] = bytes(data)

    return change


def replace(entries: list[bytes], *names: str, signer: FileSigner = OWNER) -> Change:
    """Return the change that takes `names` (all, if none are given) from a rightly made export of other `entries`."""
    other = members(entries, signer)
    return lambda made: made.update({name: other[name] for name in names or other})


def stamped(made: dict[str, bytes]) -> None:
    """Sign a rewritten log with a stranger's key, and put the real key's id on the signature."""
    forged = members(REWRITTEN, STRANGER)
    found, signatures = checkpoint.parse(forged["checkpoint"])
    note = checkpoint.note(found, [Signature(ORIGIN, OWNER.key.id, signatures[0].signature)])
    made.update(forged, checkpoint=note.encode())


REWRITTEN = [*GENUINE[:300], logged(301, body={"n": "upheld after all"}), *GENUINE[301:]]
SWAPPED = [GENUINE[1], GENUINE[0], *GENUINE[2:]]


class Memory:
    """An export as a dict."""

    def __init__(self, made: dict[str, bytes]) -> None:
        self._made = made

    def names(self) -> list[str]:
        """Return the members' paths."""
        return list(self._made)

    def read(self, name: str, limit: int) -> bytes:
        """Return a member."""
        return self._made[name]
