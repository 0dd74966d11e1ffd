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
from django.core.management import call_command
from django.db import OperationalError
from pytest_django import DjangoDbBlocker
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
from upheld.upkeep.taking import Target
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
    frozen: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker
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
        first = all_logs()[0]
        assert (first.origin, first.root(expected["ledger"]["size"]).hex()) == (expected["ledger"]["origin"], expected["ledger"]["root"])
        assert sequencer.status().waiting == 0
        assert verifying.wrong(signing.trusted(), lambda *_: None) == []
        judged = {each.measure: json.loads(json.dumps(verdict_json(each), default=str)) for each in _as_of(expected["as_of"])}
        assert {name: {fact: judged[name][fact] for fact in FACTS} for name in expected["verdicts"]} == expected["verdicts"]
        assert Backup.objects.get().path == str(space.root.parent / "before.tar")
        assert upgrading.upgrade(space, Target(space.root.parent / "again.tar")) is None


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
    with pytest.raises(OperationalError) as alone:
        _migrated_copy(released)
    with pytest.raises(Unsound, match="backups_restoretest"):
        upgrading.upgrade(released, target(released))
    assert "already exists" in str(alone.value)
    assert content(released) == old
    assert [name for name in beside(released) if name not in around] == ["before.tar"]


def _migrated_copy(space: Workspace) -> None:
    """Apply the changes to a copy, as the upgrade does: the control that they really fail."""
    copy = Workspace(space.root.parent / "copy" / "workspace")
    copy.create()
    copy.database.write_bytes(space.database.read_bytes())
    try:
        with working_on(copy):
            call_command("migrate", verbosity=0, interactive=False)
    finally:
        for path in sorted((space.root.parent / "copy").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        (space.root.parent / "copy").rmdir()


def test_damage_of_before_stops_an_upgrade_unless_it_is_wanted_all_the_same(released: Workspace) -> None:
    next(released.history.rglob("*.parquet")).unlink()
    with pytest.raises(Unsound, match="cannot be read"):
        upgrading.upgrade(released, target(released))
    assert upgrading.upgrade(released, Target(released.root.parent / "second.tar"), despite=True) is not None


def test_the_commands_say_all_of_this(released: Workspace) -> None:
    out = released.root.parent
    refused, looked, upgraded, taken = upheld(
        released, ["show"], ["doctor"], ["upgrade", "--json"], ["backup", str(out / "new.tar"), "--json"]
    )
    assert (refused[0], "upheld upgrade" in refused[2]) == (2, True)
    assert (looked[0], "upheld upgrade" in looked[1]) == (1, True)
    told = json.loads(upgraded[1])
    assert (told["upgraded"], Path(told["backup"]).is_file(), Path(told["aside"]).is_dir()) == (True, True, True)
    backup = json.loads(taken[1])
    assert (taken[0], backup["files"] > 1, backup["wrong"], backup["ledger"]) == (0, True, [], [])
    restored, newer, tested = upheld(
        released,
        ["restore", backup["path"]],
        ["restore", str(out / "workspace" / "parameters.toml")],
        ["restore", "--check", "--json", told["backup"]],
    )
    found = json.loads(tested[1])
    assert (tested[0], found["content_verified"], found["entered"]) == (0, True, True)
    assert (restored[0], "lies in" in restored[1], "upheld ledger new-shard --reason" in restored[2]) == (0, True, True)
    assert (newer[0], "no backup that upheld took" in newer[2]) == (2, True)


def upheld(space: Workspace, *commands: list[str]) -> list[tuple[int, str, str]]:
    """Run the command line with each of `commands` in one process; return status, output and error of each."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "UPHELD_WORKSPACE": str(space.root)}
    asked = [sys.executable, "-c", COMMANDS, json.dumps(commands)]
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [(status, out, err) for status, out, err in json.loads(done.stdout)]
