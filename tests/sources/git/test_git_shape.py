"""What git prints, and what forges export, as rows."""

import json
from datetime import UTC, datetime

import pytest

from upheld.sources.git.forge import requests, reviews
from upheld.sources.git.shape import changing_merges, commits, instant, landed, signature_words, tags
from upheld.sources.source import Misconfigured


def printed(oid: str, parents: str = "", *, author: str = "a@x", trailers: str = "", at: str = "1700000000", title: str = "t") -> str:
    return "\0".join([oid, parents, author, author, at, at, title, trailers]) + "\0"


def test_mails_are_folded_and_trailers_read_as_git_reads_them() -> None:
    trailers = "Co-authored-by: Bob <BOB@x>\nReviewed-By: Carol <carol@x>\nApproved-by: dan@x\nAcked-by: E <e@x>\n"
    found = commits(printed("1", author="Alice@X", trailers=trailers))["1"]
    assert (found.author, found.co_authors, found.reviewers) == ("alice@x", ("bob@x",), ("carol@x", "dan@x"))


def test_control_characters_are_shown_and_titles_shortened() -> None:
    found = commits(printed("1", title="\x1b[2J" + "x" * 500, author="a\u202e@x"))["1"]
    assert found.title.startswith("\\x1b[2J")
    assert len(found.title) == 120
    assert found.author == "a\\u202e@x"


def test_dates_are_taken_as_claimed_or_not_at_all() -> None:
    assert instant("0") == datetime(1970, 1, 1, tzinfo=UTC)
    assert instant("4102444800") == datetime(2100, 1, 1, tzinfo=UTC)
    assert instant("99999999999999999") is None
    assert instant("") is None


def test_who_landed_a_commit_is_who_made_the_first_parent_commit_it_came_in_with() -> None:
    text = printed("m", "b s2", author="bob@x") + printed("s2", "s1", author="sue@x") + printed("s1", "a", author="sue@x")
    text += printed("b", "a", author="al@x") + printed("a", author="al@x")
    found = landed(commits(text), {"main": "m"})
    assert {oid: (commit.landed_by, commit.landed_in) for oid, commit in found.items()} == {
        "a": ("al@x", "a"), "b": ("al@x", "b"), "m": ("bob@x", "m"), "s1": ("bob@x", "m"), "s2": ("bob@x", "m"),
    }  # fmt: skip


def test_a_merge_that_holds_more_than_its_parents_is_no_mere_merge() -> None:
    assert changing_merges("aaa\n::100644 100644 100644 1 2 3 MM\tfile\nbbb\nccc\n::1 x\n") == {"aaa", "ccc"}


def test_signatures_have_the_tables_words() -> None:
    assert signature_words("1 G\n2 N\n3 B\n4 E\n5 Y\n6 \n") == {
        "1": "good", "2": "none", "3": "bad", "4": "unknown key", "5": "expired", "6": "unknown key",
    }  # fmt: skip


def test_tags_that_are_versions_are_releases() -> None:
    fields = [
        ["v1.2.3", "t1", "c1", "tag", "a@x", "1700000000", ""],
        ["nightly", "c2", "", "commit", "", "", ""],
        ["2.0-rc1", "c3", "", "commit", "", "", ""],
    ]
    text = "".join("\0".join(field) + "\0\n" for field in fields)
    assert [(tag.name, tag.oid, tag.tagger) for tag in tags(text)] == [("v1.2.3", "c1", "a@x"), ("2.0-rc1", "c3", None)]


def request(*found: dict[str, object], **more: object) -> str:
    return json.dumps([{"commits": [{"sha": "1"}, {"sha": "2"}], "merge_commit_sha": "m", "reviews": list(found), **more}])


def review(state: str, at: str = "2026-05-01T10:00:00Z", *, by: str = "bob", of: str | None = None) -> dict[str, object]:
    return {"state": state, "submitted_at": at, "user": {"login": by}, "commit_id": of}


def approved(text: str, oid: str) -> list[str]:
    return [found.by for found in reviews(requests(text), oid, oid)]


def test_an_approval_covers_what_was_there_when_it_was_given() -> None:
    text = request(review("APPROVED", of="1"))
    assert (approved(text, "1"), approved(text, "2"), approved(text, "m")) == (["bob"], [], [])
    text = request(review("APPROVED", of="2"))
    assert (approved(text, "1"), approved(text, "2"), approved(text, "m")) == (["bob"], ["bob"], ["bob"])


def test_an_approval_of_what_was_rewritten_covers_nothing() -> None:
    assert approved(request(review("APPROVED", of="gone")), "2") == []


def test_somebodys_last_word_counts() -> None:
    assert approved(request(review("APPROVED"), review("CHANGES_REQUESTED", "2026-05-02T10:00:00Z")), "1") == []
    assert approved(
        request(review("CHANGES_REQUESTED"), review("COMMENTED", "2026-05-03T10:00:00Z"), review("APPROVED", "2026-05-02T10:00:00Z")), "1"
    ) == ["bob"]


def test_gitlab_says_it_in_its_own_way() -> None:
    text = json.dumps(
        [{"sha": "9", "squash_commit_sha": "s", "approved_by": [{"user": {"username": "eve"}}], "approved_at": "2026-05-01T10:00:00Z"}]
    )
    assert (approved(text, "9"), approved(text, "s")) == (["eve"], ["eve"])


@pytest.mark.parametrize("wrong", ["no json", "{}", "[1]"])
def test_an_export_that_is_something_else_is_refused(wrong: str) -> None:
    with pytest.raises(Misconfigured):
        requests(wrong)
