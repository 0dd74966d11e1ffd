import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on, person
from tests.mutants import survivors

MEASURE = "compliance/manager_review_current"


def given(*reviews: Made, people: list[Made] | None = None, **more: object) -> dict:
    area = {"id": "it", "title": "IT", "manager_id": "E-ada", "from_on": on("2020-01-01"), **more}
    return {
        "managed_areas": [area],
        "area_reviews": list(reviews),
        "people": [person("ada"), person("bob", ended_on=on("2026-01-01"))] if people is None else people,
    }


def review(when: str | None, **more: object) -> Made:
    return {"id": f"r-{when}", "area_id": "it", "manager_id": "E-ada", "signed_at": at(when) if when else None, **more}


def failing(why: str) -> object:
    return broken(1, [("test/it", why)])


CASES = {
    "upheld": Case(upheld(1, flips_at=at("2026-07-01")), **given(review("2026-04-01"), review("2025-01-01"))),
    "soon": Case(at_risk(1, flips_at=at("2026-05-10")), **given(review("2026-02-10"))),
    "this instant": Case(at_risk(1), **given(review("2026-02-04 12:00"))),
    "late": Case(failing("last reviewed on 2026-02-03, by Ada"), **given(review("2026-02-03"))),
    "never": Case(failing("never reviewed, by Ada"), **given()),
    "another area's": Case(failing("never reviewed, by Ada"), **given(review("2026-04-01", area_id="hr"))),
    "another register's": Case(failing("never reviewed, by Ada"), **given(review("2026-04-01", source="x"))),
    "new": Case(upheld(1, flips_at=at("2026-07-20")), **given(from_on=on("2026-04-20"))),
    "left": Case(failing("its manager does not work here: Bob"), **given(review("2026-04-01"), manager_id="E-bob")),
    "a stranger": Case(failing("its manager does not work here: E-eve"), **given(review("2026-04-01"), manager_id="E-eve")),
    "undated manager": Case(
        unproven("whether its manager works here is unknown", 1), **given(review("2026-04-01"), people=[person("ada", started_on=None)])
    ),
    "since when is unknown": Case(unproven("since when it is an area is unknown", 1), **given(from_on=None)),
    "no area": Case(unproven("in scope"), managed_areas=[], area_reviews=[], people=[person("ada")]),
    "stale": Case(unproven("stale"), stale=["area_reviews"], **given(review("2026-04-01"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
