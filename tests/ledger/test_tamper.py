"""What a verifier must reject: every case with its reason in words, and every single byte of a small export."""

import os
import shutil
import zipfile
from pathlib import Path

import pytest
from tests.ledger.forging import GENUINE, IDS, LAST, OWNER, REWRITTEN, SIZE, Change, Memory, logged, members, replace, verified, write_zip
from tests.ledger.given import ORIGIN, Ledger
from tests.ledger.test_canonical import HOSTILE

from upheld.ledger import ed25519, keys
from upheld.ledger.keys import FileSigner
from upheld.ledger.tiles import Tile
from upheld.ledger.verify import __main__ as verifier
from upheld.ledger.verify import export, layout
from upheld.ledger.verify.report import Report

STEP = 1 if os.environ.get("UPHELD_EVERY_BYTE") == "1" else 5  # between bytes of the zip file that are flipped
# Beyond those with a number, which are in `test_attacks`.
FILES: dict[str, Change] = {
    "trailing bytes in a tile": lambda made: made.update({LAST: made[LAST] + bytes(32)}),
    "a bundle missing": lambda made: made.pop("tile/entries/001"),
    "a partial tile of another width": lambda made: made.update({Tile(0, 2, 3).path: made[LAST][:96]}),
    "an absolute member": lambda made: made.update({"/etc/passwd": b"x"}),
    "a member with a backslash": lambda made: made.update({"tile\\0\\000": b"x"}),
    "a member more": lambda made: made.update({"README": b"trust me"}),
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


def test_no_flipped_bit_of_the_zip_file_itself_is_taken_for_another_log_or_crashes(tmp_path: Path) -> None:
    data = write_zip(tmp_path / "export.zip", members(GENUINE[:3]).items()).read_bytes()
    root, path, rejected = export_report(tmp_path / "export.zip").root, tmp_path / "flipped.zip", 0
    for at in range(0, len(data), STEP):
        path.write_bytes(_flipped(data, at, 1 << at % 8))
        report = export_report(path)
        # What is said about files beside their bytes (dates, say) is no part of the log.
        assert report.failed or report.root == root, at
        rejected += not report.holds
    assert rejected > len(data) // STEP // 2


def export_report(path: Path) -> Report:
    """Return what the verifier says of the export at `path`, by the faster verification of signatures."""
    try:
        with layout.opened(path) as found:
            return export.verify(found, ORIGIN, [OWNER.key], verify_signature=keys.verify_signature)
    except layout.Unreadable as error:
        return Report(failed=[str(error)])


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
