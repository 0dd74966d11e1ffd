"""Disks that fail or fill up, processes that stop, clocks that go back: what was acknowledged stays, and nothing is signed too early."""

import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from tests.conftest import required
from tests.ledger.faulty import SEQUENCE, compiled, environment, faulty
from tests.ledger.given import Ledger, mark_path

from upheld import clock
from upheld.ledger import canonical, entry, keys, mark, reading, sequencer
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.continuity import key_directory
from upheld.ledger.mark import SequencerBusy
from upheld.web.trouble import trouble


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the library of faults."""
    found = compiled(tmp_path_factory.mktemp("faults"))
    if found is None:
        if required():
            pytest.fail("there is no C compiler: make lab installs one")
        pytest.skip("there is no C compiler: make lab installs one")
    return found


TWICE = """
import django
django.setup()
from upheld.ledger import sequencer
for attempt in range(2):
    try:
        print(sequencer.sequence().size)
    except Exception as error:
        print(type(error).__name__, str(error).split(":")[0])
"""


def whole(ledger: Ledger, size: int) -> None:
    """Fail unless the log can be sequenced to `size` entries and then verifies, with a mark and a checkpoint at its end."""
    connection.close()
    done = sequencer.sequence()
    assert done.size == size
    assert reading.verify(ledger.log, ledger.key).failed == []
    assert mark.read(mark_path(ledger)) == checkpoints.verify(done.note.encode(), done.origin, [ledger.key], keys.verify_signature)


def nothing_ahead(ledger: Ledger) -> None:
    """Fail if a mark or a checkpoint is ahead of the entries."""
    connection.close()
    assert sequencer.status().mark_ok
    last = ledger.log.checkpoint()
    assert last is not None
    assert last[0] <= ledger.log.size()


@pytest.mark.parametrize(
    "rule",
    ["sync:eio:1:sqlite3-wal", "sync:eio:1:.mark.draft", "sync:eio:2:keys/ledger", "sync:eio:2:sqlite3-wal", "write:eio:1:sqlite3-wal"],
)
def test_a_disk_that_fails_is_fatal_and_not_tried_again(ledger: Ledger, library: Path, rule: str) -> None:
    ledger.append(300)
    connection.close()
    before = ledger.log.checkpoint()
    done = faulty(library, ledger.workspace.root, rule, TWICE)
    first, second = done.stdout.splitlines()
    assert first.startswith("DiskFailed the disk under the ledger failed (")
    assert "I/O error" in first or "Input/output error" in first
    assert second.startswith("DiskFailed the disk under the ledger failed before")
    nothing_ahead(ledger)
    assert ledger.log.checkpoint() == before
    whole(ledger, 301)


WORK = """
import django
django.setup()
from threading import Event
from upheld.jobs.worker import work
work(Event(), lambda chore, what, well: None)
"""


def test_a_worker_whose_disk_fails_ends(ledger: Ledger, library: Path) -> None:
    ledger.append(3)
    connection.close()
    done = faulty(library, ledger.workspace.root, "sync:eio:1:.mark.draft", WORK)
    assert done.returncode == 1
    assert "DiskFailed: the disk under the ledger failed" in done.stderr
    whole(ledger, 4)


@pytest.mark.parametrize("rule", ["write:full:1:sqlite3-wal", "write:full:9:sqlite3-wal", "write:full:1:.mark.draft"])
def test_a_disk_that_fills_up_loses_nothing_and_may_be_tried_again(ledger: Ledger, library: Path, rule: str) -> None:
    ledger.append(2000)
    connection.close()
    done = faulty(library, ledger.workspace.root, rule, TWICE)
    assert all("OperationalError" in line or "OSError" in line for line in done.stdout.splitlines())
    nothing_ahead(ledger)
    whole(ledger, 2001)


def test_a_small_file_system_that_is_really_full_loses_nothing(ledger: Ledger, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(small)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this user may not mount a file system of its own")
    try:
        connection.close()
        shutil.copytree(ledger.workspace.root, small / "workspace")
        shutil.copytree(ledger.workspace.keys, small / "workspace.keys")
        done = subprocess.run(
            [sys.executable, "-c", FILL], env=environment(small / "workspace"), capture_output=True, text=True, check=False
        )
        kept, said = done.stdout.splitlines()
        assert said == "database or disk is full"
        assert int(kept) > 100
        connection.close()
        shutil.rmtree(ledger.workspace.root)
        shutil.copytree(small / "workspace", ledger.workspace.root)  # a larger disk, with what was on the small one
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert ledger.log.size() + ledger.log.waiting() == int(kept) + 1
    whole(ledger, int(kept) + 1)


FILL = """
import django
django.setup()
from django.db import OperationalError, transaction
from upheld.ledger.append import append
kept = 0
try:
    while True:
        with transaction.atomic():
            for n in range(50):
                append("thing.happened", body={"n": n, "text": "x" * 200})
        kept += 50
except OperationalError as error:
    print(kept)
    print(error)
"""


@pytest.mark.parametrize("at", ["sync:kill:1:sqlite3-wal", "sync:kill:1:.mark.draft", "sync:kill:2:keys/ledger", "sync:kill:2:sqlite3-wal"])
def test_killed_at_any_of_its_syncs_it_goes_on_where_it_was(ledger: Ledger, library: Path, at: str) -> None:
    ledger.append(300)
    connection.close()
    assert faulty(library, ledger.workspace.root, at).returncode == -signal.SIGKILL
    nothing_ahead(ledger)
    whole(ledger, 301)


def test_a_leader_that_is_stopped_keeps_the_others_out_and_goes_on_later(ledger: Ledger, library: Path) -> None:
    ledger.append(300)
    connection.close()
    root = ledger.workspace.root
    shown = environment(root, LD_PRELOAD=str(library), FAULTS_BELOW=str(root.parent), FAULTS_RULE="sync:stop:1:.mark.draft")
    leader = subprocess.Popen([sys.executable, "-c", SEQUENCE], env=shown, stdout=subprocess.PIPE, text=True)
    while "T" not in Path(f"/proc/{leader.pid}/stat").read_text().rsplit(")", 1)[1].split()[0]:
        time.sleep(0.02)
    with pytest.raises(SequencerBusy) as busy, mark.locked(key_directory(), patience=0.1):
        pass
    assert trouble(busy.value, ledger.workspace.database) is not None
    (after,) = ledger.append()  # nobody who hands over waits for it
    leader.send_signal(signal.SIGCONT)
    assert leader.communicate(timeout=60)[0].split() == ["300", "301"]
    whole(ledger, 302)
    assert ledger.log.index_of(after) == 301


def test_a_clock_that_goes_back_changes_times_and_not_the_order(ledger: Ledger) -> None:
    noon = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    ids = []
    for at in (noon, noon - timedelta(days=400), noon - timedelta(hours=1), noon):
        with clock.at(at):
            ids += ledger.append(2)
            sequencer.sequence()
    assert [ledger.log.index_of(found) for found in ids] == list(range(1, 9))
    times = [entry.read(canonical.read(data)).at for data in ledger.log.entries(1, 9)]
    assert times != sorted(times)
    assert reading.verify(ledger.log, ledger.key).failed == []


def test_what_a_writer_did_not_commit_is_in_no_log(ledger: Ledger) -> None:
    connection.close()
    code = WRITER_KILLED
    done = subprocess.run([sys.executable, "-c", code], env=environment(ledger.workspace.root), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "")
    assert ledger.log.waiting() == 0
    whole(ledger, 1)


WRITER_KILLED = """
import os, signal, django
django.setup()
from django.db import transaction
from upheld.ledger.append import Draft, append, append_all
with transaction.atomic():
    append("thing.happened", body={})
    append_all(Draft("thing.happened", {"n": n}) for n in range(20000))  # much of it spilled to the disk by now
    os.kill(os.getpid(), signal.SIGKILL)
"""
