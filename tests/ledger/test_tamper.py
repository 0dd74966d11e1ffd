"""What a verifier must reject: every case with its reason in words, and every single byte of a small export."""

import os
import shutil
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from tests.ledger.given import ORIGIN, Ledger
from tests.ledger.test_canonical import HOSTILE

from upheld.ledger import canonical, checkpoint, ed25519, entry, identifier, keys, tiles, tree
from upheld.ledger.checkpoint import Checkpoint, Signature
from upheld.ledger.entry import Entry, Party
from upheld.ledger.keys import FileSigner
from upheld.ledger.tiles import ENTRIES, Tile
from upheld.ledger.verify import __main__ as verifier
from upheld.ledger.verify import export
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
FILES: dict[str, Change] = {
    "a bit of an entry flipped": flip("tile/entries/000", 100),
    "a verdict rewritten and its tile recomputed": replace(REWRITTEN, "tile/entries/001", "tile/0/001"),
    "the whole tree recomputed under the old checkpoint": replace(REWRITTEN, "tile/entries/001", "tile/0/001", Tile(1, 0, 2).path),
    "… and signed by another key of the same name": replace(REWRITTEN, signer=STRANGER),
    "… and stamped with the real key's id": stamped,
    "two entries swapped": replace(SWAPPED, "tile/entries/000"),
    "the last entries dropped": lambda made: made.update({LAST_BUNDLE: made[LAST_BUNDLE][:-50]}),
    "trailing bytes in a bundle": lambda made: made.update({LAST_BUNDLE: made[LAST_BUNDLE] + b"\x00\x00"}),
    "trailing bytes in a tile": lambda made: made.update({LAST: made[LAST] + bytes(32)}),
    "a tile missing": lambda made: made.pop("tile/0/001"),
    "a bundle missing": lambda made: made.pop("tile/entries/001"),
    "a tile of level 1 altered": flip(Tile(1, 0, 2).path, 5),
    "a partial tile padded to a full one": lambda made: made.update({"tile/0/002": made.pop(LAST) + bytes(32 * (768 - SIZE))}),
    "a partial tile of another width": lambda made: made.update({Tile(0, 2, 3).path: made[LAST][:96]}),
    "a member that climbs out": lambda made: made.update({"../../x": b"x"}),
    "an absolute member": lambda made: made.update({"/etc/passwd": b"x"}),
    "a member with a backslash": lambda made: made.update({"tile\\0\\000": b"x"}),
    "a member more": lambda made: made.update({"README": b"trust me"}),
    "a member of 200 MB": lambda made: made.update({"tile/0/000": bytes(200_000_000)}),
    "no checkpoint": lambda made: made.pop("checkpoint"),
    "a checkpoint of another size": replace(GENUINE[:-1], "checkpoint"),
    "a checkpoint of another log": lambda made: made.update(
        members(GENUINE, FileSigner("example.com/x", bytes(range(32))), "example.com/x")
    ),
}


@pytest.mark.parametrize("change", FILES.values(), ids=FILES)
def test_an_export_that_was_tampered_with_is_rejected_with_a_reason(tmp_path: Path, change: Change) -> None:
    made = members(GENUINE)
    change(made)
    report = verified(write_zip(tmp_path / "export.zip", made.items()))
    assert not report.holds
    assert report.failed[0]


def test_the_genuine_one_is_accepted_as_zip_and_as_folder(tmp_path: Path) -> None:
    made = members(GENUINE)
    write_zip(tmp_path / "export.zip", made.items())
    for name, data in made.items():
        path = tmp_path / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for path in (tmp_path / "export.zip", tmp_path / "folder"):
        report = verified(path)
        assert (report.holds, report.failed, report.skipped, report.size) == (True, [], [], SIZE)


def test_links_doubles_and_encrypted_members_are_rejected(tmp_path: Path) -> None:
    made = members(GENUINE)
    link = zipfile.ZipInfo("tile/0/000")
    link.external_attr = 0o120777 << 16
    others = [(name, data) for name, data in made.items() if name != "tile/0/000"]
    with pytest.warns(UserWarning, match="Duplicate"):
        write_zip(tmp_path / "double.zip", [*made.items(), ("tile/0/000", made["tile/0/000"])])
    write_zip(tmp_path / "link.zip", [*others, (link, b"checkpoint")])
    data = bytearray(write_zip(tmp_path / "encrypted.zip", made.items()).read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "encrypted.zip").write_bytes(bytes(data))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "checkpoint").write_bytes(made["checkpoint"])
    (folder / "tile").symlink_to("/etc/passwd")
    for name, reason in {"double.zip": "twice", "link.zip": "a link", "encrypted.zip": "encrypted", "folder": "a link"}.items():
        report = verified(tmp_path / name)
        assert not report.holds
        assert reason in report.failed[0]


def test_a_pipe_in_place_of_the_checkpoint_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "folder" / "checkpoint")
    assert "plain files only" in verified(tmp_path / "folder").failed[0]


def test_a_truncated_zip_file_is_rejected_wherever_it_ends(tmp_path: Path) -> None:
    whole = write_zip(tmp_path / "export.zip", members(GENUINE[:3]).items()).read_bytes()
    for end in range(0, len(whole), 7):
        (tmp_path / "cut.zip").write_bytes(whole[:end])
        assert not verified(tmp_path / "cut.zip").holds


def test_a_checkpoint_held_from_before_shows_rollback_and_fork(tmp_path: Path) -> None:
    newer, older, forked = (members(found)["checkpoint"] for found in (GENUINE, GENUINE[:400], REWRITTEN))
    for size in (1, 255, 256, 257, 400, 512, 699, 700):
        assert verified(write_zip(tmp_path / "now.zip", members(GENUINE).items()), members(GENUINE[:size])["checkpoint"]).holds
    write_zip(tmp_path / "older.zip", members(GENUINE[:400]).items())
    assert "taken back" in verified(tmp_path / "older.zip", newer).failed[0]
    assert "the log was forked" in verified(tmp_path / "now.zip", forked).failed[0]
    write_zip(tmp_path / "forked.zip", members([*REWRITTEN, logged(SIZE + 1)]).items())
    assert "the log was forked" in verified(tmp_path / "forked.zip", newer).failed[0]
    assert "not those of the checkpoint held" in verified(tmp_path / "forked.zip", older, newer).failed[0]


SYNTAX = {name: text for name, text in HOSTILE.items() if len(text) <= 65_535} | {
    "a list": b"[]",
    "a version nobody knows": logged(3, v=2),
    "the id of another entry": logged(3, id=IDS[1]),
    "another log": logged(3, log="example.com/ledger/other/1"),
    "a number left out": logged(3, src={"id": "app-1", "n": 4}),
    "a number repeated": logged(3, src={"id": "app-1", "n": 2}),
    "an emitter that begins at 2": logged(3, src={"id": "app-2", "n": 2}),
    "a correction of what comes later": logged(3, corrects=IDS[9]),
}


@pytest.mark.parametrize("text", SYNTAX.values(), ids=SYNTAX)
def test_an_entry_that_should_never_have_been_logged_is_named(tmp_path: Path, text: bytes) -> None:
    report = verified(write_zip(tmp_path / "export.zip", members([*GENUINE[:2], text]).items()))
    assert not report.holds
    assert report.failed[0].startswith("entry 2 ") or "entry 2 " in " ".join(report.failed)


def test_a_log_that_does_not_begin_as_it_must_is_named(tmp_path: Path) -> None:
    first = logged(1, kind="verdict.changed")
    assert "where key.created is due" in verified(write_zip(tmp_path / "1.zip", members([first]).items())).failed[0]
    second = FileSigner("example.com/ledger/main/2", bytes(range(32)))
    made = members([logged(1, log=second.key.name)], second, second.key.name)
    report = verifier.verify(write_zip(tmp_path / "2.zip", made.items()), second.key.name, [second.key])
    assert "where shard.opened is due" in report.failed[0]


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


def test_no_flipped_bit_and_no_truncation_of_any_member_is_accepted() -> None:
    genuine = members(GENUINE[:3])
    assert export.verify(Memory(genuine), ORIGIN, [OWNER.key]).holds
    for name, data in genuine.items():
        # Only the checkpoint meets the signature changed; the slower verification of our own is for it.
        verify_signature = ed25519.verify if name == "checkpoint" else keys.verify_signature
        for at in range(len(data)):
            for mutated in (_flipped(data, at, 0x01), _flipped(data, at, 0x20), data[:at]):
                report = export.verify(Memory({**genuine, name: mutated}), ORIGIN, [OWNER.key], verify_signature=verify_signature)
                assert report.failed, (name, at)


def test_the_products_own_log_verifies_in_place_and_in_every_form(ledger: Ledger, tmp_path: Path) -> None:
    ledger.grow(300)
    first = ledger.log.checkpoint()
    ledger.grow(300)
    assert first is not None
    for path in (tmp_path / "log.zip", tmp_path / "log"):
        report = verifier.verify(ledger.export(path), ORIGIN, [ledger.key], [first[1].encode()])
        assert (report.holds, report.failed, report.size) == (True, [], 601)
    shutil.rmtree(tmp_path / "log")


def _flipped(data: bytes, at: int, bits: int) -> bytes:
    return data[:at] + bytes([data[at] ^ bits]) + data[at + 1 :]
