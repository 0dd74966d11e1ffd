"""kill -9 at random moments: nothing acknowledged is lost, and no checkpoint is ahead of its entries."""

import os

import pytest
from django.db import connection
from tests.ledger.given import Ledger
from tests.ledger.killing import Told, chances

RUNS = int(os.environ.get("UPHELD_KILL_RUNS", "20"))


@pytest.mark.parametrize("part", range(4))
def test_nothing_acknowledged_is_lost_and_no_checkpoint_is_ahead(ledger: Ledger, part: int) -> None:
    chance, told = chances(part), Told()
    longest, runs = 0.25, max(1, RUNS // 4)
    while runs > 0 or len(told.kept) <= 20:
        connection.close()
        told.run_and_kill(ledger.workspace.root, chance.uniform(0.0, longest))
        assert told.checkpoints_ahead(ledger) == []
        assert told.lost(ledger) == 0
        runs -= 1
        longest += 0.0 if runs > 0 else 0.5  # a machine so busy that little was written yet
    told.require_whole(ledger)
