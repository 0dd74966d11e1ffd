import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "compliance/requirement_covered"


def given(*links: str, state: str | None = "upheld", source: str = "test", **more: object) -> dict:
    """The law is answered by `links`; iso:1 stands so, iso:2 is upheld, iso:3 was never judged."""
    law: Made = {"id": "law", "title": "Law", "reference": "§ 1", "from_on": on("2020-01-01"), **more}
    states = {"iso:1": state, "iso:2": "upheld", "iso:3": None}
    return {
        "requirements": [law],
        "requirement_promises": [{"id": f"law/{each}", "requirement_id": "law", "promise_id": each, "source": source} for each in links],
        "promise_verdicts": [{"id": each, "state": said, "judged_at": at("2026-05-04")} for each, said in states.items()],
    }


def failing(why: str) -> object:
    return broken(1, [("test/law", why)], "Law, § 1")


NONE = failing("no promise answers it")

CASES = {
    "upheld": Case(upheld(1), **given("iso:1", "iso:2")),
    "excepted": Case(upheld(1), **given("iso:1", state="excepted")),
    "at risk": Case(upheld(1), **given("iso:1", state="at risk")),
    "mapped to nothing": Case(NONE, **given()),
    "another register's": Case(NONE, **given("iso:1", source="x")),
    "another requirement": Case(
        NONE, **given("iso:1") | {"requirement_promises": [{"id": "x", "requirement_id": "other", "promise_id": "iso:1"}]}
    ),
    "falls": Case(failing("does not stand: iso:1"), **given("iso:1", "iso:2", state="broken")),
    "not proven": Case(failing("does not stand: iso:1"), **given("iso:1", state="unproven")),
    "never judged": Case(unproven("a promise that answers it was never judged", 1), **given("iso:2", "iso:3")),
    "no such promise": Case(unproven("was never judged", 1), **given("iso:2", "iso:9")),
    "not in force yet": Case(unproven("in scope", 0), **given(from_on=on("2026-05-05"))),
    "since today": Case(NONE, **given(from_on=on("2026-05-04"))),
    "no longer": Case(unproven("in scope", 0), **given(until_on=on("2026-05-03"))),
    "to the last day": Case(NONE, **given(until_on=on("2026-05-04"))),
    "stale": Case(unproven("stale"), stale=["promise_verdicts"], **given("iso:1")),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
