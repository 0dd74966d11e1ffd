"""Attacks 1 to 16: exports whose entries, tiles or files were changed."""

import warnings
from functools import partial
from pathlib import Path

from tests.ledger.forging import (
    GENUINE,
    LAST,
    LAST_BUNDLE,
    REWRITTEN,
    SIZE,
    STRANGER,
    SWAPPED,
    Change,
    flip,
    members,
    replace,
    stamped,
    verified,
    write_zip,
)

from upheld.ledger.tiles import Tile

MEMBERS = members(GENUINE)


def shown(change: Change, folder: Path) -> list[str]:
    """Return what the verifier says is wrong with the genuine export after `change`."""
    made = dict(MEMBERS)
    change(made)
    return verified(write_zip(folder / "export.zip", made.items())).failed


def rolled_back(folder: Path) -> list[str]:
    """Return what it says of an older, genuine export to somebody who holds a newer checkpoint."""
    return verified(write_zip(folder / "export.zip", members(GENUINE[:400]).items()), MEMBERS["checkpoint"]).failed


def doubled(folder: Path) -> list[str]:
    """Return what it says of a zip file with two members of one name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return verified(write_zip(folder / "export.zip", [*MEMBERS.items(), ("tile/0/000", MEMBERS["tile/0/000"])])).failed


def dropped(made: dict[str, bytes]) -> None:
    """Leave out the last 50 entries, and all that tells of them but the checkpoint."""
    note = made["checkpoint"]
    made.clear()
    made.update({**members(GENUINE[:-50]), "checkpoint": note})


FORKED = replace(REWRITTEN, "tile/entries/001", "tile/0/001", Tile(1, 0, 2).path)
CHANGES: dict[int, tuple[str, Change, str]] = {
    1: ("a bit of an entry flipped", flip("tile/entries/000", 100), "tile/0/000 is not what its entries hash to"),
    2: (
        "a verdict rewritten, its tile recomputed",
        replace(REWRITTEN, "tile/entries/001", "tile/0/001"),
        "tile/1/000.p/2 is not what the tiles",
    ),
    3: ("the whole tree recomputed under the old checkpoint", FORKED, "the checkpoint says"),
    4: ("... and signed by another key of the same name", replace(REWRITTEN, signer=STRANGER), "signed by none of the trusted keys"),
    5: ("... and stamped with the real key's id", stamped, "does not fit the checkpoint"),
    6: ("two entries swapped", replace(SWAPPED, "tile/entries/000"), "tile/0/000 is not what its entries hash to"),
    8: (
        "the last 50 entries dropped",
        dropped,
        "is no part of an export of 700",
    ),
    9: ("a bundle cut short", lambda made: made.update({LAST_BUNDLE: made[LAST_BUNDLE][:-5]}), "ends in the middle of an entry"),
    10: ("trailing bytes", lambda made: made.update({LAST_BUNDLE: made[LAST_BUNDLE] + bytes(2)}), "holds 189 entries, not 188"),
    11: ("a tile missing", lambda made: made.pop("tile/0/001"), "tile/0/001 is missing"),
    12: ("a tile of level 1 altered", flip(Tile(1, 0, 2).path, 5), "tile/1/000.p/2 is not what the tiles below it hash to"),
    13: (
        "a partial tile padded to a full one",
        lambda made: made.update({"tile/0/002": made.pop(LAST) + bytes(32 * (768 - SIZE))}),
        "'tile/0/002' is no part of an export of 700",
    ),
    14: ("a member that climbs out", lambda made: made.update({"../../x": b"x"}), "'../../x' is no part of an export"),
    16: ("a member of 200 MB", lambda made: made.update({"tile/0/000": bytes(200_000_000)}), "says it is 200,000,000 bytes long"),
}
ATTACKS = {number: (what, partial(shown, change), why) for number, (what, change, why) in CHANGES.items()} | {
    7: ("an older checkpoint than one that is held", rolled_back, "entries were taken back"),
    15: ("a member twice", doubled, "is in the zip file twice"),
}
