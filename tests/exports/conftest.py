"""A company that was judged on three days, made once and copied for each test."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker
from tests.exports.given import PERIOD, Company, copied, found, point_at

from upheld.exports.bundle.scope import About
from upheld.workspace import Workspace


@dataclass(frozen=True)
class Founded:
    """The workspace of a company, to which nobody writes any more, and two bundles that it handed out: on all days, and on one promise."""

    space: Workspace
    period: dict[str, bytes]
    promise: dict[str, bytes]


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory, migrated: Path, django_db_blocker: DjangoDbBlocker) -> Founded:
    """Return the company, made once."""
    space = Workspace(tmp_path_factory.mktemp("company") / "workspace")
    space.create()
    space.database.write_bytes(migrated.read_bytes())
    chosen, before = os.environ.get("UPHELD_WORKSPACE"), connection.settings_dict["NAME"]
    os.environ["UPHELD_WORKSPACE"] = str(space.root)
    with django_db_blocker.unblock():
        point_at(space.database)
        company = found(space)
        period, promise = company.make(**PERIOD), company.make(About.PROMISE, "mini:2")
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        point_at(Path(before))
    if chosen is None:
        del os.environ["UPHELD_WORKSPACE"]
    else:
        os.environ["UPHELD_WORKSPACE"] = chosen
    return Founded(space, period.members, promise.members)


@pytest.fixture
def company(founded: Founded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """Yield a copy of the company, used by Django for this test."""
    yield from _used(founded, tmp_path, monkeypatch, django_db_blocker)


@pytest.fixture(scope="module")
def shared_company(founded: Founded, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """Yield one copy for all tests of a file that do no more to it than to hand out bundles."""
    with pytest.MonkeyPatch.context() as patch:
        yield from _used(founded, tmp_path_factory.mktemp("shared"), patch, django_db_blocker)


def _used(founded: Founded, folder: Path, patch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    space = Workspace(folder / "workspace")
    patch.setenv("UPHELD_WORKSPACE", str(space.root))
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        yield copied(founded.space, space)
        point_at(Path(before))


@pytest.fixture
def members(company: Company, founded: Founded) -> dict[str, bytes]:
    """Return the members of a bundle over the days in which a measure was broken for one."""
    return dict(founded.period)


@pytest.fixture
def one_promise(company: Company, founded: Founded) -> dict[str, bytes]:
    """Return the members of a small bundle on one promise."""
    return dict(founded.promise)
