"""The company whose Rita asks to be forgotten: founded once, and given to each test as a copy."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker
from tests.erasure.company import Company, forget_rita, founded
from tests.lists import lend

from upheld.upkeep.stage import working_on
from upheld.vault.keys import here
from upheld.workspace import Workspace


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, migrated: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """Yield the folder that holds a company, collected and judged, with entries about Rita."""
    folder = tmp_path_factory.mktemp("company")
    space = Workspace(folder / "workspace")
    space.create()
    shutil.copyfile(migrated, space.database)
    before, chosen = connection.settings_dict["NAME"], os.environ.get("UPHELD_WORKSPACE")
    os.environ["UPHELD_WORKSPACE"] = str(space.root)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = str(space.database)
        try:
            founded(space, folder / "lists").enter()
            here().store.close()
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
            os.environ.pop("UPHELD_WORKSPACE")
            if chosen is not None:
                os.environ["UPHELD_WORKSPACE"] = chosen
    (folder / "lists").rename(folder / "lists.made")
    yield folder


@pytest.fixture(scope="session")
def after(template: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """Return the folder of the same company after Rita was erased."""
    folder = tmp_path_factory.mktemp("forgotten")
    for name in ("workspace", "workspace.keys"):
        shutil.copytree(template / name, folder / name)
    space = Workspace(folder / "workspace")
    chosen = os.environ.get("UPHELD_WORKSPACE")
    os.environ["UPHELD_WORKSPACE"] = str(space.root)
    with django_db_blocker.unblock(), working_on(space):
        forget_rita()
        here().store.close()
    os.environ.pop("UPHELD_WORKSPACE")
    if chosen is not None:
        os.environ["UPHELD_WORKSPACE"] = chosen
    return folder


@pytest.fixture
def forgotten(after: Path, template: Path, workspace: Workspace, tmp_path: Path) -> Company:
    """Return a company of this test's own, out of which Rita was erased."""
    connection.close()
    for folder in (workspace.root, workspace.keys):
        shutil.rmtree(folder)
        shutil.copytree(after / folder.name, folder)
    lend(template, tmp_path / "lists")
    return Company(workspace, tmp_path / "lists")


@pytest.fixture
def company(template: Path, workspace: Workspace, tmp_path: Path) -> Company:
    """Return a company of this test's own."""
    connection.close()
    for folder in (workspace.root, workspace.keys):
        shutil.rmtree(folder)
        shutil.copytree(template / folder.name, folder)
    lend(template, tmp_path / "lists")
    return Company(workspace, tmp_path / "lists")
