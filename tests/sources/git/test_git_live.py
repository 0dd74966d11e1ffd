"""The git source against real repositories: honest ones, forged ones, and ones that would like to run something."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.labs import require
from tests.sources.collected import AT, collect, column, connected, gaps, rows

from upheld.evidence.collection import Coverage
from upheld.evidence.table import Row
from upheld.lab.git import GitRepository
from upheld.sources.git import GIT
from upheld.sources.source import Misconfigured, SourceError

pytestmark = pytest.mark.lab
REVIEWED = "Reviewed-by: Bob <bob@example.org>"


@pytest.fixture
def lab() -> Iterator[GitRepository]:
    require("git")
    with GitRepository() as repository:
        yield repository


def read(lab: GitRepository, known: list[Row] | None = None, at: datetime = AT, **given: str) -> dict[str, Row]:
    source = connected(GIT, repository=str(lab.shared), name="shop", reviews="trailers", **given)
    into = collect(source, "commits", known={"commits": known or []}, at=at)
    return {str(row["oid"]): row for row in into.seen["commits"].rows.values()}


def test_a_commit_has_its_author_its_reviewer_and_when_we_first_saw_it(lab: GitRepository) -> None:
    oid = lab.commit("a", "1", REVIEWED, "Co-authored-by: Carol <carol@example.org>")
    lab.push()
    found = read(lab)[oid]
    assert (found["author"], found["authors"]) == ("alice@example.org", ["alice@example.org", "carol@example.org"])
    assert (found["approvers"], found["landed_by"], found["branch"]) == (["bob@example.org"], "alice@example.org", "main")
    assert (found["seen_at"], found["signature"], found["is_merge"]) == (AT, "none", False)
    assert found["approved_at"] <= AT  # type: ignore[operator]


@pytest.mark.parametrize("dated", ["1970-01-01T00:00:01 +0000", "2099-12-31T23:59:59 -1200", "2005-04-07T22:13:13 +1400"])
def test_a_forged_date_is_kept_as_claimed_and_does_not_move_when_it_was_seen(lab: GitRepository, dated: str) -> None:
    oid = lab.commit("a", "1", REVIEWED, dated=dated)
    lab.push()
    found = read(lab)[oid]
    assert found["authored_at"] == datetime.fromisoformat(dated.replace(" ", "")).astimezone(UTC)
    assert found["seen_at"] == AT
    assert found["approved_at"] <= AT  # type: ignore[operator]


def test_what_was_seen_before_keeps_its_time_and_verification(lab: GitRepository) -> None:
    first = lab.commit("a", "1")
    lab.push()
    earlier = [{**row, "signature": "good"} for row in read(lab).values()]
    second = lab.commit("a", "2")
    lab.push()
    found = read(lab, known=earlier, at=AT + timedelta(days=1))
    assert (found[first]["seen_at"], found[first]["signature"]) == (AT, "good")
    assert (found[second]["seen_at"], found[second]["signature"]) == (AT + timedelta(days=1), "none")


def test_a_merge_brings_what_it_brings_and_changes_nothing_itself(lab: GitRepository) -> None:
    lab.commit("a", "1")
    lab.git("checkout", "--quiet", "-b", "topic")
    topic = lab.commit("b", "1", by="sue")
    lab.git("checkout", "--quiet", "main")
    lab.git("merge", "--quiet", "--no-ff", "-m", "Merge topic", "topic", by="bob")
    merge = lab.head
    lab.push()
    found = read(lab)
    assert (found[topic]["landed_by"], found[merge]["is_merge"]) == ("bob@example.org", True)


def test_a_merge_that_slips_something_in_is_a_change(lab: GitRepository) -> None:
    lab.commit("a", "1")
    lab.git("checkout", "--quiet", "-b", "topic")
    lab.commit("b", "1")
    lab.git("checkout", "--quiet", "main")
    lab.commit("c", "1")
    lab.git("merge", "--quiet", "--no-commit", "--no-ff", "topic")
    (lab.work / "evil").write_text("x")
    lab.git("add", "evil")
    lab.git("commit", "--quiet", "-m", "Merge topic")
    lab.push()
    assert read(lab)[lab.head]["is_merge"] is False


def test_what_a_forced_push_took_away_is_no_longer_there(lab: GitRepository) -> None:
    kept = lab.commit("a", "1")
    gone = lab.commit("a", "2")
    lab.push()
    assert set(read(lab)) == {kept, gone}
    lab.git("reset", "--quiet", "--hard", kept)
    lab.push(force=True)
    into = collect(connected(GIT, repository=str(lab.shared), reviews="trailers"), "commits")
    assert column(into, "commits", "oid") == [kept]
    assert into.coverage is Coverage.COMPLETE


def test_without_being_told_where_reviews_are_none_found_is_unknown(lab: GitRepository) -> None:
    lab.commit("a", "1")
    reviewed = lab.commit("a", "2", REVIEWED)
    lab.push()
    into = collect(connected(GIT, repository=str(lab.shared)), "commits")
    assert {row["oid"] == reviewed: row["approvers"] for row in into.seen["commits"].rows.values()} == {
        False: None,
        True: ["bob@example.org"],
    }
    assert ("commits", "approvers", "unsupported") in gaps(into)


def test_a_forges_export_tells_who_approved_and_when(lab: GitRepository, tmp_path: Path) -> None:
    oid = lab.commit("a", "1")
    other = lab.commit("a", "2")
    lab.push()
    review = {
        "state": "APPROVED",
        "submitted_at": "2026-05-01T10:00:00Z",
        "user": {"login": "bob", "email": "Bob@example.org"},
        "commit_id": oid,
    }
    export = tmp_path / "pulls.json"
    export.write_text(json.dumps([{"number": 1, "commits": [{"sha": oid}], "reviews": [review]}]))
    into = collect(connected(GIT, repository=str(lab.shared), reviews=str(export)), "commits")
    found = {row["oid"]: row for row in into.seen["commits"].rows.values()}
    assert (found[oid]["approvers"], found[oid]["approved_at"]) == (["bob@example.org"], datetime(2026, 5, 1, 10, tzinfo=UTC))
    assert found[other]["approvers"] == []


def test_a_shallow_clone_ends_no_row(lab: GitRepository, tmp_path: Path) -> None:
    lab.commit("a", "1")
    lab.commit("a", "2")
    lab.push()
    lab.git("clone", "--quiet", "--depth=1", f"file://{lab.shared}", str(tmp_path / "shallow"), at=tmp_path)
    into = collect(connected(GIT, repository=str(tmp_path / "shallow")), "commits")
    assert len(into.seen["commits"].rows) == 1
    assert into.seen["commits"].cut_short == ["the clone is shallow: its history was cut off"]


def test_a_protected_branch_that_is_not_there_ends_no_row(lab: GitRepository) -> None:
    lab.commit("a", "1")
    lab.push()
    into = collect(connected(GIT, repository=str(lab.shared), branches="main release"), "commits")
    assert into.seen["commits"].cut_short == ["branch release is not there"]


def test_an_empty_repository_has_no_commits_to_end(lab: GitRepository) -> None:
    into = collect(connected(GIT, repository=str(lab.shared)), "commits", "repositories")
    assert into.seen["commits"].coverage is Coverage.PARTIAL
    with pytest.raises(SourceError, match="has no branch"):
        connected(GIT, repository=str(lab.shared)).test()


def test_a_url_is_fetched_into_a_copy_that_follows_it(lab: GitRepository, tmp_path: Path) -> None:
    first = lab.commit("a", "1")
    lab.push()
    source = connected(GIT, repository=f"file://{lab.shared}", fetch="yes", cache=str(tmp_path), name="shop")
    assert column(collect(source, "commits"), "commits", "oid") == [first]
    lab.git("commit", "--quiet", "--amend", "-m", "Rewritten")
    lab.push(force=True)
    assert column(collect(source, "commits"), "commits", "oid") == [lab.head]


def test_a_url_that_does_not_answer_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="git fetch"):
        connected(GIT, repository="file:///nowhere/at/all", fetch="yes", cache=str(tmp_path)).test()


def test_nothing_that_the_repository_names_is_run(lab: GitRepository, tmp_path: Path) -> None:
    lab.commit("a", "1")
    lab.push()
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\nexit 1\n")
    trap.chmod(0o755)
    for setting in (
        "core.fsmonitor",
        "gpg.program",
        "gpg.ssh.program",
        "core.pager",
        "diff.external",
        "core.sshCommand",
        "core.alternateRefsCommand",
    ):
        lab.git("config", setting, str(trap), at=lab.shared)
    hooks = lab.shared / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "reference-transaction", "post-index-change"):
        (hooks / name).write_bytes(trap.read_bytes())
        (hooks / name).chmod(0o755)
    lab.git("config", "log.showSignature", "true", at=lab.shared)
    collect(connected(GIT, repository=str(lab.shared)), *GIT.tables)
    assert not (tmp_path / "sprung").exists()


def test_ssh_signatures_are_verified_against_the_signers_we_trust(lab: GitRepository, tmp_path: Path) -> None:
    require("ssh-keygen")
    for name in ("alice", "eve"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True)
    lab.git("config", "gpg.format", "ssh")
    oids = {}
    for name in ("alice", "eve"):
        lab.git("config", "user.signingkey", str(tmp_path / name))
        (lab.work / "a").write_text(name)
        lab.git("add", "a")
        lab.git("commit", "--quiet", "-S", "-m", f"By {name}", by=name)
        oids[name] = lab.head
    lab.git("tag", "-s", "-m", "One", "v1.0", by="alice", may_fail=True)
    lab.push()
    signers = tmp_path / "signers"
    signers.write_text(f"alice@example.org {(tmp_path / 'alice.pub').read_text()}")
    found = read(lab, allowed_signers=str(signers))
    assert found[oids["alice"]]["signature"] == "good"
    assert found[oids["eve"]]["signature"] == "unknown key"


def test_releases_are_tags_that_are_versions(lab: GitRepository) -> None:
    oid = lab.commit("a", "1")
    lab.push()
    lab.git("tag", "-a", "-m", "One", "v1.0")
    lab.git("tag", "nightly")
    lab.git("push", "--quiet", "--tags", "origin")
    into = collect(connected(GIT, repository=str(lab.shared), name="shop"), "releases")
    assert [(row["id"], row["oid"], row["tagged_by"], row["signature"]) for row in rows(into, "releases")] == [
        ("shop/v1.0", oid, "alice@example.org", "none")
    ]


@pytest.mark.parametrize(
    "wrong", [{"repository": "--upload-pack=touch x"}, {"repository": "ext::sh -c id"}, {"repository": "x", "branches": "--all"}]
)
def test_what_git_could_take_for_an_option_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(Misconfigured):
        connected(GIT, **wrong)


def test_a_commit_names_its_changes_and_labels(lab: GitRepository) -> None:
    oid = lab.commit("a", "1", REVIEWED, "Change: SHOP-417", "Label: Personal-Data")
    plain = lab.commit("a", "2", REVIEWED)
    lab.push()
    found = read(lab)
    assert (found[oid]["changes"], found[oid]["labels"]) == (["shop-417"], ["personal-data"])
    assert (found[plain]["changes"], found[plain]["labels"]) == ([], [])


def test_labels_of_a_forges_request_are_its_commits(lab: GitRepository, tmp_path: Path) -> None:
    oid = lab.commit("a", "1")
    lab.push()
    export = tmp_path / "pulls.json"
    export.write_text(json.dumps([{"commits": [{"sha": oid}], "labels": [{"name": "Privacy"}, "ui"]}]))
    into = collect(connected(GIT, repository=str(lab.shared), name="shop", reviews=str(export)), "commits")
    assert column(into, "commits", "labels") == [["privacy", "ui"]]
    into = collect(connected(GIT, repository=str(lab.shared), name="shop"), "commits")
    assert column(into, "commits", "labels") == [None]
    assert ("commits", "labels", "unsupported") in gaps(into)


def test_files_changed_lately_are_listed_with_the_commit_that_changed_them_last(lab: GitRepository) -> None:
    old = "2020-01-01T00:00:00 +0000"
    lab.commit("old.py", "1", dated=old)
    lab.commit("gone.py", "1")
    first = lab.commit("shop/a b.PY", "1")
    lab.git("rm", "--quiet", "gone.py")
    second = lab.commit("Makefile", "all:")
    lab.push()
    into = collect(connected(GIT, repository=str(lab.shared), name="shop"), "code_files")
    found = {(row["path"], row["suffix"], row["changed_in"]) for row in rows(into, "code_files")}
    assert found == {("shop/a b.PY", ".py", first), ("Makefile", "", second)}


def test_a_merge_that_slips_something_in_is_what_changed_the_file(lab: GitRepository) -> None:
    lab.commit("a.py", "1")
    lab.git("checkout", "--quiet", "-b", "side")
    lab.commit("b.py", "1", by="bob")
    lab.git("checkout", "--quiet", "main")
    lab.commit("c.py", "1")
    lab.git("merge", "--quiet", "--no-ff", "--no-commit", "side", by="mallory")
    (lab.work / "a.py").write_text("slipped in")
    lab.git("add", "a.py")
    lab.git("commit", "--quiet", "-m", "Merge", by="mallory")
    lab.push()
    into = collect(connected(GIT, repository=str(lab.shared), name="shop"), "code_files")
    assert {row["path"]: row["changed_in"] == lab.head for row in rows(into, "code_files")} == {"a.py": True, "b.py": False, "c.py": False}
