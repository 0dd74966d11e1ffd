import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "compliance/system_reviewed"


def scan(when: str, **more: object) -> Made:
    return {"id": when, "system_id": "crm", "tool": "lynis", "finished_at": at(when), "whole": True, **more}


def by_hand(when: str, **more: object) -> Made:
    return {"id": when, "system_id": "crm", "reviewed_at": at(when), **more}


def given(*scans: Made, hand: list[Made] | None = None, **more: object) -> dict:
    return {"systems": [system("crm", **more)], "scans": list(scans), "technical_reviews": hand or []}


def failing(why: str) -> object:
    return broken(1, [("test/crm", why)])


NEVER = failing("never reviewed")

CASES = {
    "upheld": Case(upheld(1, flips_at=at("2026-08-01")), **given(scan("2026-05-01"), scan("2020-01-01"))),
    "by hand": Case(upheld(1, flips_at=at("2026-08-02")), **given(scan("2020-01-01"), hand=[by_hand("2026-05-02")])),
    "soon": Case(at_risk(1, flips_at=at("2026-05-05")), **given(scan("2026-02-05"))),
    "this instant": Case(at_risk(1), **given(scan("2026-02-04 12:00"))),
    "long ago": Case(failing("last reviewed on 2026-02-03, by lynis"), **given(scan("2026-02-03"))),
    "the newer one is told": Case(
        failing("last reviewed on 2026-02-02, by hand"), **given(scan("2026-02-01"), hand=[by_hand("2026-02-02")])
    ),
    "never": Case(NEVER, **given()),
    "another system": Case(NEVER, **given(scan("2026-05-01", system_id="wiki"))),
    "broken off": Case(NEVER, **given(scan("2026-05-01", whole=False))),
    "may serve": Case(unproven("never reviewed", 1), **given(in_operation=None)),
    "serves nobody": Case(unproven("in scope", 0), **given(in_operation=False)),
    "no scanner": Case(upheld(1), systems=[system("crm")], technical_reviews=[by_hand("2026-05-02")]),
    "stale": Case(unproven("stale"), stale=["systems"], **given(scan("2026-05-01"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
