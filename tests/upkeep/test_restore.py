"""Bringing backups back: verified in full, all or nothing, never by destroying what was there."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import orjson
import pytest
from django.db import connection
from tests.upkeep.given import beside, content, repacked, run, said

from upheld.backups.models import RestoreTest
from upheld.ledger import keys, lookup, sequencer, store
from upheld.ledger.continuity import LedgerForked
from upheld.upkeep import restoring, signing, verifying
from upheld.upkeep.errors import FromNewerRelease, Refused, Unsound, Unusable
from upheld.upkeep.restoring import Source
from upheld.upkeep.stage import working_on
from upheld.upkeep.taking import Target, take, take_keys
from upheld.workspace import InUse, Workspace, alone

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
HOLDER = """
import sys
from pathlib import Path
from upheld.workspace import Workspace, use
use(Workspace(Path(sys.argv[1])))
print("in use", flush=True)
input()
"""


@pytest.fixture
def backup(company: Workspace, shelf: Path) -> Path:
    """A backup of the company's workspace."""
    return take(company, Target(shelf / "one.tar")).path


def trusting(company: Workspace) -> list[str]:
    """What is found wrong with the current workspace by its own keys."""
    return verifying.wrong(signing.trusted(), lambda *_: None)


def test_the_old_state_is_kept_whole_and_named(company: Workspace, backup: Path) -> None:
    company.parameters.write_text("")
    old = content(company)
    done = restoring.restore(company, Source(backup))
    assert done.aside is not None
    assert content(Workspace(done.aside)) == old
    assert done.aside.name.startswith("workspace.aside-")


def test_after_a_restore_the_ledger_waits_until_a_new_shard_names_why(company: Workspace, backup: Path) -> None:
    before = said()
    done = restoring.restore(company, Source(backup))
    assert "it was restored from a backup" in done.way_on
    with pytest.raises(LedgerForked):
        sequencer.sequence()
    assert sequencer.status().waiting == 1
    sequencer.new_shard("restored from a backup")
    run()
    assert said()[0] == before[0]
    assert trusting(company) == []
    entries = [entry["kind"] for entry in map(lookup_entry, range(5))]
    assert entries[:3] == ["shard.opened", "key.created", "workspace.restored"]


def lookup_entry(index: int) -> dict[str, object]:
    """An entry of the current log."""
    log = store.current()
    assert log is not None
    found: dict[str, object] = orjson.loads(log.entry(index))
    return found


def test_a_workspace_in_use_is_not_touched(company: Workspace, backup: Path) -> None:
    old = content(company)
    user = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(company.root)], env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert user.stdout is not None
    assert user.stdout.readline() == "in use\n"
    with pytest.raises(InUse, match=rf"in use by process {user.pid}: end that first"):
        restoring.restore(company, Source(backup))
    assert content(company) == old
    user.communicate("\n")
    restoring.restore(company, Source(backup))


def test_nobody_starts_to_use_a_workspace_that_is_being_restored(company: Workspace) -> None:
    with alone(company):
        asked = subprocess.run(
            [sys.executable, "-m", "upheld", "show"],
            capture_output=True,
            text=True,
            check=False,
            env={**ENVIRONMENT, "UPHELD_WORKSPACE": str(company.root)},
        )
    assert (asked.returncode, asked.stdout) == (2, "")
    assert "is being restored or upgraded" in asked.stderr


def test_somebody_elses_backup_is_refused_and_nothing_changed(company: Workspace, backup: Path) -> None:
    old, around = content(company), beside(company)
    for path in (company.keys / "ledger").glob("*.key"):
        path.unlink()
        keys.create(path, "another.example/ledger/main/1")
    with pytest.raises(Unusable, match="signed by none of the keys that are trusted here"):
        restoring.restore(company, Source(backup))
    assert (content(company), beside(company)) == (old, around)


def test_a_backup_that_was_put_together_anew_is_refused(company: Workspace, backup: Path, tmp_path: Path) -> None:
    """All its digests fit; only the signature shows that the manifest is another."""
    backup.write_bytes(repacked(backup, {"measures/notes.txt": b"another note"}, tmp_path / "scratch"))
    with pytest.raises(Unusable, match="another manifest"):
        restoring.restore(company, Source(backup))


def test_a_ledger_that_was_rewritten_in_a_backup_is_found_even_without_a_signature(
    company: Workspace, backup: Path, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    repacked(backup, {}, scratch)
    with closing(sqlite3.connect(scratch / "upheld.sqlite3")) as database:
        (position,) = database.execute("SELECT max(position) FROM ledger_entry").fetchone()
        database.execute("DROP TRIGGER ledger_entry_update")
        database.execute(
            "UPDATE ledger_entry SET data = replace(CAST(data AS TEXT), 'upheld', 'Upheld') WHERE position = ?", (position - 1,)
        )
        database.commit()
    backup.write_bytes(repacked(backup, {"upheld.sqlite3": (scratch / "upheld.sqlite3").read_bytes()}, tmp_path / "again"))
    old = content(company)
    with pytest.raises(Unsound) as error:
        restoring.restore(company, Source(backup, unsigned=True))
    assert any("ledger_entry_update" in each for each in error.value.wrong)
    assert content(company) == old


@pytest.mark.parametrize("name", ["history", "outcomes"])
def test_evidence_that_was_altered_in_a_backup_is_found_even_without_a_signature(
    company: Workspace, backup: Path, tmp_path: Path, name: str
) -> None:
    some = next(path for path in sorted(content(company)) if path.startswith(name))
    backup.write_bytes(repacked(backup, {some: (company.root / some).read_bytes()[:-1] + b"!"}, tmp_path / "scratch"))
    with pytest.raises(Unsound, match="not what was backed up, so nothing was changed"):
        restoring.restore(company, Source(backup, unsigned=True))
    assert restoring.restore(company, Source(backup, unsigned=True), despite=True).aside is not None


def test_a_damaged_database_is_found(company: Workspace, backup: Path, tmp_path: Path) -> None:
    damaged = bytearray((company.database).read_bytes())
    damaged[8192:60000] = b"\xff" * (60000 - 8192)
    backup.write_bytes(repacked(backup, {"upheld.sqlite3": bytes(damaged)}, tmp_path / "scratch"))
    with pytest.raises(Unsound):
        restoring.restore(company, Source(backup, unsigned=True))


def test_a_backup_of_a_newer_release_is_refused(company: Workspace, shelf: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_of_tomorrow', '2030-01-01')")
    path = take(company, Target(shelf / "newer.tar")).path
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '9999_of_tomorrow'")
    with pytest.raises(FromNewerRelease, match="newer release than this"):
        restoring.restore(company, Source(path))


def test_everything_lost_comes_back_from_both_backups(company: Workspace, backup: Path, shelf: Path, tmp_path: Path) -> None:
    before = said()
    key_backup = take_keys(company, Target(shelf / "keys.tar")).path
    new = Workspace(tmp_path / "new machine" / "workspace")
    with working_on(new):
        with pytest.raises(Unusable, match="no key here to tell whose backup this is"):
            restoring.restore(new, Source(backup))
        (new.keys / "django.secret").write_text("made by that attempt")
        restoring.restore_keys(new, Source(key_backup))
        done = restoring.restore(new, Source(backup))
        assert "high-water mark is gone" in done.way_on
        assert (said()[0], said()[3]) == (before[0], True)
        sequencer.new_shard("the machine was lost")
        assert trusting(new) == []


def test_a_public_key_or_taking_it_as_it_is_is_enough_where_the_keys_are_lost(company: Workspace, backup: Path, tmp_path: Path) -> None:
    key = keys.load(next((company.keys / "ledger").glob("*.key"))).key
    for number, source in enumerate((Source(backup, trusted=[key]), Source(backup, unsigned=True))):
        new = Workspace(tmp_path / f"new{number}" / "workspace")
        with working_on(new):
            assert restoring.restore(new, source).aside is None
            assert sequencer.new_shard("the keys were lost").origin == "company.example/ledger/main/2"


def test_keys_are_never_overwritten_and_not_taken_for_a_workspace(company: Workspace, backup: Path, shelf: Path) -> None:
    key_backup = take_keys(company, Target(shelf / "keys.tar")).path
    with pytest.raises(Refused, match="holds keys already"):
        restoring.restore_keys(company, Source(key_backup))
    with pytest.raises(Refused, match="backup of keys"):
        restoring.restore(company, Source(key_backup))
    empty = Workspace(shelf / "elsewhere" / "workspace")
    with pytest.raises(Refused, match="not of keys"):
        restoring.restore_keys(empty, Source(backup))


def test_trying_a_backup_out_is_a_restore_test_and_changes_nothing_else(company: Workspace, backup: Path) -> None:
    old, around = {name: digest for name, digest in content(company).items() if name != "rows"}, beside(company)
    tested, manifest = restoring.try_out(company, Source(backup))
    row = RestoreTest.objects.get()
    entry = lookup.entries([row.entry_id])[row.entry_id]
    assert (tested.wrong, row.content_verified, entry["body"]["content_verified"]) == ((), True, True)
    assert manifest is not None
    assert (entry["kind"], entry["subject"]["id"], row.files) == ("restore.tested", manifest.backup, len(manifest.files))
    assert row.took.total_seconds() > 0
    assert ({name: digest for name, digest in content(company).items() if name != "rows"}, beside(company)) == (old, around)


def test_a_backup_that_does_not_come_back_is_a_restore_test_too(company: Workspace, backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:-1])
    tested, _ = restoring.try_out(company, Source(backup))
    assert tested.wrong
    row = RestoreTest.objects.get()
    assert (row.content_verified, row.said) == (False, tested.wrong[0])


def test_a_file_that_never_was_a_backup_is_no_restore_test(company: Workspace, backup: Path, shelf: Path) -> None:
    (shelf / "letter.txt").write_text("Dear Sir or Madam")
    with pytest.raises(Unusable, match="no backup that upheld took"):
        restoring.try_out(company, Source(shelf / "letter.txt"))
    with pytest.raises(Refused, match="backup of keys"):
        restoring.try_out(company, Source(take_keys(company, Target(shelf / "keys.tar")).path))
    assert not RestoreTest.objects.exists()


def test_a_workspace_whose_database_is_gone_or_spoilt_is_restored_like_any_other(company: Workspace, backup: Path) -> None:
    before, files_before = said()[0], content(company).keys()
    company.database.write_bytes(b"no database any more")
    connection.close()
    done = restoring.restore(company, Source(backup))
    assert (said()[0], content(company).keys()) == (before, files_before)
    assert done.aside is not None
    assert (done.aside / company.database.name).read_bytes() == b"no database any more"
    for path in company.root.glob("upheld.sqlite3*"):
        path.unlink()
    connection.close()
    restoring.restore(company, Source(backup))
    assert (said()[0], content(company).keys()) == (before, files_before)


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[Path]:
    """A real file system of `size` bytes; only root can have one."""
    place.mkdir()
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True, check=False).returncode
    ):
        pytest.skip("only root can mount a small disk; the limit on file sizes in test_backup stands for it")
    try:
        yield place
    finally:
        connection.close()
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_leaves_the_old_state(company: Workspace, backup: Path, tmp_path: Path) -> None:
    size = sum(path.stat().st_size for path in company.root.rglob("*") if path.is_file())
    with small_disk(tmp_path / "disk", size + 200_000) as disk:
        space = Workspace(disk / "workspace")
        shutil.copytree(company.root, space.root)
        shutil.copytree(company.keys, space.keys)
        old, around = content(space), beside(space)
        with working_on(space), pytest.raises(OSError, match="No space left"):
            restoring.restore(space, Source(backup))
        assert (content(space), beside(space)) == (old, around)


def test_a_workspace_that_is_a_mounted_disk_is_refused_in_words(company: Workspace, backup: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "workspace", 1_000_000) as disk, pytest.raises(Refused, match="mount it one directory higher"):
        restoring.restore(Workspace(disk), Source(backup))
