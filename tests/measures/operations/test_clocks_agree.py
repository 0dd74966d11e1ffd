from datetime import timedelta
from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "operations/clocks_agree"
REFERENCE = {"time_references": ["ntp.example.com"]}


def reading(of: str, way: str = "chrony", ms: int | None = 3, **more: Any) -> Made:
    """A clock a few milliseconds ahead of the reference that it follows."""
    return {
        "id": f"{of}/{way}",
        "system_id": of,
        "way": way,
        "measured_at": at("2026-05-04 11:00"),
        "clock_offset": None if ms is None else timedelta(milliseconds=ms),
        "uncertainty": timedelta(milliseconds=10),
        "reference": "ntp.example.com",
        "stratum": 3,
        "synchronised": True,
        **more,
    }


def given(*readings: Made, systems: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """Readings of the host b beside one of a that agrees."""
    return {
        "parameters": REFERENCE,
        "clock_readings": [reading("a"), *readings],
        "systems": [system("a", kind="host"), system("b", kind="host"), *systems],
        **more,
    }


def fault(said: str, *readings: Made) -> Case:
    """The clock of b with one fault, beside one that agrees."""
    return Case(broken(2, [("b", said)], "B"), **given(*readings))


def doubt(said: str, *readings: Made) -> Case:
    """The clock of b with one thing unknown, beside one that agrees."""
    return Case(unproven(f"1 of 2 systems cannot be judged: B ({said})", 2), **given(*readings))


UNKNOWN = "what it follows, or how far it is off, is unknown"

CASES = {
    "off": fault("is off: chrony: 2000 ms off, follows ntp.example.com", reading("b", ms=2000)),
    "upheld": Case(upheld(2, flips_at=at("2026-05-05 10:00")), **given(reading("b", measured_at=at("2026-05-04 10:00")))),
    "behind": fault("is off: chrony: 2000 ms off, follows ntp.example.com", reading("b", ms=-2000)),
    "off, seen from outside alone": fault(
        "is off: chrony: 3 ms off, follows ntp.example.com; sntp: 5000 ms off", reading("b"), reading("b", "sntp", 5000, reference=None)
    ),
    "perhaps off": doubt(UNKNOWN, reading("b", ms=995)),
    "perhaps off the other way": doubt(UNKNOWN, reading("b", ms=1005)),
    "how far is not told": doubt(UNKNOWN, reading("b", ms=None)),
    "how sure is not told": Case(upheld(2), **given(reading("b", ms=1000, uncertainty=None))),
    "adrift": fault("follows nothing: chrony: 3 ms off", reading("b", synchronised=False, reference=None)),
    "adrift, and how far is not told": fault(
        "follows nothing: chrony: by an unknown time", reading("b", ms=None, synchronised=False, reference=None)
    ),
    "at the end of the ladder": fault("follows nothing: chrony: 3 ms off", reading("b", stratum=16, synchronised=None, reference=None)),
    "astray": fault("follows another reference: chrony: 3 ms off, follows evil.example.com", reading("b", reference="evil.example.com")),
    "astray by one of two": fault(
        "follows another reference: chrony: 3 ms off, follows ntp.example.com; sntp: 3 ms off, follows x",
        reading("b"),
        reading("b", "sntp", reference="x"),
    ),
    "what it follows is not told": doubt(UNKNOWN, reading("b", reference=None)),
    "told by one of two": Case(upheld(2), **given(reading("b"), reading("b", "sntp", reference=None, synchronised=None, stratum=None))),
    "no reference decided": Case(
        unproven("which reference clocks must follow is not decided", 2), **given(reading("b", reference="x")) | {"parameters": {}}
    ),
    "no reference decided, and off": Case(
        broken(2, [("b", "is off: chrony: 2000 ms off, follows x")]), **given(reading("b", ms=2000, reference="x")) | {"parameters": {}}
    ),
    "measured too long ago": fault("its clock was not measured in time", reading("b", measured_at=at("2026-05-03 11:00"))),
    "never measured": fault("its clock was not measured in time"),
    "soon too long ago": Case(at_risk(2, flips_at=at("2026-05-04 13:00")), **given(reading("b", measured_at=at("2026-05-03 13:00")))),
    "perhaps in operation": Case(
        unproven("C (its clock was not measured in time)", 3), **given(reading("b"), systems=(system("c", kind="host", in_operation=None),))
    ),
    "out of operation": Case(
        upheld(2), **given(reading("b"), reading("c", ms=9000), systems=(system("c", kind="host", in_operation=False),))
    ),
    "no host": Case(upheld(2), **given(reading("b"), systems=(system("c"),))),
    "no host, but measured": Case(
        broken(3, [("c", "is off: sntp: 9000 ms off, follows ntp.example.com")]),
        **given(reading("b"), reading("c", "sntp", 9000), systems=(system("c"),)),
    ),
    "a host nobody registered": Case(
        broken(3, [("d", "its clock was not measured in time")], "Deep"), **given(reading("b"), hosts=[{"id": "d", "name": "Deep"}])
    ),
    "nothing to judge": Case(unproven("0 of 0"), clock_readings=[], systems=[]),
    "stale": Case(unproven("stale"), stale=["clock_readings"], **given(reading("b"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
