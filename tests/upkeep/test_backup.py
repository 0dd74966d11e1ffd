"""Taking backups: what goes in, what never does, and what keeps one from being taken."""

import os
import resource
import subprocess
import sys
import tarfile
from pathlib import Path

import pyrage
import pytest
from pyrage import x25519
from tests.upkeep.given import MARKER, content, said, unpacked

from upheld.backups.models import Backup
from upheld.ledger import lookup, sequencer
from upheld.sources.frames import files
from upheld.sources.models import HistoryFile
from upheld.upkeep import restoring, taking
from upheld.upkeep.errors import Refused, Unusable
from upheld.upkeep.restoring import Source
from upheld.upkeep.sealing import recipient
from upheld.upkeep.taking import Target, take, take_keys
from upheld.workspace import Workspace

AT_WORK = """
import sys, django
django.setup()
from tests.upkeep.given import LISTS, run
from upheld import workspace
lists = workspace.current().root.parent / "lists"
print("at work", flush=True)
for turn in range(10**6):
    (lists / "accounts.csv").write_text(LISTS["accounts"] + f"x{turn},crm,x{turn},x,service,,yes,no,no\\n")
    run()
    print(turn, flush=True)
"""


def test_what_comes_back_says_what_the_workspace_said(company: Workspace, shelf: Path) -> None:
    before, files_before = said(), content(company)
    take(company, Target(shelf / "one.tar"))
    done = restoring.restore(company, Source(shelf / "one.tar"))
    assert said() == before
    assert before[3] is True
    assert content(company) == files_before
    assert done.aside is not None
    assert "new-shard" in done.way_on


def test_a_backup_is_entered_with_its_digest_and_what_it_was_taken_under(company: Workspace, shelf: Path) -> None:
    size = sequencer.status().size
    taken = take(company, Target(shelf / "one.tar"))
    row = Backup.objects.get()
    entry = lookup.entries([row.entry_id])[row.entry_id]
    assert (entry["kind"], entry["subject"]) == ("backup.taken", {"type": "backup", "id": taken.id})
    assert entry["ev"][0]["sha256"] == taking._digest(shelf / "one.tar") == row.digest
    assert (entry["body"]["size"], entry["body"]["wrong"], taken.wrong) == (size, 0, ())
    assert str(shelf) not in str(entry)
    assert sequencer.status().waiting == 0


def test_keys_and_mark_never_go_along(company: Workspace, shelf: Path) -> None:
    take(company, Target(shelf / "one.tar"))
    written = (shelf / "one.tar").read_bytes()
    secrets = {path.name: path.read_bytes() for path in company.keys.rglob("*") if path.is_file() and path.stat().st_size > 8}
    assert any(name.endswith(".mark") for name in secrets)
    assert any(name.endswith(".key") for name in secrets)
    assert [name for name, secret in secrets.items() if secret.strip() in written] == []
    assert MARKER.encode() in written  # it would be found


def test_keys_go_into_a_file_of_their_own_without_the_mark(company: Workspace, shelf: Path) -> None:
    taken = take_keys(company, Target(shelf / "keys.tar"))
    names = {member.path for member in unpacked((shelf / "keys.tar").read_bytes(), shelf / "keys").files}
    assert f"ledger/{'company.example_ledger_main_1'}.key" in names
    assert not [name for name in names if name.endswith((".mark", ".lock"))]
    assert (shelf / "keys.tar").stat().st_mode & 0o077 == 0
    assert Backup.objects.get(id=taken.id).content == "keys"


def test_backups_taken_while_others_are_at_work_are_whole(company: Workspace, shelf: Path) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "upheld.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
    worker = subprocess.Popen([sys.executable, "-c", AT_WORK], env=environment, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    try:
        assert worker.stdout.readline() == "at work\n"
        taken = [take(company, Target(shelf / f"{turn}.tar")) for turn in range(2) if worker.stdout.readline()]
        assert worker.poll() is None, "it was at work all the time"
    finally:
        worker.kill()
        worker.wait()
    assert [each.wrong for each in taken] == [()] * 2
    assert len({each.size for each in taken}) > 1, "the ledger grew meanwhile"
    tested, _ = restoring.try_out(company, Source(taken[-1].path))
    assert tested.wrong == ()


def test_a_file_that_is_gone_does_not_keep_the_rest_from_being_saved_and_is_said(company: Workspace, shelf: Path) -> None:
    gone = files()[0].path
    gone.unlink()
    taken = take(company, Target(shelf / "one.tar"))
    assert [said for said in taken.wrong if gone.name in said]
    done = restoring.restore(company, Source(shelf / "one.tar"))
    assert done.manifest.wrong == list(taken.wrong)


def test_files_that_no_collection_names_stay_behind(company: Workspace, shelf: Path) -> None:
    (company.history / "accounts" / "orphan.parquet").write_bytes(b"left by a run that was killed")
    take(company, Target(shelf / "one.tar"))
    with tarfile.open(shelf / "one.tar") as tar:
        names = {Path(name).name for name in tar.getnames()}
    assert "orphan.parquet" not in names
    assert {Path(path).name for path in HistoryFile.objects.filter(compacted_into=None).values_list("path", flat=True)} <= names


def test_what_people_put_there_goes_along_and_what_is_no_file_is_said(company: Workspace, shelf: Path) -> None:
    elsewhere = shelf / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "note.txt").write_text("linked")
    (company.root / "linked").symlink_to(elsewhere)
    (elsewhere / "round").symlink_to(company.root)
    os.mkfifo(company.root / "pipe")
    Path(os.fsdecode(os.fsencode(company.root) + b"/not-\xff-text")).write_text("x")
    taken = take(company, Target(shelf / "one.tar"))
    assert taken.left_out == ("not-\\xff-text: its name is not UTF-8", "pipe: it is no file")
    assert "linked/note.txt" in {member.path for member in unpacked((shelf / "one.tar").read_bytes(), shelf / "out").files}


@pytest.mark.parametrize("place", ["workspace/one.tar", "workspace/documents/one.tar", "workspace.keys/one.tar"])
def test_a_backup_is_never_written_where_it_would_be_lost_with_the_workspace(company: Workspace, place: str) -> None:
    with pytest.raises(Refused, match="lost together"):
        take(company, Target(company.root.parent / place))


def test_a_backup_never_takes_another_files_place(company: Workspace, shelf: Path) -> None:
    (shelf / "one.tar").write_text("mine")
    with pytest.raises(Refused, match="is there already"):
        take(company, Target(shelf / "one.tar"))
    with pytest.raises(Refused, match="no directory"):
        take(company, Target(shelf / "nowhere" / "one.tar"))
    assert (shelf / "one.tar").read_text() == "mine"


def test_an_encrypted_backup_is_opened_by_its_key_alone_and_by_any_age_program(company: Workspace, shelf: Path) -> None:
    mine, other = x25519.Identity.generate(), x25519.Identity.generate()
    target = Target(shelf / "one.tar.age", [recipient(str(mine.to_public()))])
    assert take(company, target).encrypted
    sealed = target.path.read_bytes()
    assert MARKER.encode() not in sealed
    assert MARKER.encode() in pyrage.decrypt(sealed, [mine])
    with pytest.raises(Refused, match="--identity"):
        restoring.try_out(company, Source(target.path))
    assert "decrypted" in restoring.try_out(company, Source(target.path, (other,)))[0].wrong[0]
    assert restoring.try_out(company, Source(target.path, (mine,)))[0].wrong == ()


def test_an_encrypted_backup_that_was_altered_or_cut_off_is_refused(company: Workspace, shelf: Path) -> None:
    mine = x25519.Identity.generate()
    target = Target(shelf / "one.tar.age", [mine.to_public()])
    take(company, target)
    whole = target.path.read_bytes()
    for at in (20, 150, 100_000, -1):
        flipped = bytearray(whole)
        flipped[at] ^= 1
        for damaged in (bytes(flipped), whole[:at]):
            target.path.write_bytes(damaged)
            with pytest.raises(Unusable):
                restoring.restore(company, Source(target.path, (mine,)))


def test_what_is_no_public_key_is_refused() -> None:
    with pytest.raises(Unusable, match="age1"):
        recipient("AGE-SECRET-KEY-1QQQ")


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_full_disk_leaves_no_half_backup(company: Workspace, shelf: Path, encrypted: bool) -> None:
    """The kernel refuses to write on beyond a size, as a full disk does; `test_restore` fills a real one."""
    target = Target(shelf / "one.tar", [x25519.Identity.generate().to_public()] if encrypted else [])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    limit = company.database.stat().st_size + 8192
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            take(company, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(shelf.iterdir()) == []
    assert not Backup.objects.exists()
    assert not list(company.root.glob(".upheld-stage-*"))
