"""The sequencer: places what waits, signs what it recomputed, and refuses a database that is not the one it signed."""

import subprocess
import sys
from datetime import datetime

import pytest
from django.db import connection, transaction
from tests.ledger.given import ORIGIN, Ledger, kinds, mark_path

from upheld.ledger import canonical, checkpoint, entry, guards, keys, mark, models, placing, sequencer, tree
from upheld.ledger.append import NoLedger
from upheld.ledger.continuity import file_name, key_directory
from upheld.ledger.placing import Miscomputed, NotLoggable
from upheld.ledger.sequencer import NotDurable
from upheld.ledger.shard import MalformedOrigin
from upheld.workspace import Workspace


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


def put(data: bytes | str) -> None:
    """Write into the outbox past `append`."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_outbox (log, data) VALUES (0, %s)", [data])


@pytest.mark.parametrize("change", ["no entry", "not canonical", "another log", "twice", "text"])
def test_what_did_not_come_from_append_is_not_logged_and_a_new_shard_leaves_it_behind(ledger: Ledger, change: str) -> None:
    ledger.append()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM ledger_outbox")
        (data,) = cursor.fetchone()
    made = {
        "no entry": b"{}",
        "not canonical": data + b" ",
        "another log": data.replace(b"main", b"mine"),
        "twice": data,
        "text": data.decode(),
    }[change]
    put(made)
    with pytest.raises(NotLoggable, match="outbox"):
        sequencer.sequence()
    assert ledger.log.size() == 1
    sequencer.new_shard("somebody wrote into the outbox")
    opened = entry.read(canonical.read(ledger.log.entry(0)))
    assert (opened.body["left_behind"], kinds(ledger)) == (1, ["shard.opened", "key.created", "thing.happened"])


def test_an_id_that_is_taken_is_not_logged_again(ledger: Ledger) -> None:
    ledger.append()
    sequencer.sequence()
    data = ledger.log.entry(1)
    put(data)
    with pytest.raises(NotLoggable, match="already in"):
        sequencer.sequence()


def test_a_clock_that_stands_still_makes_no_two_entries_one(ledger: Ledger, noon: datetime) -> None:
    for _ in range(3):
        ids = ledger.append(1500)
        assert sequencer.sequence().placed == 1500
    assert len(set(ids)) == 1500
    assert ledger.log.index_of(ids[700]) == 3000 + 701


def test_a_key_that_others_could_read_signs_nothing(ledger: Ledger) -> None:
    (key_directory() / file_name(ORIGIN, "key")).chmod(0o644)
    with pytest.raises(keys.KeyExposed):
        ledger.grow(1)
    assert sequencer.status().wrong != ()


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
