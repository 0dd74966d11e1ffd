from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, at, on, person
from tests.mutants import survivors

MEASURE = "access/remote_access_approved"


def session(**more: Any) -> Made:
    said = {"id": "1", "system_id": "crm", "identifier": "ada", "device_id": "L1", "began_at": at("2026-05-01 20:00")}
    return {**said, "seen_from_at": at("2026-05-01 21:00"), "seen_until_at": None, "ended": None, **more}


def approval(**more: Any) -> Made:
    said = {"id": "1", "person_id": "E-ada", "from_on": on("2026-01-01"), "approved_by_id": "E-eve", "approved_at": at("2025-12-01")}
    return {**said, **more}


def laptop(**more: Any) -> Made:
    return {"id": "L1", "kind": "laptop", "person_id": "E-ada", "enrolled_at": at("2025-01-01"), **more}


NAMESAKES = [
    account("w", system_id="wiki", identifier="ada", person_ref="E-bob"),
    account("ada", system_id="db", person_ref="E-aaa", source="other"),
]


def given(*sessions: Made, approved: Made | None = None, device: Made | None = None, **more: Any) -> dict[str, Any]:
    """Ada may work from afar since January, on her laptop."""
    return {
        "history": {"remote_sessions": list(sessions) or [session()]},
        "people": [person("aaa"), person("ada"), person("bob")],
        "systems": SYSTEMS,
        "accounts": [
            account("ada"),
            account("bob"),
            *NAMESAKES,
        ],
        "remote_work_approvals": [approved or approval()],
        "enrolled_devices": [device or laptop()],
        **more,
    }


def failing(detail: str) -> Any:
    return broken(1, [("test/1", detail)], "ada on crm, 2026-05-01 20:00")


NOT = failing("was by somebody not approved for work from afar")
DEVICE = failing("came from a device that was not enrolled: L1")
CASES = {
    "upheld": Case(upheld(1), **given()),
    "by name": Case(upheld(1), **given(session(identifier="x", person_id="E-ada"))),
    "by the name of somebody else": Case(NOT, **given(session(person_id="E-bob"))),
    "on another system, where the name is another's": Case(
        broken(1, [("test/1", "was by somebody not approved for work from afar")]), **given(session(system_id="wiki"))
    ),
    "not approved": Case(NOT, **given(approved=approval(person_id="E-bob"))),
    "approved later": Case(NOT, **given(approved=approval(approved_at=at("2026-05-02")))),
    "approved as it began": Case(upheld(1), **given(approved=approval(approved_at=at("2026-05-01 20:00")))),
    "from the next day": Case(NOT, **given(approved=approval(from_on=on("2026-05-02")))),
    "from the day": Case(upheld(1), **given(approved=approval(from_on=on("2026-05-01")))),
    "until the day before": Case(NOT, **given(approved=approval(until_on=on("2026-04-30")))),
    "until the day": Case(upheld(1), **given(approved=approval(until_on=on("2026-05-01")))),
    "withdrawn": Case(NOT, **given(approved=approval(withdrawn_at=at("2026-05-01 20:00")))),
    "withdrawn later": Case(upheld(1), **given(approved=approval(withdrawn_at=at("2026-05-02")))),
    "from another device": Case(broken(1, [("test/1", "came from a device that was not enrolled: PC")]), **given(session(device_id="PC"))),
    "enrolled later": Case(DEVICE, **given(device=laptop(enrolled_at=at("2026-05-02")))),
    "enrolled as it began": Case(upheld(1), **given(device=laptop(enrolled_at=at("2026-05-01 20:00")))),
    "lost": Case(DEVICE, **given(device=laptop(lost_at=at("2026-05-01 20:00"), retired_at=at("2026-05-03")))),
    "lost later": Case(upheld(1), **given(device=laptop(lost_at=at("2026-05-03")))),
    "nobody's": Case(unproven("whose session it was is unknown", 1), **given(session(identifier="zed"))),
    "nobody's, from an unknown device": Case(
        broken(1, [("test/1", "came from a device that was not enrolled: PC")]), **given(session(identifier="zed", device_id="PC"))
    ),
    "from nothing known": Case(unproven("which device it came from is unknown", 1), **given(session(device_id=None))),
    "undated": Case(unproven("when it began is unknown", 1), **given(session(began_at=None))),
    "long ago": Case(unproven("0 of 0"), **given(session(began_at=at("2026-02-04"), device_id="PC"))),
    "three months ago": Case(broken(1), **given(session(began_at=at("2026-02-04 12:00"), device_id="PC"))),
    "told anew": Case(
        upheld(1),
        **given(
            session(device_id="PC", seen_until_at=at("2026-05-02"), ended="changed"),
            session(seen_from_at=at("2026-05-02")),
        ),
    ),
    "none": Case(unproven("0 of 0"), **given(remote_sessions=[], history={})),
    "stale": Case(unproven("stale"), stale=["remote_sessions"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
