import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import at
from tests.measures.trained import completed
from tests.mutants import survivors

MEASURE = "people/training_both_kinds"
INSIDE = completed("ada", "privacy")


def outside(when: str, provider: str | None = "outside") -> dict[str, object]:
    return completed("ada", "phishing", when, provider=provider)


CASES = {
    "upheld": Case(upheld(2), course_completions=[INSIDE, outside("2026-03-01"), outside("2020-01-01")]),
    "one has aged": Case(
        broken(2, [("outside", "last held on 2025-05-04")], "outside provider"), course_completions=[INSIDE, outside("2025-05-04")]
    ),
    "ages soon": Case(at_risk(2, flips_at=at("2026-05-05")), course_completions=[INSIDE, outside("2025-05-05")]),
    "never by outsiders": Case(broken(2, [("outside", "never held")]), course_completions=[INSIDE]),
    "by somebody unknown": Case(unproven("Training by an outside provider", 2), course_completions=[INSIDE, outside("2026-03-01", None)]),
    "by somebody unknown, long ago": Case(broken(2, [("outside", "never held")]), course_completions=[INSIDE, outside("2020-03-01", None)]),
    "none at all": Case(broken(2, [("inside", "never held"), ("outside", "never held")]), course_completions=[]),
    "nobody fills it": Case(unproven("course_completions")),
    "stale": Case(unproven("stale"), stale=["course_completions"], course_completions=[INSIDE, outside("2026-03-01")]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
