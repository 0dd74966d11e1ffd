"""Writing a log out in the layout that everybody's tools read (C2SP tlog-tiles), as a folder or a zip file."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from upheld.ledger import anchors, tiles
from upheld.ledger.store import NoEntry, StoredLog
from upheld.ledger.tiles import WIDTH

_EPOCH = (1980, 1, 1, 0, 0, 0)  # one export, one sequence of bytes


def export(log: StoredLog, path: Path, size: int | None = None) -> int:
    """Write `log` as of its checkpoint at `size` (default: the last) to `path`, and return how many entries that were.

    A name ending in .zip makes a zip file, any other a new folder. Raises `NoEntry` without such a checkpoint and
    `FileExistsError` if `path` is there already.
    """
    signed = log.checkpoint(size)
    if signed is None:
        raise NoEntry(f"{log.origin} has no checkpoint" + ("" if size is None else f" at {size} entries"))
    if path.exists():
        raise FileExistsError(f"{path} exists already: an export never overwrites")
    draft = path.with_name(path.name + ".part")
    if path.suffix == ".zip":
        with zipfile.ZipFile(draft, "x", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            _write(log, *signed, lambda name, data: archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED, 1))
    else:
        draft.mkdir(parents=True)
        _write(log, *signed, lambda name, data: _write_file(draft / name, data))
    draft.rename(path)
    return signed[0]


def _write(log: StoredLog, size: int, note: str, put: Callable[[str, bytes], object]) -> None:
    put("checkpoint", anchors.note(log, size, note).encode())
    for tile in tiles.hash_tiles(size):
        put(tile.path, log.tile(tile))
    for tile in tiles.bundles(size):
        start = tile.n * WIDTH
        put(tile.path, tiles.bundle(list(log.entries(start, start + tile.width))))
    for number, (stamped, request, answer) in enumerate(anchors.stamps(log, size), 1):
        put(f"anchors/{stamped}.{number}.tsq", request)
        put(f"anchors/{stamped}.{number}.tsr", answer)


def _write_file(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
