"""Upheld's own backups and restore tests are evidence, and are judged as any system's are."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from tests.judged import Judged, broken, judged, unproven, upheld
from tests.measures.made import system

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.evidence.table import Row
from upheld.ledger import sequencer
from upheld.sources.product import PRODUCT
from upheld.sources.source import complete
from upheld.upkeep import restoring
from upheld.upkeep.restoring import Source
from upheld.upkeep.taking import Target, take, take_keys
from upheld.workspace import Workspace

__all__ = ["judged"]
TAKEN, PROVEN = "backup/taken_on_schedule", "backup/restore_proven"
ITSELF = system("upheld", backup_interval=timedelta(days=1), backup_generations=1, recovery_time=timedelta(hours=1))


@pytest.fixture
def target(workspace: Workspace, tmp_path: Path) -> Target:
    """Where a backup of a workspace that has just been made goes."""
    sequencer.init("itself.example/ledger/main/1")
    return Target(tmp_path / "one.tar")


def told() -> Collecting:
    """What this installation tells of its backups."""
    into = Collecting("upheld", PRODUCT.tables, clock.now())
    PRODUCT.connect(complete(PRODUCT, {}))._backups(into)  # type: ignore[attr-defined]
    return into


def rows(name: str) -> list[Row]:
    """The rows of one table."""
    return list(told().seen[name].rows.values())


def test_backups_that_are_taken_and_proven_are_upheld_and_none_is_broken(judged: Judged, target: Target, workspace: Workspace) -> None:
    at = clock.now()
    assert judged(TAKEN, systems=[ITSELF], backups=rows("backups"), as_of=at) == broken(1, [("upheld", "has no whole backup")])
    assert judged(PROVEN, systems=[ITSELF], restore_tests=rows("restore_tests"), as_of=at) == broken(1, [("upheld", "never proven")])
    take(workspace, target)
    restoring.try_out(workspace, Source(target.path))
    at = clock.now()
    assert judged(TAKEN, systems=[ITSELF], backups=rows("backups"), as_of=at) == upheld(1)
    assert judged(PROVEN, systems=[ITSELF], restore_tests=rows("restore_tests"), as_of=at) == upheld(1)
    (row,) = rows("backups")
    assert (row["complete"], row["intact"], row["repository"]) == (True, True, str(target.path.parent))


def test_a_backup_that_lies_elsewhere_by_now_is_unknown_and_one_that_was_altered_is_not_whole(
    judged: Judged, target: Target, workspace: Workspace
) -> None:
    take(workspace, target)
    moved = target.path.rename(target.path.with_name("moved.tar"))
    assert judged(TAKEN, systems=[ITSELF], backups=rows("backups"), as_of=clock.now()) == unproven("unknown")
    moved.rename(target.path).write_bytes(b"short")
    assert judged(TAKEN, systems=[ITSELF], backups=rows("backups"), as_of=clock.now()) == broken(1)


def test_a_backup_that_did_not_come_back_takes_the_proof_away(judged: Judged, target: Target, workspace: Workspace) -> None:
    take(workspace, target)
    restoring.try_out(workspace, Source(target.path))
    target.path.write_bytes(target.path.read_bytes().replace(b"upheld-backup/1", b"upheld-backup/0"))
    restoring.try_out(workspace, Source(target.path))
    assert [row["content_verified"] for row in rows("restore_tests")] == [True, False]
    assert [row["intact"] for row in rows("backups")] == [False]
    assert judged(PROVEN, systems=[ITSELF], restore_tests=rows("restore_tests"), as_of=clock.now()) == broken(1)


def test_a_backup_of_the_keys_is_none_of_the_workspace(target: Target, workspace: Workspace) -> None:
    take_keys(workspace, target)
    assert rows("backups") == []


def test_rows_that_the_ledger_does_not_know_prove_nothing_and_are_told(target: Target, workspace: Workspace) -> None:
    take(workspace, target)
    with closing(sqlite3.connect(workspace.database)) as database:
        database.execute("UPDATE backups_backup SET finished_at = '2030-01-01 00:00:00'")
        database.commit()
    into = told()
    assert into.seen["backups"].rows == {}
    assert ["says otherwise of 1" in why for why in into.seen["backups"].cut_short] == [True]
