"""What every test may ask for: a workspace of its own on a real SQLite file, and a clock that stands still."""

import gc
import os
import shutil
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker
from xdist.remote import Producer
from xdist.scheduler.loadfile import LoadFileScheduling

from upheld import clock
from upheld.evidence.duck import sharing
from upheld.ledger import tables
from upheld.workspace import Workspace

settings.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # a busy machine is no fault
if os.environ.get("UPHELD_REQUIRE_LAB"):  # CI tries the same examples at each run; whoever runs tests at home tries new ones
    settings.load_profile("same")

# Begun first, so that no worker is left alone with one at the end: each takes a quarter of a minute of a processor, or more.
LONG = (
    "tests/cli/test_journey.py",
    "tests/web/test_links.py",
    "tests/registers/test_sampling.py",
    "tests/sources/restic/test_restic.py",
    "tests/checks/test_judging_again.py",
    "tests/sources/host/test_host_orders.py",
    "tests/web/registers/test_hostile.py",
    "tests/upkeep/test_postgresql.py",
    "tests/upkeep/test_restore.py",
    "tests/upkeep/test_killed.py",
    "tests/cli/test_side_by_side.py",
    "tests/exports/test_bundle.py",
    "tests/evidence/test_any_history.py",
    "tests/web/test_every_address.py",
)
# These ask one domain controller, whose making takes longest of all in the lab.
SAMBA = frozenset({"tests/lab/test_services.py", "tests/sources/ldap/test_ad_orders.py", "tests/sources/ldap/test_active_directory.py"})
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """Return an empty SQLite database with every table in place; tests get a copy."""
    path = tmp_path_factory.mktemp("template") / "upheld.sqlite3"
    with django_db_blocker.unblock():
        point_at(path)
        assert tables.make()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
    return path


@pytest.fixture(autouse=True, scope="module")
def one_duckdb() -> Iterator[None]:
    """Let what the tests of a file read be read with one DuckDB; on one thread, so that a copy of the process has all of it."""
    with sharing(threads=1):
        yield


@pytest.fixture
def workspace(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker) -> Iterator[Workspace]:
    """Yield a fresh workspace: its directories, its keys and a migrated database, used by Django for this test."""
    space = Workspace(tmp_path / "workspace")
    space.create()
    shutil.copyfile(migrated, space.database)
    monkeypatch.setenv("UPHELD_WORKSPACE", str(space.root))
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        point_at(space.database)
        yield space
        connection.close()
        connection.settings_dict["NAME"] = before


@pytest.fixture
def noon() -> Iterator[datetime]:
    """Hold the clock at noon of 4 May 2026, UTC."""
    with clock.at(NOON) as instant:
        yield instant


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the tests themselves, which all stay, not be looked through for what is over: neither while they are gathered nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


class _ByFile(LoadFileScheduling):  # type: ignore[misc]  # pytest-xdist says of no scheduler what it is
    """A file's tests share a worker, and what it sets up; so do the files that talk to one domain.

    By marks (`--dist loadgroup`) they would not: under pytest 9.2 pytest-xdist 3.8 marks in vain, and says nothing.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, _ = nodeid.partition("::")
        return "samba" if file in SAMBA else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _ByFile | None:
    """Give the tests out by file where the Makefile says so."""
    return _ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what the Makefile runs in steps of their own: drills, and those that try mutants. Long files come first."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.relative_to(config.rootpath).as_posix(), len(LONG)))
    for item in items:
        if "drills" in item.path.parts:
            item.add_marker(pytest.mark.drills)
        if item.name == "test_every_predicate_matters":
            item.add_marker(pytest.mark.mutants)


def required() -> bool:
    """Whether a service that is missing fails a test instead of skipping it, as in CI."""
    return os.environ.get("UPHELD_REQUIRE_LAB") == "1"


def point_at(path: Path) -> None:
    connection.close()
    connection.settings_dict["NAME"] = str(path)
