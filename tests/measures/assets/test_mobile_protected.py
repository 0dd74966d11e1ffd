from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, device
from tests.mutants import survivors

MEASURE = "assets/mobile_protected"


def phone(name: str, **more: Any) -> Made:
    return device(name, **{"kind": "phone", "passcode": True, **more})


CASES = {
    "upheld": Case(
        upheld(1),
        devices=[
            phone("a"),
            phone("b", in_use=False, passcode=False),
            device("c", encrypted=False),
            device("d", mobile=False, kind="tablet"),
        ],
    ),
    "many at once": Case(
        broken(
            7,
            [("test/b", "has no passcode"), ("test/c", "is not encrypted"), ("test/d", "is not encrypted"), ("test/e", "has no passcode")],
            "2 are unknown",
        ),
        devices=[
            phone("a"),
            phone("b", passcode=False),
            phone("c", encrypted=False),
            device("d", mobile=True, passcode=True, encrypted=False),
            phone("e", passcode=False, encrypted=None, kind="tablet"),
            device("f", kind=None, mobile=None, passcode=False),
            phone("g", in_use=None, encrypted=False),
        ],
    ),
    "passcode unknown": Case(unproven("whether it has a passcode is unknown"), devices=[phone("b", passcode=None)]),
    "encryption unknown": Case(unproven("whether it is encrypted is unknown"), devices=[phone("b", encrypted=None)]),
    "nothing to judge": Case(unproven("0 of 0"), devices=[device("a")]),
    "stale": Case(unproven("stale"), stale=["devices"], devices=[phone("a")]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
