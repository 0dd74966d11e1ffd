"""People at work, as the middleware or a command would make them, and the workspace that they work in."""

from datetime import datetime
from uuid import NAMESPACE_DNS, uuid5

import pytest

from upheld.accounts.person import Held, Person
from upheld.accounts.role import Role
from upheld.ledger import sequencer
from upheld.workspace import Workspace


def person(name: str, *roles: Role, via: str = "web") -> Person:
    """Somebody whose people.id is E-<name>, with `roles` for everything."""
    return Person(uuid5(NAMESPACE_DNS, name), f"E-{name}", name.capitalize(), tuple(Held(role) for role in roles), via)


@pytest.fixture
def ledger(workspace: Workspace, noon: datetime) -> Workspace:
    """A workspace with a ledger, on 4 May 2026."""
    sequencer.init("test.example/ledger/main/1")
    return workspace


@pytest.fixture
def lead(ledger: Workspace) -> Person:
    """The security lead, E-lea."""
    return person("lea", Role.SECURITY_LEAD)


@pytest.fixture
def ada(ledger: Workspace) -> Person:
    """Ada, an employee."""
    return person("ada", Role.EMPLOYEE)
