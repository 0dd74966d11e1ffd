from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import at
from tests.mutants import survivors

MEASURE = "access/secret_not_shared"


def given(**more: Any) -> dict[str, Any]:
    """A link to the first secret of Ada's account, opened by her."""
    link = {"id": "1", "system_id": "crm", "identifier": "ada", "addressee_id": "E-ada", "made_at": at("2026-05-01")}
    opened = {"expires_at": at("2026-05-03"), "opened_at": at("2026-05-02"), "opened_by_id": "E-ada"}
    return {"secret_links": [{**link, **opened, **more}]}


def failing(detail: str) -> Any:
    return broken(1, [("test/1", detail)], "ada on crm")


WAITS = {"opened_at": None, "opened_by_id": None}
CASES = {
    "upheld": Case(upheld(1), **given()),
    "by somebody else": Case(failing("was opened by somebody else"), **given(opened_by_id="E-bob")),
    "by nobody known": Case(unproven("who opened it is unknown", 1), **given(opened_by_id=None)),
    "after its time": Case(failing("was opened on 2026-05-04, after its time"), **given(opened_at=at("2026-05-04"))),
    "at the last moment": Case(upheld(1), **given(opened_at=at("2026-05-03"))),
    "waiting": Case(upheld(1, flips_at=at("2026-05-06")), **given(**WAITS, expires_at=at("2026-05-06"))),
    "nearly over": Case(at_risk(1, flips_at=at("2026-05-04 13:00")), **given(**WAITS, expires_at=at("2026-05-04 13:00"))),
    "over now": Case(at_risk(1, flips_at=at("2026-05-04 12:00")), **given(**WAITS, expires_at=at("2026-05-04 12:00"))),
    "never opened": Case(failing("was never opened, and ran out on 2026-05-03"), **given(**WAITS)),
    "without end": Case(unproven("until when it can be opened is unknown", 1), **given(**WAITS, expires_at=None)),
    "taken back": Case(upheld(0), **given(**WAITS, withdrawn_at=at("2026-05-02"))),
    "taken back too late": Case(failing("was opened by somebody else"), **given(opened_by_id="E-bob", withdrawn_at=at("2026-05-03"))),
    "long ago": Case(upheld(0), **given(opened_by_id="E-bob", made_at=at("2025-05-04"))),
    "a year ago": Case(failing("was opened by somebody else"), **given(opened_by_id="E-bob", made_at=at("2025-05-04 12:00"))),
    "nobody knows when it was made": Case(failing("was opened by somebody else"), **given(opened_by_id="E-bob", made_at=None)),
    "none": Case(upheld(0), secret_links=[]),
    "stale": Case(unproven("stale"), stale=["secret_links"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
