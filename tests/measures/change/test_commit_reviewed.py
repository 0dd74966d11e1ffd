from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "change/commit_reviewed"


def commit(name: str, **more: Any) -> Made:
    """Ada's commit, which Bob approved before it landed."""
    return {
        "id": name,
        "repository_id": "app",
        "oid": f"{name}00000000000000000000",
        "branch": "main",
        "title": "Add a page",
        "author": "ada@example.com",
        "authors": ["ada@example.com"],
        "seen_at": at("2026-05-02"),
        "approvers": ["bob@example.com"],
        "approved_at": at("2026-05-01"),
        "is_merge": False,
        **more,
    }


def given(*commits: Made) -> dict[str, Any]:
    """Commits beside one that was reviewed."""
    return {"commits": [commit("a1"), *commits]}


ALONE = broken(2, [("test/b2", "nobody but its authors approved it")], "b20000000000 in app: Add a page")
BOTH = ["ada@example.com", "bob@example.com"]

CASES = {
    "not reviewed": Case(ALONE, **given(commit("b2", approvers=[]))),
    "upheld": Case(upheld(2), **given(commit("b2"))),
    "approved by its author": Case(ALONE, **given(commit("b2", approvers=["ada@example.com"]))),
    "approved by an author of two": Case(ALONE, **given(commit("b2", authors=BOTH))),
    "approved by an author and another": Case(
        upheld(2), **given(commit("b2", authors=BOTH, approvers=["bob@example.com", "cy@example.com"]))
    ),
    "co-authors not told": Case(ALONE, **given(commit("b2", authors=None, approvers=["ada@example.com"]))),
    "co-authors not told, approved by another": Case(upheld(2), **given(commit("b2", authors=None))),
    "approved after it landed": Case(
        broken(2, [("test/b2", "bob@example.com approved it only after it landed")]), **given(commit("b2", approved_at=at("2026-05-03")))
    ),
    "approved as it landed": Case(upheld(2), **given(commit("b2", approved_at=at("2026-05-02")))),
    "when is unknown": Case(
        unproven("1 of 2 commits cannot be judged: b20000000000 in app: Add a page (when bob@example.com approved it is unknown)", 2),
        **given(commit("b2", approved_at=None)),
    ),
    "not told": Case(unproven("(whether it was reviewed is unknown)", 2), **given(commit("b2", approvers=None))),
    "a merge": Case(upheld(1), **given(commit("b2", is_merge=True, approvers=[]))),
    "perhaps a merge": Case(unproven("nobody but its authors approved it", 2), **given(commit("b2", is_merge=None, approvers=[]))),
    "the same name at another source": Case(
        broken(2, [("other/a1", "nobody but its authors approved it")]), **given(commit("a1", source="other", approvers=[]))
    ),
    "nothing to judge": Case(unproven("0 of 0"), commits=[]),
    "stale": Case(unproven("stale"), stale=["commits"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
