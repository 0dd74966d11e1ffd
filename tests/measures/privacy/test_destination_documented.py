from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.measures.shared import subprocessor, transfer
from tests.mutants import survivors

MEASURE = "privacy/destination_documented"


def listed(country: str, **more: Any) -> Made:
    return {"id": f"{country}-{more.get('organisation', '')}", "country": country, "published_at": at("2026-01-01"), **more}


def seen(country: str | None, **more: Any) -> Made:
    return {"id": "bucket", "system_id": "crm", "country": country, "seen_at": at("2026-05-01"), **more}


def given(*on_list: Made, sub: Made | None = None, **more: Any) -> dict[str, list[Made]]:
    return {
        "subprocessors": [subprocessor("host", **(sub or {})), subprocessor("plan", countries=["us"], started_on=None)],
        "transfers": [transfer("desk", **{"countries": ["in"], **more}), transfer("over", countries=["us"], ended_on=on("2026-05-03"))],
        "published_destinations": [listed("de"), *on_list],
    }


INDIA = listed("in", organisation="DESK")
MISSING = broken(2, [("transfer/test/desk/in", "a country that is not on the list")])
NOT_DESK = broken(2, [("transfer/test/desk/in", "not among those on the list there")])

CASES = {
    "upheld": Case(upheld(2), **given(INDIA)),
    "seen too": Case(upheld(3), observed_destinations=[seen("de")], **given(INDIA)),
    "not on the list": Case(MISSING, **given()),
    "one country of two": Case(
        broken(3, [("sub-processor/test/host/us", "a country that is not on the list")]), **given(INDIA, sub={"countries": ["de", "us"]})
    ),
    "another organisation there": Case(NOT_DESK, **given(listed("in", organisation="OTHER"))),
    "one of two there": Case(upheld(2), **given(listed("in", organisation="OTHER"), INDIA)),
    "any organisation there": Case(upheld(2), **given(listed("in"))),
    "its last day": Case(MISSING, **given(ended_on=on("2026-05-04"))),
    "no country told": Case(unproven("1 of 2 destinations"), **given(INDIA, sub={"countries": []})),
    "countries not known": Case(unproven("1 of 2 destinations"), **given(INDIA, sub={"countries": None})),
    "seen outside": Case(
        broken(3, [("seen/test/bucket/us", "a country that is not on the list")]), observed_destinations=[seen("us")], **given(INDIA)
    ),
    "seen where one organisation may be": Case(unproven("1 of 3 destinations"), observed_destinations=[seen("in")], **given(INDIA)),
    "seen with somebody else there": Case(
        broken(3, [("seen/test/bucket/in", "not among those on the list there")]),
        observed_destinations=[seen("in", organisation="OTHER")],
        **given(INDIA),
    ),
    "seen in a country nobody told": Case(unproven("1 of 3 destinations"), observed_destinations=[seen(None)], **given(INDIA)),
    "nothing goes anywhere": Case(upheld(0), subprocessors=[], transfers=[], published_destinations=[]),
    "stale": Case(unproven("stale"), stale=["published_destinations"], **given(INDIA)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
