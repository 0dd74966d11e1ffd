"""A small company whose workspace was read and judged: made once, copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker
from tests.lists import lend
from tests.upkeep.given import filled

from upheld.upkeep.stage import working_on
from upheld.workspace import Workspace


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, migrated: Path, django_db_blocker: DjangoDbBlocker) -> Workspace:
    """The company's workspace as it was made; tests get a copy."""
    space = Workspace(tmp_path_factory.mktemp("made") / "workspace")
    space.create()
    shutil.copyfile(migrated, space.database)
    with django_db_blocker.unblock(), working_on(space):
        filled(space)
    (space.root.parent / "lists").rename(space.root.parent / "lists.made")
    return space


@pytest.fixture
def company(made: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker) -> Iterator[Workspace]:
    """Yield a copy of the company's workspace, with its keys, as the current one."""
    space = Workspace(tmp_path / "company" / "workspace")
    for name in (made.root.name, made.keys.name):
        shutil.copytree(made.root.parent / name, space.root.parent / name)
    lend(made.root.parent, space.root.parent / "lists")
    monkeypatch.setenv("UPHELD_WORKSPACE", str(space.root))
    with django_db_blocker.unblock(), working_on(space):
        yield space


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A directory for backups, outside the workspace."""
    place = tmp_path / "shelf"
    place.mkdir()
    return place
