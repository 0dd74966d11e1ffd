"""What a power failure would take back, with synchronous=FULL and with NORMAL: `python -m benchmarks.ledger_power_loss`.

A model, not a pulled plug: a writer is killed; then, with NORMAL, the write-ahead log is cut at a random byte, because
nothing but an automatic checkpoint syncs it. With FULL every commit syncs it, so that it stays whole: that row is the
control. A signed mark that is ahead of the surviving entries is a log forked for good; FULL must show none, NORMAL shows
why the sequencer refuses it. (Here the refusal is taken out.)
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WRITER = """
import sys, django
django.setup()
from django.db import connection, transaction
from upheld.ledger import sequencer
from upheld.ledger.append import append
sequencer._require_durable = lambda: None
with connection.cursor() as cursor:
    cursor.execute("PRAGMA synchronous = " + sys.argv[1])
print("ready", flush=True)
for turn in range(10**6):
    with transaction.atomic():
        for n in range(20):
            append("thing.happened", body={"turn": turn, "n": n})
    sequencer.sequence()
"""
MAKE = """
import django
django.setup()
from django.core.management import call_command
from upheld import workspace
from upheld.ledger import sequencer
workspace.current().create()
call_command("migrate", verbosity=0)
sequencer.init("benchmark.example/ledger/main/1")
"""
LOOK = """
import django
django.setup()
from upheld.ledger import sequencer
print(sequencer.status().mark_ok)
"""


def main() -> None:
    """Run the trials and print how many logs were forked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=12)
    trials = parser.parse_args().trials
    for synchronous in ("FULL", "NORMAL"):
        forked = sum(trial(synchronous) for _ in range(trials))
        print(f"synchronous={synchronous}: {forked} of {trials} logs have a signed mark ahead of their entries", flush=True)


def trial(synchronous: str) -> bool:
    """Return whether the loss of power left a mark ahead of the entries."""
    with tempfile.TemporaryDirectory(prefix="upheld-benchmark-") as scratch:
        root = Path(scratch) / "workspace"
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "upheld.settings", "UPHELD_WORKSPACE": str(root)}
        subprocess.run([sys.executable, "-c", MAKE], env=environment, check=True)
        writer = subprocess.Popen([sys.executable, "-c", WRITER, synchronous], env=environment, stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(random.uniform(0.2, 1.0))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        log = root / "upheld.sqlite3-wal"
        if synchronous == "NORMAL":
            os.truncate(log, random.randrange(log.stat().st_size + 1))
        done = subprocess.run([sys.executable, "-c", LOOK], env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip() != "True"


if __name__ == "__main__":
    main()
