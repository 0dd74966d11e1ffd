from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on, person
from tests.measures.trained import completed, course
from tests.mutants import survivors

MEASURE = "people/reporting_duty_trained"


def given(*done: Made, other: Made | None = None, courses: tuple[Made, ...] = ()) -> dict[str, Any]:
    """Ada has learned it; the other completed only what is given."""
    people = [person("ada"), other or person("bob")]
    return {"people": people, "courses": [course("privacy"), *courses], "course_completions": [completed("ada", "privacy"), *done]}


YOGA = course("yoga", subjects=["yoga"])

CASES = {
    "upheld": Case(upheld(2), **given(completed("bob", "privacy"), completed("bob", "privacy", "2020-01-01"))),
    "too long ago": Case(
        broken(2, [("E-bob", "learned it on 2025-05-03, which is too long ago")], "Bob"), **given(completed("bob", "privacy", "2025-05-03"))
    ),
    "ages soon": Case(at_risk(2, flips_at=at("2026-05-05")), **given(completed("bob", "privacy", "2025-05-05"))),
    "ages this instant": Case(
        at_risk(2, flips_at=at("2026-05-04 12:00")),
        as_of=at("2026-05-04 12:00"),
        **given(
            completed("bob", "short", "2026-05-03"), courses=(course("short", repeat_every=at("2026-05-04 12:00") - at("2026-05-03")),)
        ),
    ),
    "never": Case(broken(2, [("E-bob", "has completed no course that covers it")]), **given()),
    "of something else": Case(
        broken(2, [("E-bob", "has completed no course that covers it")]), **given(completed("bob", "yoga"), courses=(YOGA,))
    ),
    "a course nobody knows": Case(broken(2), **given(completed("bob", "unknown"))),
    "began lately": Case(at_risk(2, flips_at=at("2026-05-20")), **given(other=person("bob", started_on=on("2026-04-20")))),
    "first day unknown": Case(unproven("Bob (the first day is unknown", 2), **given(other=person("bob", started_on=None))),
    "left": Case(upheld(1), **given(other=person("bob", ended_on=on("2026-05-03")))),
    "nobody": Case(unproven("0 of 0"), **{**given(), "people": []}),
    "stale": Case(unproven("stale"), stale=["course_completions"], **given(completed("bob", "privacy"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
