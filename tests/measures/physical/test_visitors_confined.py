from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.measures.sited import entry, visit, zone
from tests.mutants import survivors

MEASURE = "physical/visitors_confined"


def given(*visits: Made, entries: tuple[Made, ...] = ()) -> dict[str, Any]:
    """A visitor who stayed in the lobby."""
    return {
        "zones": [zone("lobby"), zone("hall"), zone("office", processes_data=True)],
        "badges": [],
        "visits": [visit(1), *visits],
        "badge_entries": [entry(1, "lobby", badge="V-1"), *entries],
    }


ASTRAY = "was in, or was granted, what visitors do not enter: "
CASES = {
    "upheld": Case(upheld(1), **given()),
    "many at once": Case(
        broken(
            6,
            [
                ("test/2", ASTRAY + "Hall"),
                ("test/3", ASTRAY + "Office"),
                ("test/4", "left at 2026-05-01 19:01, after closing"),
                ("test/5", "is inside still, after closing"),
            ],
            "1 is unknown",
        ),
        **given(
            visit(2),
            visit(3, zones=["lobby", "office"]),
            visit(4, out_at=at("2026-05-01 19:01")),
            visit(5, out_at=None),
            visit(6, leave_by_at=None),
            entries=(entry(2, "hall", badge="V-2"), entry(3, "lobby", badge="V-3")),
        ),
    ),
    "inside, before closing": Case(
        upheld(2, flips_at=at("2026-05-04 19:00")),
        **given(visit(2, in_at=at("2026-05-04 09:00"), out_at=None, leave_by_at=at("2026-05-04 19:00"))),
    ),
    "leaves this instant": Case(
        at_risk(2, flips_at=at("2026-05-04 12:00")),
        **given(visit(2, in_at=at("2026-05-04 09:00"), out_at=None, leave_by_at=at("2026-05-04 12:00"))),
    ),
    "when it closed is unknown": Case(unproven("when the site closed is unknown"), **given(visit(2, leave_by_at=None))),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"visits": []}),
    "stale": Case(unproven("stale"), stale=["visits"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
