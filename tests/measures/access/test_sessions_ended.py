from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, at, person
from tests.mutants import survivors

MEASURE = "access/sessions_ended"


def session(**more: Any) -> Made:
    said = {"id": "1", "system_id": "crm", "account_id": "ada", "identifier": "ada", "way": "console", "interactive": True}
    return {**said, "remote": False, "started_at": at("2026-05-04 08:00"), "active_at": at("2026-05-04 11:30"), "locked": False, **more}


def passed(when: str, leaves: bool | None = True, **more: Any) -> Made:
    return {"id": when, "badge": "B1", "person_id": "E-ada", "zone_id": "lobby", "entered_at": at(when), "leaves": leaves, **more}


def given(*passages: Made, now: Made | None = None, **more: Any) -> dict[str, Any]:
    """Ada works at her desk; Bob left at nine."""
    return {
        "sessions": [now or session()],
        "accounts": [account("ada"), account("bob"), account("carl", person_ref="E-ada", source="other")],
        "people": [person("ada"), person("bob")],
        "systems": SYSTEMS,
        "badge_entries": [passed("2026-05-04 07:50", False), passed("2026-05-04 09:00", person_id="E-bob", badge="B2"), *passages],
        "badges": [{"id": "1", "number": "B1", "person_id": "E-ada"}, {"id": "2", "number": "B2", "person_id": "E-bob"}],
        **more,
    }


def failing(detail: str) -> Any:
    return broken(1, [("test/1", detail)], "ada on crm")


LEFT = failing("is open, though its person left at 2026-05-04 11:40")
IDLE = failing("is open, and nothing was done in it since 2026-05-04 10:50")
OUT = passed("2026-05-04 11:40")
CASES = {
    "in use": Case(at_risk(1, flips_at=at("2026-05-04 12:05")), **given(now=session(active_at=at("2026-05-04 11:05")))),
    "upheld": Case(upheld(1, flips_at=at("2026-05-04 12:30")), **given()),
    "idle": Case(IDLE, **given(now=session(active_at=at("2026-05-04 10:50")))),
    "idle to the minute": Case(at_risk(1, flips_at=at("2026-05-04 12:00")), **given(now=session(active_at=at("2026-05-04 11:00")))),
    "idle and locked": Case(upheld(1), **given(now=session(active_at=at("2026-05-04 10:50"), locked=True))),
    "idle and perhaps locked": Case(unproven("", 1), **given(now=session(active_at=at("2026-05-04 10:50"), locked=None))),
    "idle and perhaps a program": Case(unproven("", 1), **given(now=session(active_at=at("2026-05-04 10:50"), interactive=None))),
    "a program": Case(upheld(0), **given(now=session(active_at=at("2026-05-04 10:50"), interactive=False))),
    "left": Case(LEFT, **given(OUT)),
    "left just now": Case(at_risk(1, flips_at=at("2026-05-04 12:05")), **given(passed("2026-05-04 11:50"))),
    "left to the minute": Case(at_risk(1, flips_at=at("2026-05-04 12:00")), **given(passed("2026-05-04 11:45"))),
    "left, by the badge": Case(LEFT, **given(passed("2026-05-04 11:40", person_id=None))),
    "left, by another badge": Case(upheld(1), **given(passed("2026-05-04 11:40", person_id=None, badge="B2"))),
    "somebody else with a badge of hers": Case(upheld(1), **given(passed("2026-05-04 11:40", person_id="E-bob"))),
    "left by a badge that came back": Case(
        upheld(1),
        **given(
            passed("2026-05-04 11:40", person_id=None),
            badges=[{"id": "1", "number": "B1", "person_id": "E-ada", "returned_at": at("2026-05-01")}],
        ),
    ),
    "left and came back": Case(upheld(1), **given(OUT, passed("2026-05-04 11:45", False))),
    "left, and came back by a door that does not tell": Case(upheld(1), **given(OUT, passed("2026-05-04 11:45", None))),
    "went through a door that does not tell": Case(upheld(1), **given(passed("2026-05-04 11:40", None))),
    "left and locked": Case(upheld(1), **given(OUT, now=session(locked=True))),
    "works from afar": Case(upheld(1), **given(OUT, now=session(remote=True))),
    "perhaps from afar": Case(LEFT, **given(OUT, now=session(remote=None))),
    "nobody tells of idleness": Case(unproven("when something was last done in it is unknown", 1), **given(now=session(active_at=None))),
    "of an unknown account": Case(upheld(1), **given(OUT, now=session(account_id=None))),
    "of an account of another source": Case(upheld(1), **given(OUT, now=session(account_id="carl"))),
    "nobody works": Case(upheld(0), **given(sessions=[])),
    "stale": Case(unproven("stale"), stale=["sessions"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
