"""Every log of a workspace where it is stored: against its mark, joined to the one before, and taken out by id whichever it is in."""

from pathlib import Path

import pytest
from tests.ledger.given import ORIGIN, Ledger, changed, mark_path, restore, snapshot

from upheld import clock
from upheld.ledger import keys, proving, rotating, sequencer, signers, store, whole
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.continuity import file_name, key_directory
from upheld.ledger.history import history
from upheld.ledger.keys import FileSigner

NEXT = "example.com/ledger/main/2"


@pytest.fixture
def two(ledger: Ledger, tmp_path: Path) -> Ledger:
    """A log of six entries, of which yesterday's backup was brought back after three more were signed, and the one that goes on."""
    ledger.grow(5)
    snapshot(ledger, tmp_path / "yesterday")
    ledger.grow(3)
    restore(ledger, tmp_path / "yesterday")
    sequencer.new_shard("the disk failed")
    ledger.grow(4)
    return ledger


def test_both_logs_are_verified_and_what_was_lost_is_named(two: Ledger):
    old, new = whole.verify(signers.policy)
    assert (old.origin, old.holds, new.origin, new.holds) == (ORIGIN, True, NEXT, True)
    assert f"the last 3 of the 9 entries of {ORIGIN} that were signed: they are not here" in new.skipped
    assert whole.past_wrong() == []


def test_a_checkpoint_kept_of_what_was_lost_is_held_against_the_log_after_it(two: Ledger):
    lost = keys.sign(Checkpoint(ORIGIN, 8, bytes(32)), signers.signer(store.all_logs()[0])).encode()
    old, _ = whole.verify(signers.policy, [lost])
    assert old.holds
    assert (
        f"whether the 9 entries that {NEXT} goes on from begin with the checkpoint of 8 entries of {ORIGIN} that you held" in old.skipped[0]
    )
    more = keys.sign(Checkpoint(ORIGIN, 10, bytes(32)), signers.signer(store.all_logs()[0])).encode()
    old, _ = whole.verify(signers.policy, [more])
    assert "some were dropped" in old.failed[0]
    stranger = keys.sign(Checkpoint(ORIGIN, 10, bytes(32)), FileSigner(ORIGIN, bytes(32))).encode()
    assert "signed by none of the trusted keys" in whole.verify(signers.policy, [stranger])[0].failed[0]


def test_a_log_whose_key_was_rotated_after_the_backup_names_both_keys(ledger: Ledger, tmp_path: Path):
    first = ledger.grow(5)
    snapshot(ledger, tmp_path / "yesterday")
    rotated = rotating.rotate("yearly")
    restore(ledger, tmp_path / "yesterday")
    assert any("of before it was rotated" in said for said in sequencer.status().wrong)
    sequencer.new_shard("the disk failed")
    old, new = whole.verify(signers.policy)
    assert old.holds and new.holds
    assert "of before it was rotated" in old.skipped[0]
    log = store.all_logs()[0]
    assert signers.told(log) == rotated.old
    trusted = proving.policy(store.all_logs())
    ranges = {each.key: (each.after, each.until) for each in trusted.keys}
    assert (ranges[rotated.old], ranges[rotated.new]) == ((-1, first.size), (first.size, None))
    assert trusted.verify(rotated.sequenced.note.encode(), ORIGIN, clock.now()).key == rotated.new


def test_a_log_that_was_gone_on_from_as_it_was_is_joined_to_the_next(ledger: Ledger):
    ledger.grow(5)
    sequencer.new_shard("a new year")
    old, new = whole.verify(signers.policy)
    assert old.holds and new.holds
    assert f"it goes on from the last checkpoint of {ORIGIN}, at 6 entries" in new.checked


def test_an_entry_changed_in_the_old_log_is_found_and_told_as_forged(two: Ledger):
    assert {each.as_signed for each in history("measure", "access/mfa_required")} == {True}
    changed("UPDATE ledger_entry SET data = replace(data, 'thing.happened', 'thing.happenex') WHERE position = 3")
    old, new = ([said for said in each.failed if "guards are gone" not in said] for each in whole.verify(signers.policy))
    assert "the checkpoint says" in old[0] and new == []
    told = history("measure", "access/mfa_required", scan=True)
    unproven = [each for each in told if each.as_signed is False]
    assert "thing.happenex" in {each.kind for each in unproven} and {each.origin for each in unproven} == {ORIGIN}
    proven = [each for each in told if each.as_signed]
    assert {each.kind for each in proven} == {"thing.happened"} and [each.origin for each in proven].count(NEXT) == 4


def test_an_old_log_with_another_root_is_wrong_at_a_look(ledger: Ledger):
    ledger.grow(300)
    sequencer.new_shard("a new year")
    changed("UPDATE ledger_tile SET root = zeroblob(32)")
    (said,) = whole.past_wrong()
    assert ORIGIN in said


def test_a_next_log_that_names_another_tree_is_found(two: Ledger):
    changed("UPDATE ledger_entry SET data = replace(data, '/main/1\\n9\\n', '/main/1\\n2\\n') WHERE position = 1 << 40")
    assert any(said.startswith("it goes on from 2 entries") for said in whole.verify(signers.policy)[1].failed)


def test_entries_and_checkpoints_taken_back_behind_the_mark_do_not_hold(ledger: Ledger, tmp_path: Path):
    ledger.grow(5)
    snapshot(ledger, tmp_path / "yesterday")
    ledger.grow(5)
    assert all(each.holds for each in whole.verify(signers.policy))
    restore(ledger, tmp_path / "yesterday")
    (report,) = whole.verify(signers.policy)
    assert not report.holds
    assert "signed at 11 entries and the database has 6" in report.failed[0]


def test_a_lost_mark_and_a_lost_key_are_said(two: Ledger):
    (key_directory() / file_name(ORIGIN, "key")).unlink()
    old, new = whole.verify(signers.policy)
    assert old.holds and new.holds and old.skipped[-1].startswith("who signed it: ")
    mark_path(two).unlink()
    assert "mark is gone" in whole.verify(signers.policy)[1].failed[0]
    changed("UPDATE ledger_entry SET data = replace(data, 'key.created', 'key.creatad') WHERE position = 0")
    assert "names no key of its own" in whole.verify(signers.policy)[0].failed[0]
