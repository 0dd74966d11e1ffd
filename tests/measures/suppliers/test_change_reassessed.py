from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.measures.supplied import supplier
from tests.mutants import survivors

MEASURE = "suppliers/change_reassessed"


def change(name: str, **more: Any) -> Made:
    """A change of the host that took effect in April, assessed by Ada and decided by Bob in March."""
    return {
        "id": name,
        "supplier_id": "host",
        "what": f"New {name}",
        "takes_effect_at": at("2026-04-01"),
        "reassessed_at": at("2026-03-01"),
        "reassessed_by_id": "E-ada",
        "decision": "accept",
        "decided_at": at("2026-03-02"),
        "decided_by_id": "E-bob",
        **more,
    }


def given(**more: Any) -> dict[str, list[Made]]:
    return {"suppliers": [supplier("cloud"), supplier("host")], "supplier_changes": [change("owner"), change("hall", **more)]}


def fault(said: str) -> Any:
    return broken(2, [("test/hall", said)], "HOST: New hall")


NONE = {"reassessed_at": None, "reassessed_by_id": None, "decision": None, "decided_at": None, "decided_by_id": None}
SOON, LATER = {"takes_effect_at": at("2026-05-10")}, {"takes_effect_at": at("2026-09-01")}

CASES = {
    "upheld": Case(upheld(2), **given()),
    "never assessed": Case(fault("its risk was not assessed anew"), **given(**NONE)),
    "never decided": Case(fault("assessed, and nobody decided about it"), **given(decided_at=None, decided_by_id=None)),
    "decided too late": Case(fault("decided after it took effect"), **given(decided_at=at("2026-04-02"))),
    "decided in that instant": Case(upheld(2), **given(decided_at=at("2026-04-01"))),
    "decided before it was assessed": Case(fault("decided before it was assessed"), **given(decided_at=at("2026-02-01"))),
    "assessed and decided in one instant": Case(upheld(2), **given(decided_at=at("2026-03-01"))),
    "decided by whoever assessed it": Case(fault("decided by whoever assessed it"), **given(decided_by_id="E-ada")),
    "nobody knows who decided": Case(fault("decided by whoever assessed it"), **given(decided_by_id=None)),
    "there is time": Case(upheld(2, flips_at=at("2026-09-01")), **given(**NONE, **LATER)),
    "there is little time": Case(at_risk(2, flips_at=at("2026-05-10")), **given(**NONE, **SOON)),
    "decided in good time": Case(upheld(2), **given(**SOON)),
    "in this instant": Case(fault("its risk was not assessed anew"), **given(**NONE, takes_effect_at=at("2026-05-04 12:00"))),
    "when it takes effect is unknown": Case(unproven("HOST: New hall (nobody knows when", 2), **given(takes_effect_at=None)),
    "of a supplier that is not listed": Case(
        broken(2, [("test/hall", "its risk was not assessed anew")], "wiki: New hall"), **given(supplier_id="wiki", **NONE)
    ),
    "of a supplier of another register": Case(
        broken(1, [("test/hall", "its risk was not assessed anew")], "host: New hall"),
        suppliers=[supplier("host", source="other", title="Other Ltd")],
        supplier_changes=[change("hall", **NONE)],
    ),
    "no change": Case(upheld(0), suppliers=[supplier("host")], supplier_changes=[]),
    "stale": Case(unproven("stale"), stale=["supplier_changes"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
