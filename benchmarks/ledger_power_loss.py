"""What a power failure takes back, with synchronous=FULL and with NORMAL: `python -m benchmarks.ledger_power_loss [--trials 12]`.

A model, not a pulled plug: a library under the writer (tests/ledger/faults.c) takes down what undoes each change of a file, and
each sync. The writer is killed; then changes since the last sync of their file are taken back, all, some in any order, or none;
renamings likewise. The same trials run for both. A signed mark ahead of the entries is a log forked for good: FULL must show
none, NORMAL shows why the sequencer refuses it. (Here the refusal is taken out.) A disk that lies about syncs is not modelled.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.ledger_fill import workspace


def main() -> None:
    """Run the trials and print what was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=12)
    trials = parser.parse_args().trials
    with tempfile.TemporaryDirectory(prefix="upheld-benchmark-") as scratch:
        from tests.ledger.faulty import compiled

        library = compiled(Path(scratch))
        if library is None:
            raise SystemExit("there is no C compiler here: install gcc")
        with workspace(Path(scratch) / "workspace") as root:
            for synchronous in ("FULL", "NORMAL"):
                run(library, root, synchronous, trials)


def run(library: Path, root: Path, synchronous: str, trials: int) -> None:
    """Let power fail `trials` times, each on a copy of the fresh workspace at `root`."""
    from django.db import connection
    from tests.ledger.given import Ledger, restore, snapshot
    from tests.ledger.killing import Told, fail_power

    from upheld.ledger import mark, sequencer
    from upheld.workspace import Workspace

    ledger = Ledger(Workspace(root))
    backup, at = root.parent / "fresh.sqlite3", next(ledger.workspace.keys.rglob("*.mark"))
    if not backup.exists():
        sequencer.sequence()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        snapshot(ledger, backup)
        (root.parent / "fresh.mark").write_bytes(at.read_bytes())
    lost = ahead = gone = acknowledged = 0
    for seed in range(trials):
        restore(ledger, backup)
        mark.write(at, (root.parent / "fresh.mark").read_bytes())
        told = Told()
        trial = fail_power(ledger, library, seed, synchronous, told)
        gone, acknowledged = gone + trial.gone, acknowledged + len(told.kept)
        lost, ahead = lost + trial.lost, ahead + (trial.ahead > 0)
    print(
        f"synchronous={synchronous}: {trials} power failures took back {gone:,} changes; {lost:,} of {acknowledged:,} acknowledged entries "
        f"are lost, {ahead} logs have a signed mark or checkpoint ahead of their entries",
        flush=True,
    )


if __name__ == "__main__":
    main()
