"""Checkpoints in a real Git repository: a file that only grows, and that does not go on from another history."""

import subprocess
from pathlib import Path

import pytest
from tests.ledger.given import ORIGIN, Ledger, restore, snapshot

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.continuity import LedgerForked
from upheld.ledger.publishing import NotPublished, publish
from upheld.ledger.verify import __main__ as verifier

FILE = "example.com_ledger_main_1.checkpoints"


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_each_checkpoint_is_appended_and_committed_once(ledger: Ledger, tmp_path: Path):
    there = tmp_path / "published"
    sizes = []
    for _ in range(3):
        sizes.append(ledger.grow(2).size)
        assert publish(ledger.log, there).new
        assert not publish(ledger.log, there).new
    notes = checkpoints.several((there / FILE).read_bytes())
    assert [checkpoints.verify(note, ORIGIN, [ledger.key]).size for note in notes] == sizes
    assert git(there, "log", "--format=%s").splitlines() == [f"{ORIGIN}: {size} entries" for size in reversed(sizes)]
    added = git(there, "log", "--numstat", "--format=").split()
    assert [int(removed) for removed in added[1::3]] == [0, 0, 0]
    # Whoever has the file holds every one of them against an export.
    words = [str(ledger.export(tmp_path / "log.zip")), "--key", ledger.key.text(), "--held", str(there / FILE)]
    assert verifier.main(words) == 0
    (there / FILE).write_bytes((there / FILE).read_bytes().replace(b"\n3\n", b"\n4\n"))
    assert verifier.main(words) == 1


def test_it_is_pushed_to_a_remote(ledger: Ledger, tmp_path: Path):
    subprocess.run(["git", "init", "--quiet", "--bare", str(tmp_path / "remote.git")], check=True)
    publish(ledger.log, tmp_path / "published")
    git(tmp_path / "published", "remote", "add", "origin", str(tmp_path / "remote.git"))
    done = publish(ledger.log, tmp_path / "published", "origin")
    assert git(tmp_path / "remote.git", "rev-parse", "--all").split() == [done.commit]
    with pytest.raises(NotPublished, match="git push"):
        publish(ledger.log, tmp_path / "published", "nowhere")


def test_another_history_is_not_published_behind_the_first(ledger: Ledger, tmp_path: Path):
    snapshot(ledger, tmp_path / "backup")
    ledger.grow(4)
    publish(ledger.log, tmp_path / "published")
    restore(ledger, tmp_path / "backup")
    with pytest.raises(LedgerForked, match="5 entries"):
        publish(ledger.log, tmp_path / "published")


def test_what_somebody_changed_in_the_repository_is_told(ledger: Ledger, tmp_path: Path):
    there = tmp_path / "published"
    publish(ledger.log, there)
    (there / FILE).write_bytes(b"")
    ledger.grow(1)
    with pytest.raises(NotPublished, match="not what was committed"):
        publish(ledger.log, there)
    (tmp_path / "plain").mkdir()
    with pytest.raises(NotPublished, match="no Git repository"):
        publish(ledger.log, tmp_path / "plain")


def test_hooks_of_the_repository_do_not_run(ledger: Ledger, tmp_path: Path):
    there = tmp_path / "published"
    publish(ledger.log, there)
    hook = there / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    ledger.grow(1)
    publish(ledger.log, there)
    assert not (tmp_path / "ran").exists()
