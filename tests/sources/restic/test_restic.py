"""Backups that are listed, checked and really restored; and what is said when they do not come back."""

import hashlib
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.labs import installed, require
from tests.sources.collected import AT, collect, column, connected, gaps, rows

from upheld import clock
from upheld.evidence.collection import Coverage
from upheld.evidence.table import Row
from upheld.lab.restic import PASSWORD, ResticRepository
from upheld.sources.restic import RESTIC
from upheld.sources.restic.manifest import by_manifest, by_source, listed
from upheld.sources.restic.shape import Snapshot, belongings, checked_before, snapshots, to_restore
from upheld.sources.source import Misconfigured, Source, SourceError

PRINTED = """[{"time":"2026-05-03T02:00:00.123456789+02:00","paths":["/srv/app"],"hostname":"db1","tags":["crm"],"id":"b"},
{"time":"2026-05-02T02:00:00Z","paths":["/etc"],"hostname":"db1","id":"a",
 "summary":{"backup_start":"2026-05-02T02:00:00Z","backup_end":"2026-05-02T02:05:00Z","total_bytes_processed":77}}]"""


def test_snapshots_belong_to_the_system_that_the_first_rule_names() -> None:
    found = snapshots(PRINTED, belongings("tag:crm=crm path:/etc=config host:db1=database"))
    assert [(one.id, one.system, one.started_at, one.finished_at, one.size_bytes) for one in found] == [
        ("a", "config", datetime(2026, 5, 2, 2, tzinfo=UTC), datetime(2026, 5, 2, 2, 5, tzinfo=UTC), 77),
        ("b", "crm", datetime(2026, 5, 3, 0, 0, 0, 123456, tzinfo=UTC), datetime(2026, 5, 3, 0, 0, 0, 123456, tzinfo=UTC), None),
    ]
    assert [one.system for one in snapshots(PRINTED, ())] == ["db1", "db1"]


@pytest.mark.parametrize("wrong", ["crm", "color:red=crm", "host:=crm", "host:a="])
def test_a_rule_that_cannot_be_read_is_refused(wrong: str) -> None:
    with pytest.raises(Misconfigured):
        belongings(wrong)


def test_a_list_that_is_something_else_is_an_error() -> None:
    with pytest.raises(SourceError):
        snapshots('{"code": 1}', ())
    assert snapshots("null", ()) == []


def snapshot(name: str, day: int, system: str = "crm") -> Snapshot:
    at = datetime(2026, 5, day, tzinfo=UTC)
    return Snapshot(name, system, at, at, ("/srv",), None)


def after_test(days_ago: int, verified: bool | None = True) -> Row:
    return {"system_id": "crm", "started_at": AT - timedelta(days=days_ago), "content_verified": verified}


def chosen(*tests: Row) -> set[str]:
    found = [snapshot("old", 1), snapshot("new", 3)]
    return {one.id for one in to_restore(found, tests, AT, timedelta(days=7), random.Random(1))}


def test_the_newest_and_one_older_snapshot_are_restored_when_it_is_time() -> None:
    assert chosen() == {"old", "new"}
    assert chosen(after_test(6)) == set()
    assert chosen(after_test(7)) == {"old", "new"}


def test_a_restore_that_failed_is_tried_again_and_one_that_proved_nothing_is_not() -> None:
    assert chosen(after_test(9), after_test(1, verified=False)) == {"old", "new"}
    assert chosen(after_test(1, verified=None)) == set()


def test_a_check_that_found_damage_is_made_again() -> None:
    row: Row = {"checked_at": AT - timedelta(hours=5), "intact": True}
    assert checked_before([row], AT, timedelta(days=1)) is not None
    assert checked_before([{**row, "intact": False}], AT, timedelta(days=1)) is None
    assert checked_before([row], AT, timedelta(hours=5)) is None


def manifest(folder: Path, *lines: str) -> Path:
    path = folder / "list"
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_every_file_that_is_listed_must_be_there_and_equal(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    assert by_manifest(manifest(tmp_path, f"{digest(b'1')}  a")).verified is True
    assert by_manifest(manifest(tmp_path, f"{digest(b'1')}  a", f"{digest(b'2')} *gone")).verified is False
    found = by_manifest(manifest(tmp_path, f"{digest(b'2')}  a"))
    assert (found.verified, found.files, found.said) == (False, 1, "1 files compared with list: a missing or different")


def test_a_list_without_files_proves_nothing(tmp_path: Path) -> None:
    assert by_manifest(manifest(tmp_path, "hello")).verified is None
    assert by_manifest(tmp_path / "none").verified is None


def test_a_link_out_of_the_restored_tree_proves_nothing_about_it(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "outside").write_bytes(b"1")
    (tmp_path / "tree" / "a").symlink_to(tmp_path / "outside")
    assert by_manifest(manifest(tmp_path / "tree", f"{digest(b'1')}  a")).verified is False
    assert by_manifest(manifest(tmp_path / "tree", f"{digest(b'1')}  ../outside")).verified is False


def test_escaped_names_are_read_as_sha256sum_writes_them() -> None:
    assert listed(f"\\{'0' * 64}  a\\nb\\\\c\n{'A' * 64} *x y\nnonsense\n") == [("0" * 64, "a\nb\\c"), ("a" * 64, "x y")]


def test_with_the_source_only_what_is_unchanged_there_is_compared(tmp_path: Path) -> None:
    restored, source = tmp_path / "r" / "srv", tmp_path / "s" / "srv"
    for folder in (restored, source):
        folder.mkdir(parents=True)
        for name in ("same", "newer", "broken"):
            (folder / name).write_text(name)
            os.utime(folder / name, (1000, 1000))
    (source / "newer").write_text("changed since")
    (restored / "broken").write_text("damaged")
    found = by_source(tmp_path / "r", tmp_path / "s", ["/srv"], datetime(2020, 1, 1, tzinfo=UTC))
    assert (found.verified, found.files) == (False, 2)
    assert by_source(tmp_path / "r", tmp_path / "s", ["/none"], AT).verified is None


@pytest.fixture
def lab() -> Iterator[ResticRepository]:
    require("restic")
    with installed(), ResticRepository() as repository:
        repository.write("a/b.txt", b"x" * 100_000)
        repository.write("c\x1b[2J", os.urandom(50_000))
        yield repository


def source(lab: ResticRepository, **given: str) -> Source:
    return connected(RESTIC, repository=str(lab.repository), password=PASSWORD, check_every="0", **given)


@pytest.mark.lab
def test_a_backup_that_comes_back_equal_is_proven_and_one_that_is_damaged_is_not(lab: ResticRepository) -> None:
    lab.list_digests()
    lab.back_up(at=datetime.now(UTC) - timedelta(days=3))
    lab.back_up()
    good = collect(source(lab, check="100%"), *RESTIC.tables, at=clock.now())
    assert column(good, "backups", "intact") == [True, True]
    assert column(good, "restore_tests", "content_verified") == [True, True]
    assert all(row["took"] > timedelta(0) for row in rows(good, "restore_tests"))  # type: ignore[operator]
    lab.damage()
    bad = collect(source(lab, check="100%"), *RESTIC.tables, at=clock.now())
    assert column(bad, "backups", "intact") == [False, False]
    assert column(bad, "restore_tests", "content_verified") == [False, False]
    assert column(bad, "restore_tests", "finished_at") == [None, None]
    assert any("repository contains errors" in note for note in bad.notes)


@pytest.mark.lab
def test_without_anything_to_compare_with_a_restore_proves_nothing(lab: ResticRepository) -> None:
    lab.back_up()
    found = rows(collect(source(lab), "restore_tests"), "restore_tests")[0]
    assert "content_verified" not in found
    assert "nothing to compare it with" in str(found["said"])
    for path in (path for path in lab.tree.rglob("*") if path.is_file()):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    found = rows(collect(source(lab, compare_with="/"), "restore_tests"), "restore_tests")[0]
    assert (found["content_verified"], found["files"]) == (True, 2)


@pytest.mark.lab
def test_earlier_tests_are_kept_and_not_repeated_before_their_time(lab: ResticRepository) -> None:
    lab.list_digests()
    lab.back_up()
    first = collect(source(lab), "restore_tests")
    earlier = list(first.seen["restore_tests"].rows.values())
    assert len(earlier) == 1
    again = collect(source(lab), "restore_tests", known={"restore_tests": earlier})
    assert list(again.seen["restore_tests"].rows.values()) == earlier
    with clock.at(clock.now() + timedelta(days=8)):
        assert len(collect(source(lab), "restore_tests", known={"restore_tests": earlier}).seen["restore_tests"].rows) == 2


@pytest.mark.lab
def test_without_room_nothing_is_restored_and_it_is_said(lab: ResticRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.back_up()
    monkeypatch.setattr("upheld.sources.restic.SPARE_BYTES", 1 << 62)
    into = collect(source(lab), "restore_tests")
    assert into.seen["restore_tests"].coverage is Coverage.PARTIAL
    assert "are free in" in into.seen["restore_tests"].cut_short[0]


@pytest.mark.lab
def test_a_wrong_password_is_told_without_showing_it(lab: ResticRepository) -> None:
    with pytest.raises(SourceError, match="name a secret that opens it") as caught:
        connected(RESTIC, repository=str(lab.repository), password="not-this-one").test()
    assert caught.value.permanent
    assert "not-this-one" not in str(caught.value)


@pytest.mark.lab
def test_the_password_is_never_among_the_arguments(lab: ResticRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = tmp_path / "restic"
    spy.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/argv\nexec /usr/bin/env -i PATH=/usr/bin:/bin true\n')
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(SourceError):
        source(lab).test()
    assert PASSWORD not in (tmp_path / "argv").read_text()


@pytest.mark.lab
def test_a_repository_that_is_gone_is_an_error(lab: ResticRepository) -> None:
    with pytest.raises(SourceError):
        connected(RESTIC, repository=str(lab.folder / "none"), password=PASSWORD).test()


@pytest.mark.lab
def test_a_check_that_is_left_out_leaves_it_unknown(lab: ResticRepository) -> None:
    lab.back_up()
    into = collect(source(lab, check="no"), "backups")
    assert column(into, "backups", "intact") == [None]
    assert ("backups", "automatic", "unsupported") in gaps(into)


@pytest.mark.lab
def test_nothing_is_left_in_the_scratch_folder(lab: ResticRepository, tmp_path: Path) -> None:
    lab.back_up()
    collect(source(lab, scratch=str(tmp_path)), "restore_tests")
    assert list(tmp_path.iterdir()) == []
