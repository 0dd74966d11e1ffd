from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "backup/records_intact"


def given(**more: Any) -> dict[str, list[Made]]:
    """A log, beside the history and a register."""
    log = {"id": "log", "title": "The ledger", "intact": True, "detail": "7 entries", "checked_at": at("2026-05-04")}
    return {
        "record_checks": [{**log, **more}, {**log, "id": "evidence", "title": None}],
        "register_states": [{"id": "backup.filedrecord", "title": "Records", "as_recorded": True, "detail": "2 records"}],
    }


CASES = {
    "upheld": Case(upheld(3), **given()),
    "altered": Case(broken(3, [("kept/test/log", "entry 7 differs")], "The ledger"), **given(intact=False, detail="entry 7 differs")),
    "not told": Case(unproven("whether it is as it was entered is unknown", 3), **given(intact=None, detail=None)),
    "a record altered": Case(
        broken(4, [("register/test/backup.filedrecord/1", "was changed")]),
        **{
            **given(),
            "register_states": [*given()["register_states"], {"id": "backup.filedrecord/1", "as_recorded": False, "detail": "was changed"}],
        },
    ),
    "nothing": Case(unproven("0 of 0"), record_checks=[], register_states=[]),
    "stale": Case(unproven("stale"), stale=["record_checks"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
