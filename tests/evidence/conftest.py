"""An empty archive for each test."""

from pathlib import Path

import pytest
from tests.evidence.made import Archive


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return a store without a file."""
    return Archive(tmp_path / "history")
