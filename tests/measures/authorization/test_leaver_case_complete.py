from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on, person
from tests.mutants import survivors

MEASURE = "authorization/leaver_case_complete"


def leaver(last: str = "2026-04-30", **more: Any) -> Made:
    return person("ada", ended_on=on(last), **more)


def case(closed: str | None = "2026-05-01", **more: Any) -> Made:
    said = {"id": "1", "kind": "leaver", "person_id": "E-ada", "opened_at": at("2026-04-20"), "due_on": on("2026-04-30")}
    return {**said, "closed_at": closed and at(closed), "left_over": 0, **more}


def given(*cases: Made, ada: Made | None = None) -> dict[str, Any]:
    return {"people": [ada or leaver(), person("bob")], "staff_cases": list(cases)}


def failing(detail: str) -> Any:
    return broken(1, [("E-ada", detail)], "Ada")


NONE = failing("left on 2026-04-30 without a case")
CASES = {
    "closed": Case(upheld(1, flips_at=None), **given(case())),
    "closed at the last moment": Case(upheld(1), **given(case("2026-05-02"))),
    "closed late": Case(failing("left on 2026-04-30, and the case was closed on 2026-05-03"), **given(case("2026-05-03"))),
    "open": Case(failing("left on 2026-04-30, and the case is open"), **given(case(None))),
    "without": Case(NONE, **given()),
    "of another kind": Case(NONE, **given(case(kind="mover"))),
    "of somebody else": Case(NONE, **given(case(person_id="E-bob"))),
    "of years before": Case(NONE, **given(case("2020-01-01", due_on=on("2020-01-01")))),
    "of a month before": Case(upheld(1), **given(case("2026-03-30", due_on=on("2026-03-30")))),
    "of no known day": Case(upheld(1), **given(case(due_on=None))),
    "leaves soon": Case(at_risk(1, flips_at=at("2026-05-10")), **given(ada=leaver("2026-05-08"))),
    "left and the window runs": Case(at_risk(1, flips_at=at("2026-05-05")), **given(ada=leaver("2026-05-03"))),
    "leaves, and was closed before": Case(
        upheld(1, flips_at=None), **given(case("2026-05-03", due_on=on("2026-05-08")), ada=leaver("2026-05-08"))
    ),
    "left long ago": Case(upheld(0), **given(ada=leaver("2025-05-01"))),
    "left a year ago": Case(failing("left on 2025-05-03 without a case"), **given(ada=leaver("2025-05-03"))),
    "nobody leaves": Case(upheld(0), people=[person("bob")], staff_cases=[]),
    "stale": Case(unproven("stale"), stale=["staff_cases"], **given(case())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
