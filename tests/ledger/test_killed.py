"""kill -9 while a key hands over, and while a witness answers: one key is in force afterwards, and nothing that was said is taken back."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from tests.ledger.given import Ledger
from tests.ledger.others import THEIRS, OtherLog, numbered

from upheld.ledger import reading, rotating, sequencer, signers
from upheld.ledger.witness import cosigner, watching
from upheld.ledger.witness.cosigner import NotCosigned

RUNS = int(os.environ.get("UPHELD_KILL_RUNS", "20")) // 5

ROTATES = """
import django
django.setup()
from upheld.ledger import rotating
print("ready", flush=True)
while True:
    done = rotating.rotate("again")
    print(done.new.id.hex(), done.sequenced.size, flush=True)
"""
COSIGNS = """
import django
django.setup()
from tests.ledger.others import OtherLog, numbered
from upheld.ledger.witness import cosigner, watching
log = OtherLog(numbered(3000))
print("ready", flush=True)
size = watching.watching()[0].size
while True:
    cosigner.add_checkpoint(log.request(size, size + 1))
    size += 1
    print(size, flush=True)
"""


def killed(ledger: Ledger, program: str, after: float) -> list[str]:
    """Run `program` until it is killed `after` seconds from its first word, and return the whole lines that it said."""
    connection.close()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "upheld.settings",
        "UPHELD_WORKSPACE": str(ledger.workspace.root),
        "PYTHONPATH": str(Path.cwd()),
    }
    process = subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(after)
    process.kill()
    said = process.stdout.read().splitlines(keepends=True)
    process.wait()
    return [line.strip() for line in said if line.endswith("\n")]


@pytest.mark.parametrize("run", range(RUNS))
def test_a_rotation_that_is_killed_leaves_one_key_in_force_and_a_log_that_verifies(ledger: Ledger, run: int):
    told = killed(ledger, ROTATES, random.Random(run).uniform(0.01, 0.15))
    done = rotating.finish(sequencer.current())
    log = sequencer.current()
    assert sequencer.status().wrong == ()
    assert signers.retired(log) == []
    trusted = signers.policy(log)
    assert {line.split()[0] for line in told} <= {each.key.id.hex() for each in trusted.keys}
    assert done.size == log.size() == log.checkpoint()[0]
    assert reading.verify(log, trusted).failed == []
    assert rotating.rotate("after the crash").new == sequencer.verification_key(log)
    assert reading.verify(log, signers.policy(log)).failed == []


@pytest.mark.parametrize("run", range(RUNS))
def test_a_witness_that_is_killed_takes_nothing_back(ledger: Ledger, run: int):
    log = OtherLog(numbered(3000))
    watching.watch(log.signer.key)
    told = killed(ledger, COSIGNS, random.Random(run).uniform(0.01, 0.2))
    seen = watching.watching()[0]
    assert (seen.origin, seen.lost) == (THEIRS, False)
    assert seen.size in (len(told), len(told) + 1)
    with pytest.raises(NotCosigned):
        cosigner.add_checkpoint(OtherLog(numbered(3000, "other")).request(seen.size, seen.size + 1) if seen.size else b"")
    assert cosigner.add_checkpoint(log.request(seen.size, seen.size + 1))
