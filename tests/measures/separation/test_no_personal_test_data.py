from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "separation/no_personal_test_data"


def scan(place: str = "public.buyers", **more: Any) -> Made:
    told = {"id": f"staging/{place}", "system_id": "staging", "place": place, "sampled": 100, "found": [], "compared": True}
    return {**told, "in_production": 0, "scanned_at": at("2026-05-03"), **more}


def case(expected: Any, **more: Any) -> Case:
    return Case(expected, test_data_scans=[scan("public.orders"), scan(**more)], systems=[system("staging"), system("crm")])


def fault(said: str) -> Any:
    return broken(2, [("test/staging/public.buyers", said)], "public.buyers of STAGING")


UNKNOWN = unproven("it was not compared with production", 2)
CASES = {
    "upheld": case(upheld(2, flips_at=at("2026-05-10"))),
    "soon": case(at_risk(2, flips_at=at("2026-05-05")), scanned_at=at("2026-04-28")),
    "personal data": case(
        fault("holds what looks like mail addresses in contact (3), phone numbers in tel (1)"),
        found=["mail addresses in contact (3)", "phone numbers in tel (1)"],
    ),
    "rows of production": case(fault("10 of its rows are in production too"), in_production=10),
    "found long ago": case(fault("10 of its rows are in production too"), in_production=10, scanned_at=at("2026-01-01")),
    "not lately": case(unproven("not looked at lately", 2), scanned_at=at("2026-04-26")),
    "when is unknown": case(unproven("1 of 2", 2), scanned_at=None),
    "not compared": case(UNKNOWN, in_production=None),
    "not looked at": case(UNKNOWN, found=None),
    "how many is unknown": case(UNKNOWN, sampled=None),
    "none": Case(unproven("0 of 0"), test_data_scans=[]),
    "stale": Case(unproven("stale"), stale=["test_data_scans"], test_data_scans=[scan()]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
