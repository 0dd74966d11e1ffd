"""A power failure: what no sync had put on the disk may be gone, in any order. With synchronous=NORMAL the same trials fail."""

import os
from pathlib import Path

import pytest
from django.db import connection
from tests.conftest import required
from tests.ledger.faulty import compiled, power_off
from tests.ledger.given import Ledger
from tests.ledger.killing import Told, chances

TRIALS = int(os.environ.get("UPHELD_POWER_TRIALS", "3"))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the library of faults."""
    found = compiled(tmp_path_factory.mktemp("faults"))
    if found is None:
        if required():
            pytest.fail("there is no C compiler: make lab installs one")
        pytest.skip("there is no C compiler: make lab installs one")
    return found


def fail_power(ledger: Ledger, library: Path, seed: int, synchronous: str) -> tuple[int, int, int]:
    """Let a writer run and power fail; return how many changes went, entries were lost, and checkpoints were left ahead."""
    connection.close()
    journal, told, chance = ledger.workspace.root.parent / "journal", Told(), chances(seed)
    # Programs write below the workspace and its keys; both lie in one directory, the journal does too and is not a change of them.
    below = str(ledger.workspace.root)
    more = {"LD_PRELOAD": str(library), "FAULTS_BELOW": below, "FAULTS_JOURNAL": str(journal), "SYNCHRONOUS": synchronous}
    told.run_and_kill(ledger.workspace.root, chance.uniform(0.1, 0.4), **more)
    gone = power_off(ledger.workspace.root, journal, chance)
    ahead = told.checkpoints_ahead(ledger)
    lost = told.lost(ledger)
    if not ahead and not lost:
        told.require_whole(ledger)
    return gone, lost, len(ahead)


def test_with_every_commit_synced_nothing_acknowledged_goes(ledger: Ledger, library: Path) -> None:
    found = [fail_power(ledger, library, seed, "FULL") for seed in range(TRIALS)]
    assert sum(gone for gone, _, _ in found) > 0  # something was there to be taken back
    assert [(lost, ahead) for _, lost, ahead in found] == [(0, 0)] * TRIALS


def test_without_that_the_same_trials_leave_a_checkpoint_ahead_of_its_entries(ledger: Ledger, library: Path) -> None:
    for seed in range(5 * TRIALS):
        _, lost, ahead = fail_power(ledger, library, seed, "NORMAL")
        if lost and ahead:
            return
    pytest.fail("no trial lost anything, so that these trials show nothing")
