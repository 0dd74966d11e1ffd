"""A power failure: what no sync had put on the disk may be gone, in any order. With synchronous=NORMAL the same trials fail."""

import os
from pathlib import Path

import pytest
from tests.conftest import required
from tests.ledger.faulty import compiled
from tests.ledger.given import Ledger
from tests.ledger.killing import Told, fail_power

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


def test_with_every_commit_synced_nothing_acknowledged_goes(ledger: Ledger, library: Path) -> None:
    found = [fail_power(ledger, library, seed, "FULL", Told()) for seed in range(TRIALS)]
    assert sum(trial.gone for trial in found) > 0  # something was there to be taken back
    assert [(trial.lost, trial.ahead) for trial in found] == [(0, 0)] * TRIALS


def test_without_that_the_same_trials_leave_a_checkpoint_ahead_of_its_entries(ledger: Ledger, library: Path) -> None:
    for seed in range(5 * TRIALS):
        trial = fail_power(ledger, library, seed, "NORMAL", Told())
        if trial.lost and trial.ahead:
            return
    pytest.fail("no trial lost anything, so that these trials show nothing")
