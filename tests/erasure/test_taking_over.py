"""Openings of release 0.1.0, all under one key, come under keys of their people; that key is destroyed."""

import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from upheld.ledger import openings
from upheld.ledger.openings import KeyLost
from upheld.ledger.resealing import OLD_FILE, reseal_old
from upheld.vault.keys import here
from upheld.workspace import Workspace

RELEASED = Path(__file__).parents[1] / "upkeep" / "released" / "0.1.0.zip"


@pytest.fixture
def taken_over(workspace: Workspace) -> Workspace:
    """Return a workspace of release 0.1.0, its tables brought up to now."""
    connection.close()
    for old in workspace.root.glob("upheld.sqlite3*"):
        old.unlink()
    with zipfile.ZipFile(RELEASED) as frozen:
        frozen.extractall(workspace.root.parent)
    (workspace.keys / OLD_FILE).chmod(0o600)
    call_command("migrate", verbosity=0, interactive=False)
    return workspace


def sealed_under(key: str) -> int:
    """How many openings name `key`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_opening WHERE key = %s", (key,))
        (count,) = cursor.fetchone()
    return int(count)


def test_old_openings_open_under_keys_of_their_own(taken_over: Workspace) -> None:
    old = sealed_under("workspace")
    assert old > 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry FROM ledger_opening")
        (first,) = cursor.fetchone()
    with pytest.raises(KeyLost, match="upheld erased reapply"):
        openings.opened(first)
    assert reseal_old(here()) == old
    assert sealed_under("workspace") == 0
    assert not (taken_over.keys / OLD_FILE).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT entry FROM ledger_opening")
        opened = [openings.opened(entry) for (entry,) in cursor.fetchall()]
    assert sum(map(len, opened)) == old
    assert reseal_old(here()) == 0


def test_without_their_key_nothing_is_changed_and_it_is_said(taken_over: Workspace) -> None:
    old = sealed_under("workspace")
    key = taken_over.keys / OLD_FILE
    key.write_bytes(bytes(32))
    with pytest.raises(KeyLost, match="sealed under another key"):
        reseal_old(here())
    key.unlink()
    with pytest.raises(KeyLost, match="bring it back"):
        reseal_old(here())
    assert sealed_under("workspace") == old
