"""kill -9 at many moments of a restore and of an upgrade: the workspace is afterwards the old one or the new one, never half of each."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.upkeep.given import content, run
from tests.upkeep.released import RELEASED, unzipped

from upheld.upkeep import restoring
from upheld.upkeep.restoring import Source
from upheld.upkeep.stage import working_on
from upheld.upkeep.switching import put_aside
from upheld.upkeep.taking import Target, take
from upheld.workspace import Workspace

# CI tries some moments; UPHELD_KILL_RUNS=1000 tries all there are.
RUNS = int(os.environ.get("UPHELD_KILL_RUNS", "12"))


class Zygote:
    """The process of `zygote.py`."""

    def __init__(self) -> None:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "upheld.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, str(Path(__file__).with_name("zygote.py"))]
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, **asked: Any) -> dict[str, int]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        told: dict[str, int] = json.loads(self.process.stdout.readline())
        return told


@pytest.fixture
def zygote() -> Iterator[Zygote]:
    made = Zygote()
    yield made
    made.process.kill()
    made.process.wait()


def moments(last: int) -> list[int]:
    """Moments to try out of 1 to `last`: the last ones, where the switch is, and others at random."""
    if last <= RUNS:
        return list(range(1, last + 1))
    late = list(range(last - RUNS // 2 + 1, last + 1))
    return sorted({*random.Random(7).sample(range(1, late[0]), RUNS - len(late)), *late})


def copied(space: Workspace, to: Path) -> Workspace:
    """A copy of `space` with its keys."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(space.root, to / space.root.name)
    shutil.copytree(space.keys, to / space.keys.name)
    return Workspace(to / space.root.name)


def test_a_restore_that_is_killed_leaves_the_old_or_the_new_state(company: Workspace, shelf: Path, tmp_path: Path, zygote: Zygote) -> None:
    backed_up = content(company)
    take(company, Target(shelf / "one.tar"))
    (company.documents / "own.toml").write_text((company.documents / "own.toml").read_text() + "\n")
    run()
    old = content(company)
    space = copied(company, tmp_path / "copy")
    asked = {"do": "restore", "root": str(space.root), "file": str(shelf / "one.tar")}
    whole = zygote(**asked, kill_at=0)
    assert (whole["status"], content(space)) == (0, backed_up)
    found = []
    for space in killed_and_copied(zygote, asked, copied(company, tmp_path / "copy"), moments(whole["moments"])):
        found.append(which(space, old, backed_up))
    space = copied(company, tmp_path / "copy")
    zygote(**asked, kill_at=0, after=0.1)
    found.append(which(space, old, backed_up))
    assert set(found) == {"old", "new"}, "the moments lie on both sides of the switch"
    with working_on(space):
        restoring.restore(space, Source(shelf / "one.tar"))
    assert [path.name for path in space.root.parent.iterdir() if path.name.startswith(".upheld-stage")] == [], (
        "what was left is cleared away"
    )


def killed_and_copied(zygote: Zygote, asked: dict[str, str], space: Workspace, at: list[int]) -> Iterator[Workspace]:
    """Yield the workspace as a kill at each moment `at` leaves it: the process is killed at the last, all was copied at the others."""
    assert zygote(**asked, kill_at=at[-1], copy_at=at[:-1])["status"] == -9
    folder = space.root.parent
    yield from [space, *(Workspace(folder.with_name(f"{folder.name}.at-{moment}") / space.root.name) for moment in at[:-1])]


def which(space: Workspace, old: dict[str, object], new: dict[str, object]) -> str:
    """Which state `space` is in; where it is the new one, the old one must lie aside, whole."""
    now = content(space)
    assert now in (old, new)
    if now == new:
        (aside,) = put_aside(space.root)
        assert content(Workspace(aside)) == old
    return "new" if now == new else "old"


def test_an_upgrade_that_is_killed_leaves_the_old_or_the_new_state(tmp_path: Path, zygote: Zygote, company: Workspace) -> None:
    released = unzipped(RELEASED[0], tmp_path / "released")
    old = content(released)
    space = copied(released, tmp_path / "copy")
    asked = {"do": "upgrade", "root": str(space.root)}
    whole = zygote(**asked, file=str(tmp_path / "whole.tar"), kill_at=0)
    assert whole["status"] == 0
    assert content(space) != old
    asked["file"] = str(tmp_path / "killed.tar")
    for space in killed_and_copied(zygote, asked, copied(released, tmp_path / "copy"), moments(whole["moments"])):
        if content(space) != old:
            (aside,) = put_aside(space.root)
            assert content(Workspace(aside)) == old
            assert "backups_backup" in tables(space)


def tables(space: Workspace) -> set[str]:
    """The names of everything in the workspace's database."""
    with closing(sqlite3.connect(space.database)) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
