"""Taking over workspaces of released versions: each one that was frozen, and what keeps one from being taken over."""

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker
from tests.ledger.tables_of import sqlite
from tests.upkeep.freeze import FACTS
from tests.upkeep.given import COMMANDS, beside, content
from tests.upkeep.released import RELEASED, unzipped

from upheld.backups.models import Backup
from upheld.cli.check import verdict_json
from upheld.ledger import sequencer
from upheld.ledger.store import all_logs
from upheld.upkeep import release, signing, upgrading, verifying
from upheld.upkeep.errors import FromNewerRelease, NotUpgraded, Unsound
from upheld.upkeep.stage import working_on
from upheld.upkeep.taking import Target, take
from upheld.verdicts.checking import judged_as_of
from upheld.workspace import Workspace


@pytest.fixture
def released(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Workspace]:
    """Yield the workspace of the oldest release, as it was frozen, as the current one."""
    space = unzipped(RELEASED[0], tmp_path / "released")
    with django_db_blocker.unblock(), working_on(space):
        yield space


def target(space: Workspace) -> Target:
    """Where the backup before an upgrade goes."""
    return Target(space.root.parent / "before.tar")


@pytest.mark.parametrize("frozen", RELEASED, ids=lambda path: path.stem)
def test_every_release_is_refused_until_it_is_taken_over_with_what_it_said(
    frozen: Path, tmp_path: Path, migrated: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    space = unzipped(frozen, tmp_path / "released")
    expected = json.loads(zipfile.ZipFile(frozen).read("expected.json"))
    with django_db_blocker.unblock(), working_on(space):
        with pytest.raises(NotUpgraded, match="Upgrade it: upheld upgrade takes a backup first"):
            release.require_this()
        old = content(space)
        done = upgrading.upgrade(space, target(space))
        assert done is not None
        assert (done.way_on, content(Workspace(done.aside))) == ("", old)
        release.require_this()
        assert sqlite(space.database) == sqlite(migrated)  # a new workspace's are made at once, and an old one's change by change
        first = all_logs()[0]
        assert (first.origin, first.root(expected["ledger"]["size"]).hex()) == (expected["ledger"]["origin"], expected["ledger"]["root"])
        assert sequencer.status().waiting == 0
        assert verifying.wrong(signing.trusted(), lambda *_: None) == []
        judged = {each.measure: json.loads(json.dumps(verdict_json(each), default=str)) for each in _as_of(expected["as_of"])}
        assert {name: {fact: judged[name][fact] for fact in FACTS} for name in expected["verdicts"]} == expected["verdicts"]
        assert Backup.objects.get().path == str(space.root.parent / "before.tar")
        assert upgrading.upgrade(space, Target(space.root.parent / "again.tar")) is None


def test_a_workspace_whose_making_was_stopped_is_told_from_one_of_an_older_release(workspace: Workspace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
    with pytest.raises(NotUpgraded, match="was not made whole: upheld init was stopped"):
        release.require_this()
    sequencer.init("test.example/ledger/main/1")
    with pytest.raises(NotUpgraded, match="was made by an older release"):
        release.require_this()


def _as_of(instant: str) -> list[Any]:
    return judged_as_of(datetime.fromisoformat(instant))


def test_a_newer_workspace_is_refused_by_commands_and_not_upgraded(released: Workspace) -> None:
    with closing(sqlite3.connect(released.database)) as database:
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('sources', '0099_of_tomorrow', '2030-01-01')")
        database.commit()
    old = content(released)
    for refused in (release.require_this, lambda: upgrading.upgrade(released, target(released))):
        with pytest.raises(FromNewerRelease, match="0099_of_tomorrow is not known here"):
            refused()
    assert content(released) == old


def test_a_change_that_fails_half_way_leaves_the_workspace_as_it_was(released: Workspace) -> None:
    with closing(sqlite3.connect(released.database)) as database:
        database.execute("CREATE TABLE backups_restoretest (somebody_elses integer)")
        database.commit()
    old, around = content(released), beside(released)
    with pytest.raises(Unsound, match=r"backups_restoretest.* already exists"):
        upgrading.upgrade(released, target(released))
    assert content(released) == old
    assert [name for name in beside(released) if name not in around] == ["before.tar"]


def test_damage_of_before_stops_an_upgrade(released: Workspace) -> None:
    next(released.history.rglob("*.parquet")).unlink()
    with pytest.raises(Unsound, match="cannot be read"):
        upgrading.upgrade(released, target(released))
    assert release.standing().due


def test_the_commands_say_all_of_this(released: Workspace, company: Workspace, shelf: Path) -> None:
    with working_on(company):
        backup = take(company, Target(shelf / "one.tar")).path
    refused, looked = upheld(released, ["show"], ["doctor"])
    assert (refused[0], "upheld upgrade" in refused[2]) == (2, True)
    assert (looked[0], "upheld upgrade" in looked[1]) == (1, True)
    upgraded, restored, none, taken, tested = upheld(
        company, ["upgrade", "--json"], ["restore", str(backup)], ["restore", str(company.parameters)], ["backup", str(shelf), "--json"],
        ["restore", "--check", "--json", str(backup)],
    )  # fmt: skip
    assert (upgraded[0], json.loads(upgraded[1])["upgraded"]) == (0, False)
    assert (restored[0], "lies in" in restored[1], "upheld ledger new-shard --reason" in restored[2]) == (0, True, True)
    assert (none[0], "no backup that upheld took" in none[2]) == (2, True)
    written = json.loads(taken[1])
    assert (taken[0], Path(written["path"]).is_file(), written["wrong"]) == (0, True, [])
    assert "it was restored from a backup" in written["ledger"][0]
    found = json.loads(tested[1])
    assert (tested[0], found["content_verified"], found["entered"]) == (0, True, True)


def upheld(space: Workspace, *commands: list[str]) -> list[tuple[int, str, str]]:
    """Run the command line with each of `commands` in one process; return status, output and error of each."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "UPHELD_WORKSPACE": str(space.root)}
    asked = [sys.executable, "-c", COMMANDS, json.dumps(commands)]
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [(status, out, err) for status, out, err in json.loads(done.stdout)]
