from datetime import timedelta
from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "privacy/temporary_files_erased"


def place(name: str, **more: Any) -> Made:
    return {"id": name, "title": name.capitalize(), "system_id": "crm", "keep_for": timedelta(days=2), **more}


def sweep(of: str, **more: Any) -> Made:
    """A sweep this morning, after which three files of yesterday lay there."""
    return {"id": f"s-{of}", "place_id": of, "swept_at": at("2026-05-04 06:00"), "left_there": 3, "oldest_at": at("2026-05-03"), **more}


def given(*sweeps: Made) -> dict[str, list[Made]]:
    return {"temporary_places": [place("spool"), place("exports")], "temporary_sweeps": [sweep("spool"), *sweeps]}


def fault(said: str) -> Any:
    return broken(2, [("test/exports", said)])


OVER = fault("holds what is older than its limit")

CASES = {
    "upheld": Case(upheld(2, flips_at=at("2026-05-05 06:00")), **given(sweep("exports"))),
    "an old file": Case(OVER, **given(sweep("exports", oldest_at=at("2026-05-02 05:59")))),
    "as old as may be": Case(upheld(2), **given(sweep("exports", oldest_at=at("2026-05-02 06:00")))),
    "nothing lies there": Case(upheld(2), **given(sweep("exports", left_there=0, oldest_at=None))),
    "how old is not told": Case(unproven("1 of 2 temporary places"), **given(sweep("exports", oldest_at=None))),
    "nobody swept it": Case(unproven("1 of 2 temporary places"), **given()),
    "swept yesterday": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(sweep("exports", swept_at=at("2026-05-03 12:00")))),
    "swept too long ago": Case(fault("swept on 2026-05-03"), **given(sweep("exports", swept_at=at("2026-05-03 11:59")))),
    "swept again": Case(
        upheld(2), **given(sweep("exports"), sweep("exports", id="x", swept_at=at("2026-05-03"), oldest_at=at("2026-04-01")))
    ),
    "an old file since": Case(
        OVER, **given(sweep("exports", swept_at=at("2026-05-03 13:00")), sweep("exports", id="x", oldest_at=at("2026-04-01")))
    ),
    "no place": Case(unproven("0 of 0"), temporary_places=[], temporary_sweeps=[]),
    "stale": Case(unproven("stale"), stale=["temporary_sweeps"], **given(sweep("exports"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
