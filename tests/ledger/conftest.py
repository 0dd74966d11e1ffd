"""A ledger to test: made, and signed once."""

import pytest
from tests.ledger.given import ORIGIN, Ledger

from upheld.ledger import sequencer
from upheld.workspace import Workspace


@pytest.fixture
def ledger(workspace: Workspace) -> Ledger:
    """Yield a workspace with a ledger."""
    sequencer.init(ORIGIN)
    return Ledger(workspace)
