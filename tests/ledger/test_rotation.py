"""Rotating the signing key: both keys sign, each signs its own sizes, and whoever trusts one of them can follow."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from tests.ledger.given import ORIGIN, Ledger, kinds

from upheld import clock
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import hardware, keys, models, policy, reading, rotating, rotation, sequencer, signers
from upheld.ledger.checkpoint import Checkpoint, MalformedCheckpoint, Signature, UntrustedCheckpoint, VerificationKey
from upheld.ledger.continuity import key_directory
from upheld.ledger.keys import FileSigner
from upheld.ledger.rotation import KeyRange, Rotation, UntrustedRotation, follow
from upheld.ledger.verify import __main__ as verifier

NOW = clock.now()
FIRST, SECOND, THIRD, STRANGER = (FileSigner(ORIGIN, bytes([n] * 32)) for n in range(1, 5))


def statement(old: FileSigner, new: FileSigner, size: int, signers: tuple[FileSigner, ...] | None = None) -> bytes:
    stated = Rotation(ORIGIN, size, old.key, new.key)
    by = (old, new) if signers is None else signers
    return rotation.note(stated, [Signature(s.key.name, s.key.id, s.sign(stated.text().encode())) for s in by]).encode()


def stated(old: FileSigner, new: FileSigner, size: int) -> Rotation:
    return rotation.parse(statement(old, new, size))


def test_the_new_key_signs_what_comes_after_and_the_old_ones_file_is_gone(ledger: Ledger) -> None:
    old = ledger.key
    ledger.grow(5)
    done = rotating.rotate("yearly")
    assert (done.old, done.size) == (old, 6)
    assert ledger.key == done.new != old
    assert done.sequenced.size == 7
    assert kinds(ledger)[6] == "key.rotated"
    checkpoints.verify(done.sequenced.note.encode(), ORIGIN, [done.new])
    with pytest.raises(UntrustedCheckpoint):
        checkpoints.verify(done.sequenced.note.encode(), ORIGIN, [old])
    files = [path.name for path in key_directory().iterdir() if path.name.endswith(".key")]
    assert files == [f"example.com_ledger_main_1.{done.new.id.hex()}.key"]
    assert stat.S_IMODE((key_directory() / files[0]).stat().st_mode) == 0o600
    assert sequencer.status().wrong == ()


def test_a_log_rotated_twice_verifies_whole_from_any_of_its_keys(ledger: Ledger, tmp_path: Path) -> None:
    first = ledger.key
    ledger.grow(3)
    held = [sequencer.sequence().note.encode()]
    second = rotating.rotate("yearly").new
    held.append(ledger.grow(300).note.encode())
    third = rotating.rotate("yearly").new
    held.append(ledger.grow(3).note.encode())
    path = ledger.export(tmp_path / "log.zip")
    for key in (first, second, third):
        for hashes_only in (False, True):
            report = verifier.verify(path, ORIGIN, [key], held, hashes_only=hashes_only)
            assert (report.holds, report.failed) == (True, [])
            assert "rotations of the key: 2, each signed by both keys" in report.checked
    assert reading.verify(ledger.log, signers.policy(ledger.log)).failed == []
    assert reading.verify(ledger.log, third).failed == []
    assert [each.until for each in signers.policy(ledger.log).keys] == [4, 305, None]


def test_a_key_of_somebody_else_does_not_follow(ledger: Ledger, tmp_path: Path) -> None:
    rotating.rotate("yearly")
    stranger = replace(STRANGER.key, name=ORIGIN)
    report = verifier.verify(ledger.export(tmp_path / "log.zip"), ORIGIN, [stranger])
    assert report.failed == ["the checkpoint is signed by none of the trusted keys"]


def test_a_proof_is_followed_by_the_statement_alone(ledger: Ledger, tmp_path: Path) -> None:
    old = ledger.key
    [entry_id] = ledger.append(1)
    done = rotating.rotate("yearly")
    proof = tmp_path / "entry.tlog-proof"
    proof.write_bytes(reading.prove(ledger.log, ledger.log.index_of(entry_id)).text())
    assert not verifier.verify(proof, ORIGIN, [old]).holds
    trusted = policy.trusting([old]).followed([rotation.parse(done.note.encode())])
    assert verifier.verify(proof, ORIGIN, trusted).holds


def test_an_interrupted_rotation_is_completed_by_the_next_call(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    old = ledger.key
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(rotating, "finish", lambda log: (_ for _ in ()).throw(KeyboardInterrupt))
        rotating.rotate("yearly")
    assert ledger.key != old
    assert [path.name for path in signers.retired(ledger.log)] == ["example.com_ledger_main_1.key"]
    done = rotating.finish(ledger.log)
    checkpoints.verify(done.note.encode(), ORIGIN, [ledger.key])
    assert signers.retired(ledger.log) == []


def test_a_second_rotation_waits_for_the_first_to_be_completed(ledger: Ledger) -> None:
    size = ledger.grow(1).size
    with pytest.raises(rotating.Rotating, match="upheld ledger checkpoint"):
        models.SigningKey.objects.create(log=0, after=size, key=ledger.key.text(), note=statement(FIRST, SECOND, size).decode())
        rotating._signed_size(ledger.log)


def test_a_row_forged_in_the_database_removes_no_key_that_is_in_force(ledger: Ledger) -> None:
    new = rotating.rotate("yearly").new
    models.SigningKey.objects.create(log=0, after=0, key=SECOND.key.text(), note=statement(FIRST, SECOND, 0).decode())
    assert signers.retired(ledger.log) == []
    assert signers.place(ledger.log).name.endswith(f"{new.id.hex()}.key")


def test_a_rotation_that_was_rolled_back_leaves_the_old_key_in_force(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    old = ledger.key
    with monkeypatch.context() as patch, pytest.raises(OSError, match="disk full"):
        patch.setattr(models.SigningKey.objects, "create", lambda **_: (_ for _ in ()).throw(OSError("disk full")))
        rotating.rotate("yearly")
    assert (ledger.key, ledger.grow(1).size) == (old, 2)


def test_a_row_that_names_another_key_is_told(ledger: Ledger) -> None:
    ledger.grow(1)
    note = statement(FIRST, SECOND, 2).decode()
    models.SigningKey.objects.create(log=0, after=2, key=SECOND.key.text(), note=note)
    assert "is gone from" in sequencer.status().wrong[0]
    place = signers.new_place(ORIGIN, SECOND.key.id.hex(), ".key")
    keys.create(place, ORIGIN)
    assert "is in force" in sequencer.status().wrong[0]


def test_retired_keys_sign_nothing_more_and_new_ones_nothing_older() -> None:
    trusted = policy.trusting([FIRST.key]).followed([stated(FIRST, SECOND, 10)])
    for signer, size, good in ((FIRST, 10, True), (FIRST, 11, False), (SECOND, 11, True), (SECOND, 10, False)):
        note = keys.sign(Checkpoint(ORIGIN, size, bytes(32)), signer).encode()
        if good:
            assert trusted.verify(note, ORIGIN, NOW).key == signer.key
        else:
            with pytest.raises(UntrustedCheckpoint, match="it was rotated"):
                trusted.verify(note, ORIGIN, NOW)


def test_ranges_are_followed_in_both_directions() -> None:
    chain = [stated(SECOND, THIRD, 20), stated(FIRST, SECOND, 10)]
    wanted = (KeyRange(FIRST.key, -1, 10), KeyRange(SECOND.key, 10, 20), KeyRange(THIRD.key, 20, None))
    for known in (FIRST, SECOND, THIRD):
        assert follow([KeyRange(known.key)], chain) == wanted
    assert follow([KeyRange(STRANGER.key)], chain) == (KeyRange(STRANGER.key),)


@pytest.mark.parametrize(
    ("known", "rotations", "why"),
    [
        ([KeyRange(FIRST.key)], [(FIRST, SECOND, 10), (FIRST, THIRD, 10)], "two successors"),
        ([KeyRange(FIRST.key)], [(FIRST, SECOND, 10), (FIRST, THIRD, 12)], "contradicts"),
        ([KeyRange(FIRST.key, -1, 5)], [(FIRST, SECOND, 10)], "contradicts"),
        ([KeyRange(FIRST.key), KeyRange(SECOND.key, 9)], [(FIRST, SECOND, 10)], "contradicts"),
        ([KeyRange(FIRST.key, 10)], [(FIRST, SECOND, 10)], "contradicts"),
        ([KeyRange(FIRST.key, -1, 10), KeyRange(THIRD.key, 10)], [(FIRST, SECOND, 10)], "two successors"),
    ],
)
def test_what_contradicts_is_refused(known, rotations, why) -> None:
    with pytest.raises(UntrustedRotation, match=why):
        follow(known, [stated(*each) for each in rotations])


@pytest.mark.parametrize(
    ("note", "why"),
    [
        (statement(FIRST, SECOND, 10, (SECOND,)), "not signed by the old key"),
        (statement(FIRST, SECOND, 10, (FIRST,)), "not signed by the new key"),
        (statement(FIRST, SECOND, 10, (FIRST, STRANGER)), "not signed by the new key"),
        (statement(FIRST, SECOND, 10).replace(b"\n10\n", b"\n11\n"), "does not fit"),
        (statement(FIRST, SECOND, 10).replace(b"\n10\n", b"\n010\n"), "a rotation is"),
        (statement(FIRST, FIRST, 10), "to itself"),
        (keys.sign(Checkpoint(ORIGIN, 1, bytes(32)), FIRST).encode(), "a rotation is"),
        (statement(FIRST, FileSigner("example.com/ledger/other/1", bytes(32)), 3), "not named as its log"),
        (b"", "blank line"),
    ],
)
def test_a_statement_that_is_none_is_refused(note, why) -> None:
    with pytest.raises((UntrustedRotation, MalformedCheckpoint), match=why):
        rotation.parse(note)


def test_a_weak_key_takes_over_from_nobody() -> None:
    identity = bytes([1]) + bytes(31)
    text = Rotation(ORIGIN, 3, FIRST.key, SECOND.key).text()
    line = SECOND.key.text()
    forged = VerificationKey.__new__(VerificationKey)
    for name, value in (("name", ORIGIN), ("public", identity), ("type", 1)):
        object.__setattr__(forged, name, value)
    note = text.replace(line, forged.text()) + "\n" + Signature(ORIGIN, FIRST.key.id, bytes(64)).line()
    with pytest.raises(MalformedCheckpoint, match="small order"):
        rotation.parse(note.encode())


def test_a_place_that_names_no_token_is_told(tmp_path: Path) -> None:
    path = tmp_path / "log.pkcs11"
    path.touch(mode=0o600)
    path.write_text('{"module": "/x"}')
    with pytest.raises(checkpoints.MalformedKey):
        hardware.load(path)
    path.chmod(0o644)
    with pytest.raises(keys.KeyExposed):
        hardware.load(path)


def test_what_older_keys_signed_is_still_known_as_ours_from_the_key_directory_alone(ledger: Ledger) -> None:
    first = ledger.key
    second = rotating.rotate("yearly").new
    third = rotating.rotate("yearly").new
    assert signers.known() == [first, second, third]
    signer = signers.signer_of(ORIGIN)
    assert signer is not None
    assert (signer.key, signers.signer_of("nobody.example/ledger/main/1")) == (third, None)
    for path in key_directory().glob("*.rotation"):
        path.write_bytes(path.read_bytes().replace(b"/main/1", b"/main/2", 1))
    assert signers.known() == [third]
