"""Openings of release 0.1.0, all under one key, come under keys of their people; that key is destroyed."""

import shutil
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from upheld.ledger import openings
from upheld.ledger.openings import KeyLost
from upheld.ledger.resealing import OLD_FILE, reseal_old
from upheld.upkeep.stage import working_on
from upheld.vault.keys import here
from upheld.workspace import Workspace

RELEASED = Path(__file__).parents[1] / "upkeep" / "released" / "0.1.0.zip"


@pytest.fixture(scope="module")
def brought_up(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """Return the folder of a workspace of release 0.1.0, its tables brought up to now."""
    folder = tmp_path_factory.mktemp("brought-up")
    with zipfile.ZipFile(RELEASED) as frozen:
        frozen.extractall(folder)
    space = Workspace(folder / "workspace")
    (space.keys / OLD_FILE).chmod(0o600)
    with django_db_blocker.unblock(), working_on(space):
        call_command("migrate", verbosity=0, interactive=False)
    return folder


@pytest.fixture
def taken_over(workspace: Workspace, brought_up: Path) -> Workspace:
    """Return a copy of that workspace."""
    connection.close()
    for folder in (workspace.root, workspace.keys):
        shutil.rmtree(folder)
        shutil.copytree(brought_up / folder.name, folder)
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
