"""kill -9 at random moments: nothing acknowledged is lost, and no checkpoint is ahead of its entries."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from tests.ledger.given import ORIGIN, Ledger

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import keys, reading, sequencer

RUNS = int(os.environ.get("UPHELD_KILL_RUNS", "20"))

# Appends in batches, telling each commit; sequences now and then, telling each checkpoint.
WRITER = """
import sys, django
django.setup()
from django.db import transaction
from upheld.ledger.append import append
from upheld.ledger.sequencer import sequence
say = lambda *words: (sys.stdout.write(" ".join(map(str, words)) + "\\n"), sys.stdout.flush())
say("ready")
for turn in range(10**6):
    with transaction.atomic():
        ids = [append("thing.happened", body={"turn": turn, "n": n}) for n in range(1 + turn % 7)]
    say("kept", *ids)
    if turn % 3 == 0:
        done = sequence()
        say("signed", done.size, done.root.hex())
"""


def run_until_killed(ledger: Ledger, after: float) -> tuple[list[str], list[tuple[int, str]]]:
    """Let a writer run for `after` seconds, kill it, and return the ids and the checkpoints that it told of."""
    environment = {"DJANGO_SETTINGS_MODULE": "upheld.settings", "UPHELD_WORKSPACE": str(ledger.workspace.root), "PATH": ""}
    writer = subprocess.Popen([sys.executable, "-c", WRITER], env=environment, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    time.sleep(after)
    writer.send_signal(signal.SIGKILL)
    said = writer.stdout.read().splitlines(keepends=True)
    writer.wait()
    whole = [line.split() for line in said if line.endswith("\n")]
    kept = [entry_id for word, *ids in whole if word == "kept" for entry_id in ids]
    return kept, [(int(rest[0]), rest[1]) for word, *rest in whole if word == "signed"]


@pytest.mark.parametrize("part", range(4))
def test_nothing_acknowledged_is_lost_and_no_checkpoint_is_ahead(ledger: Ledger, part: int) -> None:
    chance = random.Random(part)
    kept: list[str] = []
    signed: dict[int, str] = {}
    for _ in range(max(1, RUNS // 4)):
        connection.close()
        told, published = run_until_killed(ledger, chance.uniform(0.0, 0.25))
        kept += told
        signed.update(published)
        size = ledger.log.size()
        assert all(at <= size and ledger.log.root(at).hex() == root for at, root in signed.items())
        last = ledger.log.checkpoint()
        assert last is not None
        stored = checkpoints.verify(last[1].encode(), ORIGIN, [ledger.key], keys.verify_signature)
        assert stored.size <= size
        assert ledger.log.root(stored.size) == stored.root
    sequencer.sequence()
    assert len(kept) > 20
    places = [ledger.log.index_of(entry_id) for entry_id in kept]
    assert len(set(places)) == len(kept)
    assert reading.verify(ledger.log, ledger.key).failed == []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchone() == ("ok",)


def test_a_full_disk_loses_nothing(ledger: Ledger, tmp_path: Path) -> None:
    ledger.append(2000)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 20}")  # SQLite then says what it says on a full disk
    with pytest.raises(Exception, match="full"):
        sequencer.sequence()
    assert (ledger.log.size(), ledger.log.waiting()) == (1, 2000)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1000000")
    assert sequencer.sequence().placed == 2000
