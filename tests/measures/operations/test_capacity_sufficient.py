from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on, system
from tests.mutants import survivors

MEASURE = "operations/capacity_sufficient"
DAYS = ("2026-04-14", "2026-04-24", "2026-05-04")


def readings(*used: float | None, of: str = "crm", days: tuple[str, ...] = DAYS, **more: Any) -> list[Made]:
    """A disk of 100, of which so much was used every ten days, the last time today."""
    said = {"system_id": of, "resource": "disk", "available": 100.0, "unit": "GB"}
    return [{"id": f"{of}/{day}", "measured_at": at(day), "used": each, **said, **more} for day, each in zip(days, used, strict=True)]


def order(ready_on: str, **more: Any) -> Made:
    return {"id": "1", "system_id": "crm", "resource": "disk", "ready_on": on(ready_on), "owner_id": "E-ada", **more}


def given(
    *used: float | None, orders: tuple[Made, ...] = (), days: tuple[str, ...] = DAYS, serves: bool | None = True, **more: Any
) -> dict[str, list[Made]]:
    """Beside a disk that stays as it is."""
    return {
        "systems": [system("wiki"), system("crm", in_operation=serves)],
        "capacity_readings": [*readings(10.0, 10.0, 10.0, of="wiki"), *readings(*used, days=days, **more)],
        "capacity_orders": list(orders),
    }


def fault(said: str) -> Any:
    return broken(2, [("test/crm/disk", said)])


SLOW, FAST = (40.0, 44.0, 48.0), (10.0, 40.0, 70.0)  # full after 105 days, and after 6
CASES = {
    "lasts": Case(upheld(2, flips_at=at("2026-06-18")), **given(*SLOW)),
    "shrinks": Case(upheld(2), **given(*SLOW[::-1])),
    "for years": Case(upheld(2), **given(40.0, 40.0, 40.0000001)),
    "runs out": Case(fault("runs out on 2026-05-10, and none is ordered"), **given(*FAST)),
    "runs out, and more is ordered": Case(at_risk(2, flips_at=at("2026-05-09")), **given(*FAST, orders=(order("2026-05-08"),))),
    "more comes on the day": Case(at_risk(2, flips_at=at("2026-05-11")), **given(*FAST, orders=(order("2026-05-10"),))),
    "more comes today": Case(at_risk(2, flips_at=at("2026-05-05")), **given(*FAST, orders=(order("2026-05-04"),))),
    "more comes too late": Case(fault("runs out on 2026-05-10, and none is ordered"), **given(*FAST, orders=(order("2026-05-11"),))),
    "more should have come": Case(fault("runs out on 2026-05-10, and none is ordered"), **given(*FAST, orders=(order("2026-05-03"),))),
    "more of something else": Case(
        fault("runs out on 2026-05-10, and none is ordered"), **given(*FAST, orders=(order("2026-05-08", resource="memory"),))
    ),
    "more for another": Case(
        fault("runs out on 2026-05-10, and none is ordered"), **given(*FAST, orders=(order("2026-05-08", system_id="wiki"),))
    ),
    "full": Case(fault("is used beyond what may be used"), **given(95.0, 93.0, 91.0)),
    "filled fast long ago": Case(upheld(2), **given(0.0, 80.0, 80.0, 80.0, days=("2026-03-01", *DAYS))),
    "two readings": Case(unproven("CRM, disk (its readings are too few to project)", 2), **given(40.0, 44.0, days=DAYS[1:])),
    "of one instant": Case(unproven("too few", 2), **given(40.0, 44.0, 48.0, days=(DAYS[2],) * 3)),
    "one that tells nothing": Case(unproven("too few", 2), **given(40.0, None, 44.0)),
    "the last tells nothing": Case(unproven("too few", 2), **given(36.0, 40.0, 44.0, None, days=("2026-04-04", *DAYS))),
    "of how much is unknown": Case(unproven("too few", 2), **given(*SLOW, available=None)),
    "serves nobody": Case(upheld(1), **given(*FAST, serves=False)),
    "whether it serves anybody is unknown": Case(fault("runs out on 2026-05-10, and none is ordered"), **given(*FAST, serves=None)),
    "no reading": Case(unproven("0 of 0"), systems=[system("crm")], capacity_readings=[], capacity_orders=[]),
    "stale": Case(unproven("stale"), stale=["capacity_readings"], **given(*SLOW)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
