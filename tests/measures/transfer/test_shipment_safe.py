from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "transfer/shipment_safe"


def shipment(name: str = "disk", **more: Any) -> Made:
    """A disk that arrived whole in April."""
    said = {"id": name, "title": name.upper(), "content": "personal", "encrypted": True, "seal": "S-1", "courier_approved": True}
    times = {"sent_at": at("2026-04-10"), "due_on": on("2026-04-13"), "received_at": at("2026-04-13 18:00")}
    return {**said, **times, "seal_intact": True, "undamaged": True, **more}


def case(expected: Any, **more: Any) -> Case:
    return Case(expected, shipments=[shipment("tape"), shipment(**more)])


def fault(said: str) -> Any:
    return broken(2, [("test/disk", said)])


ON_ITS_WAY = {"received_at": None, "seal_intact": None, "undamaged": None, "sent_at": at("2026-05-02")}
UNKNOWN = unproven("not all of it is known", 2)
CASES = {
    "upheld": case(upheld(2)),
    "not encrypted": case(fault("not encrypted"), encrypted=False),
    "no seal": case(fault("without a seal"), seal=None),
    "another courier": case(fault("with a courier who was not approved"), courier_approved=False),
    "a broken seal": case(fault("the seal was broken"), seal_intact=False),
    "damaged": case(fault("it was damaged"), undamaged=False),
    "late": case(fault("it arrived late"), received_at=at("2026-04-14")),
    "not arrived": case(fault("it has not arrived"), **ON_ITS_WAY, due_on=on("2026-05-03")),
    "due today": case(at_risk(2, flips_at=at("2026-05-05")), **ON_ITS_WAY, due_on=on("2026-05-04")),
    "on its way": case(upheld(2, flips_at=at("2026-05-08")), **ON_ITS_WAY, due_on=on("2026-05-07")),
    "encryption unknown": case(UNKNOWN, encrypted=None),
    "courier unknown": case(UNKNOWN, courier_approved=None),
    "due day unknown": case(UNKNOWN, due_on=None),
    "nobody looked at the seal": case(UNKNOWN, seal_intact=None),
    "nobody looked at it": case(UNKNOWN, undamaged=None),
    "public": case(upheld(1), content="public", encrypted=False),
    "of an unknown class": case(fault("not encrypted"), content=None, encrypted=False),
    "long ago": case(upheld(1), encrypted=False, sent_at=at("2025-04-10")),
    "when it was sent is unknown": case(fault("not encrypted"), encrypted=False, sent_at=None),
    "none": Case(upheld(0), shipments=[]),
    "stale": Case(unproven("stale"), stale=["shipments"], shipments=[shipment()]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
