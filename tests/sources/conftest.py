"""What tests of sources may ask for beside the rest."""

import pytest
from tests.sources.ordering import Company


@pytest.fixture
def company(workspace, monkeypatch: pytest.MonkeyPatch) -> Company:
    """Return a company whose sources may be given orders."""
    return Company(monkeypatch)
