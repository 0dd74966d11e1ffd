from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "access/mobile_device_managed"


def phone(name: str = "p1", **more: Any) -> Made:
    told = {"enrolled": True, "encrypted": True, "passcode": True, "tampered": False, "last_contact_at": at("2026-05-04 11:00")}
    return {"id": name, "name": name.upper(), "kind": "phone", **told, **more}


def kept(name: str = "p1", **more: Any) -> Made:
    return {"id": name, "kind": "phone", "person_id": "E-ada", "enrolled_at": at("2025-01-01"), **more}


def given(*devices: Made, register: list[Made] | None = None) -> dict[str, Any]:
    return {"managed_devices": list(devices), "enrolled_devices": [kept()] if register is None else register}


def failing(detail: str) -> Any:
    return broken(1, [("test/p1", detail)], "P1")


GIVEN_UP = failing("was lost or retired, and reports still")
UNTOLD = unproven("whether it is enrolled, encrypted and locked, or when it was seen", 1)
P2 = unproven("p2", 2)
CASES = {
    "upheld": Case(upheld(1, flips_at=at("2026-06-03 11:00")), **given(phone())),
    "a tablet": Case(failing("is not encrypted"), **given(phone(kind="tablet", encrypted=False))),
    "not enrolled": Case(failing("is not enrolled"), **given(phone(enrolled=False))),
    "in no register": Case(upheld(1), **given(phone(), register=[])),
    "lost": Case(GIVEN_UP, **given(phone(), register=[kept(lost_at=at("2026-05-01"))])),
    "retired": Case(GIVEN_UP, **given(phone(), register=[kept(retired_at=at("2026-05-01"))])),
    "another is lost": Case(upheld(1), **given(phone(), register=[kept(), kept("p2", lost_at=at("2026-05-01"))])),
    "not encrypted": Case(failing("is not encrypted"), **given(phone(encrypted=False))),
    "no passcode": Case(failing("asks for no passcode"), **given(phone(passcode=False))),
    "tampered with": Case(failing("had its protections taken off"), **given(phone(tampered=True))),
    "silent": Case(failing("was not seen for too long"), **given(phone(last_contact_at=at("2026-04-01")))),
    "silent to the minute": Case(at_risk(1, flips_at=at("2026-05-04 12:00")), **given(phone(last_contact_at=at("2026-04-04 12:00")))),
    "enrolment not told": Case(UNTOLD, **given(phone(enrolled=None))),
    "encryption not told": Case(UNTOLD, **given(phone(encrypted=None))),
    "passcode not told": Case(UNTOLD, **given(phone(passcode=None))),
    "tampering not told": Case(UNTOLD, **given(phone(tampered=None))),
    "when seen not told": Case(UNTOLD, **given(phone(last_contact_at=None))),
    "unknown to device management": Case(P2, **given(phone(), register=[kept(), kept("p2")])),
    "a tablet, unknown to it": Case(P2, **given(phone(), register=[kept(), kept("p2", kind="tablet")])),
    "retired once": Case(upheld(1), **given(phone(), register=[kept(), kept("p2", retired_at=at("2026-01-01"))])),
    "a laptop": Case(
        upheld(1), **given(phone(), phone("l1", kind="laptop", encrypted=False), register=[kept(), kept("l2", kind="laptop")])
    ),
    "none": Case(unproven("0 of 0"), **given(register=[])),
    "stale": Case(unproven("stale"), stale=["managed_devices"], **given(phone())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
