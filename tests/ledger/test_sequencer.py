"""The sequencer: places what waits, signs what it recomputed, and refuses a database that is not the one it signed."""

import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.ledger.given import ORIGIN, Ledger

from upheld.ledger import canonical, checkpoint, entry, guards, identifier, keys, mark, models, placing, sequencer, tree
from upheld.ledger.append import NoLedger
from upheld.ledger.continuity import LedgerForked, file_name, key_directory
from upheld.ledger.mark import MarkMoved, SequencerBusy
from upheld.ledger.placing import Miscomputed, NotLoggable
from upheld.ledger.sequencer import NotDurable
from upheld.ledger.shard import MalformedOrigin, OriginTaken
from upheld.workspace import Workspace


def kinds(ledger: Ledger) -> list[str]:
    """Return the kinds of all entries of the current log, in order."""
    return [entry.read(canonical.read(data)).kind for data in ledger.log.entries(0, ledger.log.size())]


def snapshot(ledger: Ledger, to: Path) -> None:
    """Copy the database as a backup does."""
    connection.close()
    shutil.copyfile(ledger.workspace.database, to)


def restore(ledger: Ledger, backup: Path) -> None:
    """Put a copy back, as somebody would after a disk failure."""
    connection.close()
    for old in ledger.workspace.root.glob("upheld.sqlite3*"):
        old.unlink()
    shutil.copyfile(backup, ledger.workspace.database)


def mark_path(ledger: Ledger) -> Path:
    """Return where the current log's mark is."""
    return key_directory() / file_name(ledger.log.origin, "mark")


def test_init_makes_a_log_whose_first_entry_is_its_key(ledger: Ledger) -> None:
    found = entry.read(canonical.read(ledger.log.entry(0)))
    assert (found.kind, found.log, found.number) == ("key.created", ORIGIN, 1)
    assert found.body["key"] == ledger.key.text()
    assert sequencer.status().checkpointed_size == 1


def test_init_again_changes_nothing(ledger: Ledger) -> None:
    before = sequencer.status()
    again = sequencer.init("example.com/ledger/other/1")
    assert (again.placed, again.size) == (0, 1)
    assert sequencer.status() == before


@pytest.mark.parametrize(
    "origin",
    ["", "example.com", "example.com/ledger/main/0", "example.com/ledger/ma in/1", "example.com/ledger/main/1+", "ex_ample/ledger/m/1"],
)
def test_an_origin_of_another_form_is_refused(workspace: Workspace, origin: str) -> None:
    with pytest.raises(MalformedOrigin):
        sequencer.init(origin)


@pytest.mark.parametrize("count", [1, 254, 255, 256, 600])
def test_every_entry_gets_its_place_and_the_root_is_the_trees(ledger: Ledger, count: int) -> None:
    ids = ledger.append(count)
    done = sequencer.sequence()
    entries = list(ledger.log.entries(0, done.size))
    assert (done.placed, done.size) == (count, count + 1)
    assert done.root == tree.root(map(tree.leaf_hash, entries))
    assert [ledger.log.index_of(found) for found in ids] == list(range(1, count + 1))
    assert checkpoint.verify(done.note.encode(), ORIGIN, [ledger.key], keys.verify_signature).root == done.root


def test_growing_bit_by_bit_gives_the_same_tree(ledger: Ledger) -> None:
    for count in (1, 200, 60, 300, 1, 255):
        done = ledger.grow(count)
        assert done.root == tree.root(map(tree.leaf_hash, ledger.log.entries(0, done.size)))


def test_a_tile_of_level_1_is_stored_as_the_tree_passes_65_536(ledger: Ledger) -> None:
    done = ledger.grow(66_000)
    assert models.Tile.objects.filter(level=1).count() == 1
    assert done.root == tree.root(map(tree.leaf_hash, ledger.log.entries(0, done.size)))


def test_nothing_waiting_signs_nothing_new(ledger: Ledger) -> None:
    first = ledger.grow(3)
    again = sequencer.sequence()
    assert (again.placed, again.note) == (0, first.note)
    assert models.Checkpoint.objects.count() == 2


def test_inside_a_transaction_it_is_refused(ledger: Ledger) -> None:
    with pytest.raises(NotDurable, match="outside"), transaction.atomic():
        sequencer.sequence()


def test_where_commits_are_not_on_the_disk_it_is_refused(ledger: Ledger) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = NORMAL")
    with pytest.raises(NotDurable, match="power failure"):
        sequencer.sequence()


def test_without_a_ledger_it_says_how_to_make_one(workspace: Workspace) -> None:
    for call in (sequencer.sequence, sequencer.status, lambda: sequencer.new_shard("none")):
        with pytest.raises(NoLedger, match="upheld init"):
            call()


def test_two_computations_that_differ_write_and_sign_nothing(ledger: Ledger) -> None:
    ledger.append(300)
    before = mark.read(mark_path(ledger))
    with pytest.MonkeyPatch.context() as fault, pytest.raises(Miscomputed):
        fault.setattr(placing, "tile_root", lambda tile: bytes(32))  # as a flipped bit in memory would
        sequencer.sequence()
    assert (ledger.log.size(), ledger.log.waiting(), mark.read(mark_path(ledger))) == (1, 300, before)
    assert sequencer.sequence().placed == 300


def put(data: bytes, time_id: int = 1) -> None:
    """Write into the outbox past `append`."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_outbox (log, time_id, data) VALUES (0, %s, %s)", [time_id, data])


@pytest.mark.parametrize("change", ["no entry", "not canonical", "another log", "another time", "twice"])
def test_what_did_not_come_from_append_is_not_logged_and_a_new_shard_leaves_it_behind(ledger: Ledger, change: str) -> None:
    (entry_id,) = ledger.append()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM ledger_outbox")
        (data,) = cursor.fetchone()
    time_id = identifier.time_id(entry_id)
    made = {
        "no entry": (b"{}", 0),
        "not canonical": (data + b" ", time_id),
        "another log": (data.replace(b"main", b"mine"), time_id),
        "another time": (data, time_id + 1),
        "twice": (data, time_id),
    }[change]
    put(*made)
    with pytest.raises(NotLoggable, match="outbox"):
        sequencer.sequence()
    assert ledger.log.size() == 1
    sequencer.new_shard("somebody wrote into the outbox")
    opened = entry.read(canonical.read(ledger.log.entry(0)))
    assert (opened.body["left_behind"], kinds(ledger)) == (1, ["shard.opened", "key.created", "thing.happened"])


def test_an_id_that_is_taken_is_not_logged_again(ledger: Ledger) -> None:
    (entry_id,) = ledger.append()
    sequencer.sequence()
    data = ledger.log.entry(1)
    put(data, identifier.time_id(entry_id))
    with pytest.raises(NotLoggable, match="already in"):
        sequencer.sequence()


def test_a_clock_that_stands_still_makes_no_two_entries_one(ledger: Ledger, noon: datetime) -> None:
    for _ in range(3):
        ids = ledger.append(1500)
        assert sequencer.sequence().placed == 1500
    assert len(set(ids)) == 1500
    assert ledger.log.index_of(ids[700]) == 3000 + 701


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


def test_a_key_that_others_could_read_signs_nothing(ledger: Ledger) -> None:
    (key_directory() / file_name(ORIGIN, "key")).chmod(0o644)
    with pytest.raises(keys.KeyExposed):
        ledger.grow(1)
    assert sequencer.status().wrong != ()


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


SEQUENCE = """
import django
django.setup()
from upheld.ledger.sequencer import sequence
done = sequence()
print(done.placed, done.root.hex())
"""


def test_of_two_sequencers_one_places_and_the_other_finds_nothing_left(ledger: Ledger) -> None:
    ledger.append(3000)
    connection.close()
    command = [sys.executable, "-c", SEQUENCE]
    environment = {"DJANGO_SETTINGS_MODULE": "upheld.settings", "UPHELD_WORKSPACE": str(ledger.workspace.root), "PATH": ""}
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate(timeout=60)[0].split() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert sorted(int(placed) for placed, _ in said) == [0, 0, 3000]
    assert len({root for _, root in said}) == 1
    assert sequencer.status().wrong == ()


def test_status_tells_what_waits_and_what_is_signed(ledger: Ledger) -> None:
    ledger.append(4)
    found = sequencer.status()
    assert (found.origin, found.size, found.checkpointed_size, found.waiting, found.mark_ok, found.wrong) == (ORIGIN, 1, 1, 4, True, ())
    assert found.root == ledger.log.root(1).hex()


def test_status_names_guards_that_are_gone(ledger: Ledger) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_entry_update")
    assert guards.missing() == ["ledger_entry_update"]
    assert "ledger_entry_update" in sequencer.status().wrong[0]
