from datetime import timedelta
from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "privacy/retention_kept"


def data_set(name: str, **more: Any) -> Made:
    return {"id": name, "title": name.upper(), "system_id": "crm", "keep_for": timedelta(days=365), **more}


def age(of: str, **more: Any) -> Made:
    """Measured yesterday; the oldest is of last summer."""
    return {
        "id": f"a-{of}",
        "data_set_id": of,
        "measured_at": at("2026-05-03"),
        "rows_there": 9,
        "oldest_at": at("2025-07-01"),
        **more,
    }


def given(*ages: Made) -> dict[str, list[Made]]:
    return {"data_sets": [data_set("mail"), data_set("crm")], "data_set_ages": [age("mail"), *ages]}


def fault(said: str) -> Any:
    return broken(2, [("test/crm", said)])


EMPTY = {"rows_there": 0, "oldest_at": None}
PAST = fault("holds data since 2025-05-04")

CASES = {
    "upheld": Case(at_risk(2, flips_at=at("2026-05-10")), **given(age("crm"))),
    "upheld for long": Case(upheld(2, flips_at=at("2026-06-02")), parameters={"age_measured_within": "30 days"}, **given(age("crm"))),
    "over soon": Case(at_risk(2, flips_at=at("2026-05-07")), **given(age("crm", oldest_at=at("2025-05-07")))),
    "a year to the minute": Case(at_risk(2), **given(age("crm", oldest_at=at("2025-05-04 12:00")))),
    "kept too long": Case(PAST, **given(age("crm", oldest_at=at("2025-05-04 11:59")))),
    "kept too long, measured long ago": Case(PAST, **given(age("crm", oldest_at=at("2025-05-04"), measured_at=at("2026-01-01")))),
    "empty": Case(at_risk(2, flips_at=at("2026-05-10")), **given(age("crm", **EMPTY))),
    "empty, measured first": Case(at_risk(2, flips_at=at("2026-05-09")), **given(age("crm", **EMPTY, measured_at=at("2026-05-02")))),
    "how old is not told": Case(unproven("1 of 2 data sets"), **given(age("crm", oldest_at=None))),
    "never measured": Case(unproven("1 of 2 data sets"), **given()),
    "measured a week ago": Case(at_risk(2), **given(age("crm", measured_at=at("2026-04-27 12:00")))),
    "measured longer ago": Case(unproven("1 of 2 data sets"), **given(age("crm", measured_at=at("2026-04-27 11:59")))),
    "measured again": Case(at_risk(2), **given(age("crm"), age("crm", id="x", measured_at=at("2026-05-01"), oldest_at=at("2024-01-01")))),
    "no data set": Case(unproven("0 of 0"), data_sets=[], data_set_ages=[]),
    "stale": Case(unproven("stale"), stale=["data_set_ages"], **given(age("crm"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
