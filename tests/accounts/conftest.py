"""A workspace with a ledger, at noon of 4 May 2026."""

from datetime import datetime

import pytest
from tests.cheap import cheap_hashes

from upheld.ledger import sequencer
from upheld.workspace import Workspace

__all__ = ["cheap_hashes", "ledger"]


@pytest.fixture
def ledger(workspace: Workspace, noon: datetime) -> Workspace:
    """A workspace with a ledger, on 4 May 2026."""
    sequencer.init("test.example/ledger/main/1")
    return workspace
