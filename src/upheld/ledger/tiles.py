"""Tiles: the tree cut into immutable pieces of 256 hashes (C2SP tlog-tiles). Pure, standard library only."""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from upheld.ledger.tree import HASH_BYTES, MalformedHash

WIDTH = 256
HEIGHT = 8  # of a tile, in levels of the tree
ENTRIES = -1  # the "level" of entry bundles

_PATH = re.compile(r"tile/(entries|0|[1-9]\d?)/((?:x\d{3}/)*)(\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)


class MalformedTile(ValueError):
    """A tile, bundle or path that is not as C2SP tlog-tiles has it."""


class Tile(NamedTuple):
    """Which tile: its level (`ENTRIES` for an entry bundle), its index there, and how many hashes of it are meant."""

    level: int
    n: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Return its path below the log's prefix, such as `tile/0/x001/234.p/17`."""
        text = f"{self.n % 1000:03d}"
        rest = self.n // 1000
        while rest:
            text = f"x{rest % 1000:03d}/{text}"
            rest //= 1000
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{text}" + ("" if self.width == WIDTH else f".p/{self.width}")


def parse_path(path: str) -> Tile:
    """Return the tile that `path` names. Raises `MalformedTile` for any path that `Tile.path` does not write."""
    found = _PATH.fullmatch(path)
    if not found:
        raise MalformedTile(f"{path[:80]!r} is no path of a tile")
    level, upper, last, width = found.groups()
    n = int("".join(re.findall(r"\d{3}", upper)) + last)
    tile = Tile(ENTRIES if level == "entries" else int(level), n, int(width or WIDTH))
    if tile.path != path or tile.level > 63:
        raise MalformedTile(f"{path[:80]!r} is no path of a tile")
    return tile


def hash_tiles(size: int) -> Iterator[Tile]:
    """Yield every hash tile of a tree of `size` leaves, level by level; the last of a level may be partial."""
    level, width = 0, size
    while width:
        yield from _row(level, width)
        level, width = level + 1, width >> HEIGHT


def bundles(size: int) -> Iterator[Tile]:
    """Yield every entry bundle of a log of `size` entries."""
    return _row(ENTRIES, size)


def _row(level: int, hashes: int) -> Iterator[Tile]:
    for n in range(hashes // WIDTH):
        yield Tile(level, n)
    if hashes % WIDTH:
        yield Tile(level, hashes // WIDTH, hashes % WIDTH)


def tile_root(tile: bytes) -> bytes:
    """Return the root over the 256 hashes of a full tile: the hash that stands for it one level up. Raises `MalformedHash`."""
    if len(tile) != WIDTH * HASH_BYTES:
        raise MalformedHash(f"a full tile is {WIDTH * HASH_BYTES} bytes, not {len(tile)}")
    return expand(tile)[HEIGHT]


def expand(tile: bytes) -> list[bytes]:
    """Return the hashes at each height above those of `tile` (0: itself), joined; only of complete subtrees."""
    if len(tile) % HASH_BYTES:
        raise MalformedHash(f"a tile of {len(tile)} bytes is not made of hashes")
    layers, layer = [tile], tile
    while len(layer) >= 2 * HASH_BYTES:
        pairs = range(0, len(layer) - 2 * HASH_BYTES + 1, 2 * HASH_BYTES)
        layer = b"".join([sha256(b"\x01" + layer[at : at + 2 * HASH_BYTES]).digest() for at in pairs])
        layers.append(layer)
    return layers


class TiledNodes:
    """A `NodeSource` over tiles of a tree of `size` leaves; full tiles are kept expanded, the `keep` last used (16 KiB each)."""

    def __init__(self, read: Callable[[Tile], bytes], size: int, keep: int = 256) -> None:
        """Read tiles by `read`, which must return `width` hashes."""
        self._read = read
        self.size = size
        self._keep = keep
        self._expanded: OrderedDict[Tile, list[bytes]] = OrderedDict()
        self._edge: dict[tuple[int, int], bytes] = {}

    def know_edge(self, peaks: Sequence[bytes]) -> None:
        """Take `peaks`, the roots of the tree's complete subtrees, for known: no tile is read to find them."""
        heights = [height for height in range(self.size.bit_length() - 1, -1, -1) if self.size >> height & 1]
        self._edge = {(height, (self.size >> height) - 1): peak for height, peak in zip(heights, peaks, strict=True)}

    def grow(self, size: int) -> None:
        """Go on with a tree of `size` leaves; full tiles never change, so that what is kept stays true."""
        self.size = size

    def __call__(self, height: int, index: int) -> bytes:
        """Return the hash of the complete subtree `index` at `height`. Raises `MalformedHash` if the tile is short."""
        if (known := self._edge.get((height, index))) is not None:
            return known
        level, above = divmod(height, HEIGHT)
        n, offset = divmod(index << above, WIDTH)
        tile = Tile(level, n, min(WIDTH, (self.size >> (level * HEIGHT)) - n * WIDTH))
        at = (offset >> above) * HASH_BYTES
        layers = self._layers(tile)
        found = layers[above][at : at + HASH_BYTES] if above < len(layers) else b""
        if len(found) != HASH_BYTES:
            raise MalformedHash(f"{tile.path} does not reach the node {index} at height {height}")
        return found

    def _layers(self, tile: Tile) -> list[bytes]:
        layers = self._expanded.get(tile)
        if layers is None:
            layers = self._expanded[tile] = expand(self._read(tile))
            if len(self._expanded) > self._keep:
                self._expanded.popitem(last=False)
        else:
            self._expanded.move_to_end(tile)
        return layers


def bundle(entries: list[bytes]) -> bytes:
    """Return the entry bundle of `entries`: each after its length as a big-endian uint16."""
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def unbundle(data: bytes, width: int) -> list[bytes]:
    """Return the `width` entries of a bundle. Raises `MalformedTile` if there are more, fewer, or trailing bytes."""
    found, at, size = [], 0, len(data)
    while at + 2 <= size:
        start = at + 2
        at = start + (data[at] << 8 | data[at + 1])
        found.append(data[start:at])
    if at != size:
        raise MalformedTile("the entry bundle ends in the middle of an entry")
    if len(found) != width:
        raise MalformedTile(f"the entry bundle holds {len(found)} entries, not {width}")
    return found
