from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.changed import change, deployment
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "change/deployment_approved"
SHOP = change("shop-1")


def given(*deployments: Made, changes: tuple[Made, ...] = (SHOP,)) -> dict[str, list[Made]]:
    """Beside a deployment of the wiki that is in order."""
    wiki = change("wiki-1", systems=["wiki"])
    return {"changes": [wiki, *changes], "deployments": [deployment("0", system_id="wiki", change_id="wiki-1"), *deployments]}


def fault(said: str) -> Any:
    return broken(2, [("test/1", said)], "shop/v2 on shop, 2026-05-01")


def emergency(**more: Any) -> Made:
    return change("shop-1", kind="emergency", **more)


LATE = {"approved_at": at("2026-05-04 11:00")}
WAITS = {"approved_at": None, "approved_by_id": None}
ON_TUESDAY = {"deployed_at": at("2026-05-03 12:00")}
CASES = {
    "upheld": Case(upheld(2), **given(deployment("1"))),
    "names no change": Case(fault("belongs to no change"), **given(deployment("1", change_id=None))),
    "names another": Case(fault("there is no change shop-9"), **given(deployment("1", change_id="shop-9"))),
    "of another system": Case(
        fault("shop-1 does not change this system"), **given(deployment("1"), changes=(change("shop-1", systems=["crm"]),))
    ),
    "approved by who proposed it": Case(
        fault("shop-1 was approved by who proposed it"), **given(deployment("1"), changes=(change("shop-1", approved_by_id="E-ada"),))
    ),
    "not approved": Case(fault("shop-1 was not approved by then"), **given(deployment("1"), changes=(change("shop-1", **WAITS),))),
    "approved later": Case(fault("shop-1 was not approved by then"), **given(deployment("1"), changes=(change("shop-1", **LATE),))),
    "approved just then": Case(upheld(2), **given(deployment("1"), changes=(change("shop-1", approved_at=at("2026-05-01 12:00")),))),
    "before its time": Case(
        fault("outside the time of shop-1"), **given(deployment("1"), changes=(change("shop-1", from_at=at("2026-05-02")),))
    ),
    "after its time": Case(
        fault("outside the time of shop-1"), **given(deployment("1"), changes=(change("shop-1", until_at=at("2026-05-01")),))
    ),
    "just in its time": Case(
        upheld(2), **given(deployment("1"), changes=(change("shop-1", from_at=at("2026-05-01 12:00"), until_at=at("2026-05-01 12:00")),))
    ),
    "an emergency, approved later": Case(
        upheld(2), **given(deployment("1"), changes=(emergency(approved_at=at("2026-05-04 12:00"), from_at=at("2026-05-02")),))
    ),
    "an emergency, approved too late": Case(
        fault("shop-1 was not approved by then"),
        **given(deployment("1", deployed_at=at("2026-05-01 10:00")), changes=(emergency(**LATE),)),
    ),
    "an emergency that waits": Case(
        upheld(2, flips_at=at("2026-05-06 12:00")), **given(deployment("1", **ON_TUESDAY), changes=(emergency(**WAITS),))
    ),
    "an emergency that waits to the last": Case(
        at_risk(2, flips_at=at("2026-05-04 12:00")), **given(deployment("1"), changes=(emergency(**WAITS),))
    ),
    "an emergency that waited too long": Case(
        fault("shop-1 was not approved by then"),
        **given(deployment("1", deployed_at=at("2026-05-01 11:00")), changes=(emergency(**WAITS),)),
    ),
    "a change that waits is no emergency": Case(
        broken(2, [("test/1", "shop-1 was not approved by then")]),
        **given(deployment("1", **ON_TUESDAY), changes=(change("shop-1", **WAITS),)),
    ),
    "when is unknown": Case(unproven("when it was done is unknown", 2), **given(deployment("1", deployed_at=None))),
    "when is unknown, and it names none": Case(
        broken(2, [("test/1", "belongs to no change")]), **given(deployment("1", deployed_at=None, change_id=None))
    ),
    "a test system": Case(upheld(1), **given(deployment("1", change_id=None, environment="test"))),
    "where is unknown": Case(fault("belongs to no change"), **given(deployment("1", change_id=None, environment=None))),
    "long ago": Case(upheld(1), **given(deployment("1", change_id=None, deployed_at=at("2025-05-03")))),
    "a year ago": Case(
        broken(2, [("test/1", "belongs to no change")]), **given(deployment("1", change_id=None, deployed_at=at("2025-05-04 12:00")))
    ),
    "of nothing in particular": Case(
        broken(2, [("test/1", "belongs to no change")], "shop, 2026-05-01"), **given(deployment("1", change_id=None, release_id=None))
    ),
    "no deployment": Case(unproven("0 of 0"), deployments=[], changes=[SHOP]),
    "stale": Case(unproven("stale"), stale=["deployments"], **given(deployment("1"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
