from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "backup/region_as_promised"


def given(**more: Any) -> dict[str, list[Made]]:
    one = {"id": "1", "system_id": "crm", "repository": "r", "region": "uksouth", "automatic": True, "finished_at": at("2026-05-01")}
    return {"backups": [one, {**one, "id": "2", "region": "ukwest", **more}]}


def fault(said: str) -> Any:
    return broken(2, [("test/2", said)], "crm of 2026-05-01 in r")


CASES = {
    "upheld": Case(upheld(2), **given()),
    "elsewhere": Case(fault("lies in eu-central, which was not promised"), **given(region="eu-central")),
    "by hand": Case(fault("was made by hand"), **given(automatic=False)),
    "elsewhere, by whom is unknown": Case(
        fault("lies in eu-central, which was not promised"), **given(region="eu-central", automatic=None)
    ),
    "by hand, where is unknown": Case(fault("was made by hand"), **given(region=None, automatic=False)),
    "where is unknown": Case(unproven("where it lies is unknown", 2), **given(region=None)),
    "how is unknown": Case(unproven("whether a schedule made it is unknown", 2), **given(automatic=None)),
    "nowhere in particular": Case(broken(2, [("test/2", "was made by hand")], "crm in r"), **given(automatic=False, finished_at=None)),
    "none": Case(unproven("0 of 0"), backups=[]),
    "stale": Case(unproven("stale"), stale=["backups"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
