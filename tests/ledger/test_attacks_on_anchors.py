"""What somebody may try who holds the log, its key, an old key, or a witness: each refused, with the reason in words.

The numbers are those of a list of attacks that the ledger was designed against.
11 to 16 are in test_stamping.py, 17 and 27 in test_stamped_exports.py.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.ledger.given import ORIGIN, Ledger
from tests.ledger.others import THEIRS, OtherLog, a_witness, cosigned, numbered
from tests.ledger.test_tamper import GENUINE, OWNER, logged, members, write_zip

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import cosignature, fork, keys, policy, policy_file, proving, rotating, rotation, sequencer
from upheld.ledger.checkpoint import Checkpoint, Signature, UntrustedCheckpoint
from upheld.ledger.keys import FileSigner
from upheld.ledger.policy import MalformedPolicy, Policy, Quorum
from upheld.ledger.rotation import KeyRange, Rotation
from upheld.ledger.verify import __main__ as verifier
from upheld.ledger.verify import forks

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ONE, TWO = a_witness(1), a_witness(2)
LOG = OtherLog(numbered(20))
TRUSTED = Policy((KeyRange(LOG.signer.key),), (ONE.key, TWO.key), Quorum(2, (ONE.key, TWO.key)))


def accepted(note: bytes, by: Policy = TRUSTED) -> policy.Vouched:
    vouched = by.verify(note, THEIRS, NOW)
    by.require_quorum(vouched)
    return vouched


def refused(note: bytes, by: Policy = TRUSTED) -> str:
    with pytest.raises(UntrustedCheckpoint) as caught:
        accepted(note, by)
    return str(caught.value)


def both(note: bytes, at: int = SECONDS) -> bytes:
    return cosigned(cosigned(note, ONE, at), TWO, at)


def test_a_checkpoint_that_two_witnesses_saw_is_accepted():
    assert accepted(both(LOG.note(7))).witnessed == {ONE.key: SECONDS, TWO.key: SECONDS}


def test_case_1_two_roots_signed_for_one_size_make_a_fork_proof(tmp_path: Path):
    other = OtherLog(numbered(20, "other"))
    proof = fork.between(LOG.note(7), other.note(7), ())
    assert proof is not None
    path = tmp_path / "a.fork.json"
    path.write_bytes(proof.text())
    report = verifier.verify(path, THEIRS, [LOG.signer.key])
    assert "IT HAS TWO HISTORIES" in report.checked[-1]
    assert not verifier.verify(path, THEIRS, [OWNER.key]).holds


def test_no_fork_is_made_of_one_history_and_no_flipped_bit_of_a_proof_passes():
    assert fork.between(LOG.note(7), LOG.note(7), ()) is None
    assert fork.between(LOG.note(7), LOG.note(20), LOG.path(7, 20)) is None
    proof = fork.between(LOG.note(7), OtherLog(numbered(20, "x")).note(20), OtherLog(numbered(20, "x")).path(7, 20))
    assert proof is not None
    text = proof.text()
    assert forks.verify(text, [LOG.signer.key]).holds
    for at in range(0, len(text), 5):
        for mutated in (text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :], text[:at]):
            assert not forks.verify(mutated, [LOG.signer.key]).holds, at


@pytest.mark.parametrize(("kept", "exported"), [(7, 20), (8, 20), (16, 20), (20, 20), (1, 20)])
def test_case_2_an_export_that_does_not_go_on_from_a_kept_checkpoint_yields_a_fork_proof(ledger: Ledger, tmp_path: Path, kept, exported):
    ledger.grow(exported - 1)
    path = ledger.export(tmp_path / "log.zip")
    signer = keys.load(next((ledger.workspace.keys / "ledger").glob("*_main_1.key")))
    lied = keys.sign(Checkpoint(ORIGIN, kept, bytes(32)), signer).encode()
    (tmp_path / "kept").write_bytes(lied)
    words = ["--key", ledger.key.text()]
    proof = tmp_path / "found.fork.json"
    assert verifier.main([str(path), *words, "--held", str(tmp_path / "kept"), "--fork-proof", str(proof)]) == 1
    assert verifier.main([str(proof), *words]) == 0
    honest = ledger.log.checkpoint(exported)
    assert honest is not None
    (tmp_path / "kept").write_text(honest[1])
    proof.unlink()
    assert verifier.main([str(path), *words, "--held", str(tmp_path / "kept"), "--fork-proof", str(proof)]) == 0
    assert not proof.exists()


def test_case_2_two_kept_checkpoints_of_one_size_and_different_roots_are_a_fork_whichever_comes_last(ledger: Ledger, tmp_path: Path):
    kept = ledger.grow(3).note.encode()
    ledger.grow(3)
    path = ledger.export(tmp_path / "log.zip")
    signer = keys.load(next((ledger.workspace.keys / "ledger").glob("*_main_1.key")))
    lied = keys.sign(Checkpoint(ORIGIN, 4, bytes(32)), signer).encode()
    assert verifier.verify(path, ORIGIN, [ledger.key], [kept, kept]).holds
    for held in ([kept, lied], [lied, kept]):
        assert "have different roots: the log was forked" in verifier.verify(path, ORIGIN, [ledger.key], held).failed[0]


def test_case_3_a_retired_key_signs_nothing_beyond_its_range(ledger: Ledger, tmp_path: Path):
    old = keys.load(next((ledger.workspace.keys / "ledger").glob("*_main_1.key")))
    rotating.rotate("yearly")
    size = ledger.grow(3).size
    path = ledger.export(tmp_path / "log")
    (path / "checkpoint").write_text(keys.sign(Checkpoint(ORIGIN, size, ledger.log.root(size)), old))
    for trusted in ([old.key], [ledger.key]):
        report = verifier.verify(path, ORIGIN, trusted)
        assert "it was rotated" in report.failed[0] or "none of the trusted keys" in report.failed[0]
    assert "it was rotated" in verifier.verify(path, ORIGIN, [old.key]).failed[0]


def test_case_4_a_rotation_that_the_old_key_did_not_sign_is_refused(tmp_path: Path):
    thief = FileSigner(ORIGIN, bytes([66] * 32))
    stated = Rotation(ORIGIN, 2, OWNER.key, thief.key)
    for forger in (b"", bytes(64), thief.sign(stated.text().encode())):
        lines = [Signature(ORIGIN, thief.key.id, thief.sign(stated.text().encode()))]
        lines += [Signature(ORIGIN, OWNER.key.id, forger)] if forger else []
        entry = logged(3, kind="key.rotated", body={"note": rotation.note(stated, lines)})
        path = write_zip(tmp_path / f"{len(forger)}-{forger[:1].hex()}.zip", members([*GENUINE[:2], entry], thief).items())
        assert "none of the trusted keys" in verifier.verify(path, ORIGIN, [OWNER.key]).failed[0]
        # Also where the log is signed by the right key, the entry itself is named.
        path = write_zip(tmp_path / f"own-{len(forger)}-{forger[:1].hex()}.zip", members([*GENUINE[:2], entry]).items())
        assert "entry 2 rotates the key, and" in " ".join(verifier.verify(path, ORIGIN, [OWNER.key]).failed)


def test_case_5_a_new_key_that_nobody_trusted_handed_over_to_is_refused():
    stranger = OtherLog(LOG.leaves, seed=bytes([5] * 32))
    assert "none of the trusted keys" in refused(both(stranger.note(7)))


def test_case_6_a_cosignature_with_another_time_is_refused():
    note = both(LOG.note(7))
    checkpoint, signatures = checkpoints.parse(note)
    at = (SECONDS + 1).to_bytes(8, "big")
    moved = [Signature(s.name, s.key_id, at + s.signature[8:]) if s.name == ONE.key.name else s for s in signatures]
    assert "does not fit the checkpoint or its own time" in refused(checkpoints.note(checkpoint, moved).encode())


def test_case_7_a_cosignature_of_another_size_is_refused():
    lines = [s for s in checkpoints.parse(both(LOG.note(8)))[1] if s.name != THEIRS]
    mixed = checkpoints.parse(LOG.note(7))
    assert "does not fit" in refused(checkpoints.note(mixed[0], [*mixed[1], *lines]).encode())


def test_case_8_a_plain_signature_is_no_cosignature():
    """Also where one key serves for both: a witness that signs notes says nothing about having seen a tree."""
    body = checkpoints.parse(LOG.note(7))[0]
    plain = Signature(ONE.key.name, ONE.key.id, ONE.sign(body.text().encode()))
    assert "not a time and an Ed25519 signature" in refused(both(LOG.note(7)) + plain.line().encode())
    as_log = FileSigner(ONE.key.name, bytes([101] * 32))
    assert as_log.key.public == ONE.key.public
    unseen = LOG.note(7) + Signature(ONE.key.name, as_log.key.id, as_log.sign(body.text().encode())).line().encode()
    assert "not the quorum" in refused(cosigned(unseen, TWO, SECONDS))


def test_case_9_one_witness_under_two_names_counts_once():
    again = a_witness(1, "another.example/witness")
    with pytest.raises(MalformedPolicy, match="count twice"):
        Policy(TRUSTED.keys, (ONE.key, again.key), Quorum(2, (ONE.key, again.key)))
    twice = cosigned(cosigned(LOG.note(7), ONE, SECONDS), ONE, SECONDS + 1)
    assert "not the quorum" in refused(twice)


def test_case_10_a_witness_of_the_future_or_of_a_time_that_goes_back_is_refused():
    assert "in the future" in refused(both(LOG.note(7), SECONDS + 3600))
    seen = [accepted(both(LOG.note(size), at)) for size, at in ((7, SECONDS), (9, SECONDS - 60))]
    with pytest.raises(UntrustedCheckpoint, match="60 seconds before"):
        policy.require_forward(seen)
    policy.require_forward([accepted(both(LOG.note(size), at)) for size, at in ((9, SECONDS), (7, SECONDS - 60))])


def test_case_28_a_correction_of_what_is_not_before_it_is_refused(tmp_path: Path):
    for which in (logged(9), logged(3)):
        wrong = logged(3, corrects=json.loads(which)["id"])
        made = members([*GENUINE[:2], wrong]).items()
        report = verifier.verify(write_zip(tmp_path / f"{wrong[-60:].hex()}.zip", made), ORIGIN, [OWNER.key])
        assert "which is no earlier entry" in report.failed[0]


def test_case_37_what_travels_with_the_log_never_says_whom_to_trust(ledger: Ledger, tmp_path: Path):
    """A policy inside an export is no member of it; one beside it that contradicts the reader's own is not read."""
    path = ledger.export(tmp_path / "log")
    (path / "trust.json").write_text(policy_file.write(proving.policy([ledger.log]), 0))
    assert "no part of an export" in verifier.verify(path, ORIGIN, [ledger.key]).failed[0]


def test_case_38_a_checkpoint_older_than_the_policy_wants_is_refused():
    old = Policy(TRUSTED.keys, TRUSTED.witnesses, TRUSTED.quorum, max_age=timedelta(days=7))
    for days, fresh in ((6, True), (8, False)):
        vouched = accepted(both(LOG.note(7), SECONDS - days * 86_400), old)
        if fresh:
            old.require_fresh(vouched.met_at, NOW)
        else:
            with pytest.raises(UntrustedCheckpoint, match="longer ago than the 7 days"):
                old.require_fresh(vouched.met_at, NOW)
    with pytest.raises(UntrustedCheckpoint, match="no witness or time stamp"):
        old.require_fresh(None, NOW)
    # The freshest of two does not make up for the other: the quorum was whole when the later of the two had seen it.
    mixed = accepted(cosigned(cosigned(LOG.note(7), ONE, SECONDS), TWO, SECONDS - 864_000), old)
    with pytest.raises(UntrustedCheckpoint):
        old.require_fresh(mixed.met_at, NOW)


def test_case_39_a_shard_that_does_not_name_the_last_checkpoint_of_the_one_before_is_refused(ledger: Ledger, tmp_path: Path):
    ledger.grow(4)
    first, last = ledger.key, sequencer.sequence().note.encode()
    old = keys.load(next((ledger.workspace.keys / "ledger").glob("*_main_1.key")))
    opened = sequencer.new_shard("to see it")
    path = ledger.export(tmp_path / "log.zip")
    trusted = policy.trusting([ledger.key, first])

    def told(previous: bytes) -> list[str]:
        return verifier.verify(path, opened.origin, trusted, previous=[previous]).failed

    assert told(last) == []
    assert "were signed: some were dropped" in told(keys.sign(Checkpoint(ORIGIN, 9, bytes(32)), old).encode())[0]
    assert "another tree of" in told(keys.sign(Checkpoint(ORIGIN, 5, bytes(32)), old).encode())[0]
    elsewhere = FileSigner("example.com/ledger/other/1", bytes(32))
    trusted = policy.trusting([ledger.key, elsewhere.key])
    assert "does not begin by naming" in told(keys.sign(Checkpoint(elsewhere.key.name, 5, bytes(32)), elsewhere).encode())[0]


def test_a_weak_key_is_refused_wherever_a_key_is_read():
    for point in ("01" + "00" * 31, "00" * 32, "ec" + "ff" * 30 + "7f", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"):
        for type in (checkpoints.ED25519, checkpoints.COSIGNATURE):
            with pytest.raises(checkpoints.MalformedKey, match="small order"):
                checkpoints.VerificationKey("w.example", bytes.fromhex(point), type)


def test_the_specifications_example_of_a_cosignature_is_read():
    signed = "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
    line = f"— witness.example.com/w1 {signed}\n"
    note = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" + line
    [signature] = checkpoints.parse(note.encode())[1]
    assert cosignature.timestamp(signature) == 1679315147
