"""What was signed and what the database holds: a backup that came back, a lost mark, a crash in between, and the way on."""

from pathlib import Path

import pytest
from tests.ledger.given import ORIGIN, Ledger, kinds, mark_path, restore, snapshot

from upheld.ledger import canonical, checkpoint, entry, keys, mark, sequencer
from upheld.ledger.continuity import LedgerForked
from upheld.ledger.mark import MarkMoved, SequencerBusy
from upheld.ledger.shard import OriginTaken


def test_a_database_restored_from_yesterday_is_refused_and_the_way_on_is_named(ledger: Ledger, tmp_path: Path) -> None:
    ledger.grow(5)
    snapshot(ledger, tmp_path / "yesterday")
    ledger.grow(300)
    restore(ledger, tmp_path / "yesterday")
    with pytest.raises(LedgerForked, match=r"signed at 306 entries and the database has 6: it was restored from a backup.*new-shard"):
        ledger.grow(1)
    assert ledger.log.size() == 6
    assert not sequencer.status().mark_ok


def test_a_restored_database_that_has_grown_past_its_mark_is_refused_too(ledger: Ledger, tmp_path: Path) -> None:
    ledger.grow(5)
    snapshot(ledger, tmp_path / "yesterday")
    yesterday = mark_path(ledger).read_bytes()
    ledger.grow(3)
    today = mark_path(ledger).read_bytes()
    restore(ledger, tmp_path / "yesterday")
    mark_path(ledger).write_bytes(yesterday)
    ledger.grow(10)
    mark_path(ledger).write_bytes(today)
    with pytest.raises(LedgerForked, match="other entries than those signed at size 9"):
        sequencer.sequence()


def test_a_lost_mark_is_not_taken_for_a_new_beginning(ledger: Ledger) -> None:
    mark_path(ledger).unlink()
    with pytest.raises(LedgerForked, match="mark is gone"):
        ledger.grow(1)


def test_a_mark_that_is_none_is_told_and_signs_nothing(ledger: Ledger) -> None:
    mark_path(ledger).write_bytes(b"\xff\x00 not a mark")
    assert not sequencer.status().mark_ok
    with pytest.raises(checkpoint.MalformedCheckpoint):
        ledger.grow(1)


def test_a_new_shard_names_the_old_one_and_carries_over_what_waits(ledger: Ledger, tmp_path: Path) -> None:
    ledger.grow(5)
    snapshot(ledger, tmp_path / "yesterday")
    lost = ledger.grow(4)
    restore(ledger, tmp_path / "yesterday")
    waiting = ledger.append(3, kind="thing.waited")
    done = sequencer.new_shard("disk failed")
    assert done.origin == "example.com/ledger/main/2"
    assert kinds(ledger) == ["shard.opened", "key.created", "thing.waited", "thing.waited", "thing.waited"]
    opened = entry.read(canonical.read(ledger.log.entry(0)))
    said = checkpoint.Checkpoint(ORIGIN, lost.size, lost.root).text()
    assert opened.body == {"origin": ORIGIN, "checkpoint": said, "reason": "disk failed", "left_behind": 0}
    assert [ledger.log.index_of(found) for found in waiting] == [2, 3, 4]
    assert ledger.grow(1).size == 6
    assert sequencer.status().wrong == ()


def test_without_its_mark_a_log_is_named_by_the_last_checkpoint_that_the_database_has(ledger: Ledger) -> None:
    last = ledger.grow(5)
    mark_path(ledger).unlink()
    sequencer.new_shard("the machine is lost")
    opened = entry.read(canonical.read(ledger.log.entry(0)))
    assert opened.body["checkpoint"] == checkpoint.Checkpoint(ORIGIN, last.size, last.root).text()


def test_an_origin_that_was_signed_is_never_used_again(ledger: Ledger, tmp_path: Path, migrated: Path) -> None:
    restore(ledger, migrated)
    with pytest.raises(OriginTaken, match="never used twice"):
        sequencer.init(ORIGIN)
    assert sequencer.init("example.com/ledger/main/2").size == 1


def test_a_crash_before_the_checkpoint_is_stored_is_made_good(ledger: Ledger) -> None:
    def die(*_: object) -> str:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as fault, pytest.raises(KeyboardInterrupt):
        fault.setattr(keys, "sign", die)
        ledger.grow(2)
    marked = mark.read(mark_path(ledger))
    assert marked is not None
    assert (marked.size, sequencer.status().checkpointed_size) == (3, 1)
    assert sequencer.sequence().size == 3
    assert sequencer.status().checkpointed_size == 3


def test_a_mark_moves_only_from_where_it_was_seen(tmp_path: Path) -> None:
    first, second = (checkpoint.Checkpoint(ORIGIN, size, bytes(32)) for size in (1, 2))
    path = tmp_path / "mark"
    mark.advance(path, None, first)
    with pytest.raises(MarkMoved):
        mark.advance(path, None, second)
    mark.advance(path, first, second)
    assert mark.read(path) == second


def test_a_sequencer_that_does_not_end_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    with mark.locked(tmp_path), pytest.raises(SequencerBusy), mark.locked(tmp_path, patience=0.05):
        pass
