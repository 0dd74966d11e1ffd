from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.changed import commit
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "change/code_review_coverage"
A, B = "a" * 40, "b" * 40


def repository(name: str, **more: Any) -> Made:
    return {"id": name, "system_id": name, "path": name, "protected_branches": ["main"], "head": A, **more}


def file(path: str, by: str = A, of: str = "shop", **more: Any) -> Made:
    said = {"id": f"{of}/{path}", "repository_id": of, "path": path, "suffix": f".{path.rpartition('.')[2]}", "changed_in": by}
    return {**said, "changed_at": at("2026-05-01"), **more}


def review(path: str = "", **more: Any) -> Made:
    """Somebody read it on 2 May."""
    return {"id": path, "repository_id": "shop", "path": path, "person_id": "E-cy", "reviewed_at": at("2026-05-02"), **more}


def given(
    *files: Made, reviews: tuple[Made, ...] = (), repositories: tuple[Made, ...] = (), b: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The shop, in which commit A was reviewed and B was not, beside the wiki, in which it is the other way."""
    wiki = {"repository_id": "wiki"}
    return {
        "repositories": [repository("wiki"), repository("shop"), *repositories],
        "commits": [
            commit("a"),
            commit("b", **{"approvers": ["ada@example.com"], **(b or {})}),
            commit("b", id="wiki/b", **wiki),
            commit("a", id="wiki/a", **{**wiki, "approvers": []}),
        ],
        "code_files": [file("w.py", B, "wiki"), file("a.py"), *files],
        "code_reviews": [review("w.py", repository_id="wiki", id="w"), *reviews],
    }


def fault(said: str) -> Any:
    return broken(2, [("test/shop", said)])


UNREAD = "1 of 2 files changed unread: b.py"
CASES = {
    "upheld": Case(upheld(2), **given()),
    "by nobody but its author": Case(fault(UNREAD), **given(file("b.py", B))),
    "by its author without co-authors": Case(fault(UNREAD), **given(file("b.py", B), b={"authors": None})),
    "by whom is unknown": Case(unproven("whether b.py was reviewed is unknown", 2), **given(file("b.py", B), b={"approvers": None})),
    "by whom is unknown, and another unread": Case(
        fault("1 of 3 files changed unread: c.py"), **given(file("b.py", B), file("c.py", "c" * 40), b={"approvers": None})
    ),
    "read through": Case(upheld(2), **given(file("b.py", B), reviews=(review(),))),
    "read through in its folder": Case(upheld(2), **given(file("lib/b.py", B), reviews=(review("lib/"),))),
    "read through in another folder": Case(fault(UNREAD), **given(file("b.py", B), reviews=(review("lib/"),))),
    "read through elsewhere": Case(fault(UNREAD), **given(file("b.py", B), reviews=(review("b", repository_id="wiki"),))),
    "another file read through": Case(
        fault("1 of 3 files changed unread: b.py"), **given(file("b.py", B), file("c.py", B), reviews=(review("c.py"),))
    ),
    "read through in another repository": Case(fault("1 of 2 files changed unread: w.py"), **given(file("w.py", B))),
    "read through before": Case(fault(UNREAD), **given(file("b.py", B), reviews=(review(reviewed_at=at("2026-04-30")),))),
    "read through just then": Case(upheld(2), **given(file("b.py", B), reviews=(review(reviewed_at=at("2026-05-01")),))),
    "of many the first are named": Case(
        unproven("whether b.py, c.py, d.py was reviewed is unknown", 2),
        **given(*(file(f"{each}.py", B) for each in "edcb"), b={"approvers": None}),
    ),
    "no code": Case(upheld(2), **given(file("b.md", B))),
    "changed long ago": Case(upheld(2), **given(file("b.py", B, changed_at=at("2025-05-03")))),
    "changed a year ago": Case(fault(UNREAD), **given(file("b.py", B, changed_at=at("2025-05-04 12:00")))),
    "changed nobody knows when": Case(fault(UNREAD), **given(file("b.py", B, changed_at=None))),
    "many": Case(fault("4 of 5 files changed unread: b.py, c.py, d.py"), **given(*(file(f"{each}.py", B) for each in "edcb"))),
    "the unread alone are named": Case(
        fault("2 of 6 files changed unread: x.py, y.py"),
        **given(*(file(f"{each}.py", B) for each in "bcd"), file("x.py", "c" * 40), file("y.py", "c" * 40), b={"approvers": None}),
    ),
    "nothing changed": Case(upheld(2), **given(file("README.md", A, "docs"), repositories=(repository("docs"),))),
    "files not told": Case(unproven("docs (its files are not told)", 3), **given(repositories=(repository("docs"),))),
    "no repository": Case(unproven("0 of 0"), repositories=[], commits=[], code_files=[], code_reviews=[]),
    "stale": Case(unproven("stale"), stale=["code_files"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
