from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.changed import change, commit
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "change/design_reviewed_for_privacy"


def review(of: str = "shop-1", **more: Any) -> Made:
    """Bob found the design good in April."""
    return {"id": f"{of}-1", "change_id": of, "person_id": "E-bob", "reviewed_at": at("2026-04-20"), "passed": True, **more}


def given(*commits: Made, changes: tuple[Made, ...] = (), reviews: tuple[Made, ...] = (review(),)) -> dict[str, list[Made]]:
    """Beside a change of the wiki that was reviewed."""
    wiki = change("wiki-1", personal_data=True, requested_by_id="E-cy")
    return {"commits": list(commits), "changes": [wiki, change("shop-1"), *changes], "design_reviews": [review("wiki-1"), *reviews]}


def fault(said: str, subject: str = "commit/test/shop/a") -> Any:
    return broken(2, [(subject, said)])


A = commit("a", labels=["ui", "personal-data"], changes=["shop-1"])
MAILS = change("mail-1", personal_data=True)
NONE = "no review of its design passed"
CASES = {
    "upheld": Case(upheld(2), **given(A)),
    "touches nothing": Case(upheld(1), **given(commit("a"))),
    "another label": Case(upheld(1), **given(commit("a", labels=["ui"]))),
    "names no change": Case(fault(NONE), **given(commit("a", labels=["privacy"]))),
    "not reviewed": Case(fault(NONE), **given(A, reviews=())),
    "another was reviewed": Case(fault(NONE), **given(A, reviews=(review("mail-1"),), changes=(change("mail-1"),))),
    "of two changes one was reviewed": Case(upheld(2), **given(commit("a", labels=["privacy"], changes=["mail-1", "shop-1"]))),
    "of two reviews the first counts": Case(upheld(2), **given(A, reviews=(review(), review(id="2", reviewed_at=at("2026-05-03"))))),
    "of two changes the first review counts": Case(
        upheld(2),
        **given(
            commit("a", labels=["privacy"], changes=["mail-1", "shop-1"]),
            changes=(change("mail-1"),),
            reviews=(review(), review("mail-1", reviewed_at=at("2026-05-03"))),
        ),
    ),
    "not passed": Case(fault(NONE), **given(A, reviews=(review(passed=False),))),
    "reviewed by who made it": Case(fault(NONE), **given(A, reviews=(review(person_id="E-ada"),))),
    "reviewed after it landed": Case(fault("reviewed only afterwards"), **given(A, reviews=(review(reviewed_at=at("2026-05-03")),))),
    "reviewed just then": Case(upheld(2), **given(A, reviews=(review(reviewed_at=at("2026-05-02")),))),
    "labels unknown": Case(unproven("whether it touches personal data is unknown", 2), **given(commit("a", labels=None))),
    "labels unknown, and reviewed": Case(upheld(2), **given(commit("a", labels=None, changes=["shop-1"]))),
    "a merge": Case(upheld(1), **given(commit("a", labels=["privacy"], is_merge=True))),
    "perhaps a merge": Case(fault(NONE), **given(commit("a", labels=["privacy"], is_merge=None))),
    "landed long ago": Case(upheld(1), **given(commit("a", labels=["privacy"], seen_at=at("2025-05-03")))),
    "a year ago": Case(fault(NONE), **given(commit("a", labels=["privacy"], seen_at=at("2025-05-04 12:00")))),
    "of two sources": Case(broken(3, [("commit/other/shop/a", NONE)]), **given(A, commit("a", source="other", labels=["privacy"]))),
    "a change that was not reviewed": Case(fault(NONE, "change/test/mail-1"), **given(changes=(MAILS,))),
    "a change reviewed after its approval": Case(
        fault("reviewed only afterwards", "change/test/mail-1"),
        **given(changes=(MAILS,), reviews=(review("mail-1", reviewed_at=at("2026-04-30")),)),
    ),
    "a change reviewed just before": Case(upheld(2), **given(changes=(MAILS,), reviews=(review("mail-1", reviewed_at=at("2026-04-29")),))),
    "a change that nobody approved yet": Case(upheld(1), **given(changes=(change("mail-1", personal_data=True, approved_at=None),))),
    "a change of which that is unknown": Case(
        unproven("whether it touches personal data is unknown", 2), **given(changes=(change("mail-1", personal_data=None),))
    ),
    "a change of long ago": Case(upheld(1), **given(changes=(change("mail-1", personal_data=True, approved_at=at("2025-05-03")),))),
    "a change of a year ago": Case(
        fault(NONE, "change/test/mail-1"), **given(changes=(change("mail-1", personal_data=True, approved_at=at("2025-05-04 12:00")),))
    ),
    "nothing that touches any": Case(upheld(0), commits=[commit("a")], changes=[change("shop-1")], design_reviews=[]),
    "stale": Case(unproven("stale"), stale=["commits"], **given(A)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
