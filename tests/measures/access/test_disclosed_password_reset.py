from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, account, at
from tests.mutants import survivors

MEASURE = "access/disclosed_password_reset"


def told(**more: Any) -> Made:
    said = {"id": "1", "system_id": "crm", "identifier": "ada", "kind": "password", "reported_at": at("2026-05-01")}
    return {**said, **more}


def given(*more: Made, ada: Made | None = None, **case: Any) -> dict[str, Any]:
    """Ada's password came out on 1 May; there are others whose did not."""
    others = [account("bob"), account("x", system_id="wiki", identifier="ada")]
    return {"accounts": [ada or account("ada"), *others, *more], "disclosed_credentials": [told(**case)]}


def failing(detail: str = "reported on 2026-05-01, and not changed since") -> Any:
    return broken(1, [("test/1", detail)], "password of ada on crm")


def changed(when: str, **more: Any) -> Made:
    return account("ada", password_changed_at=at(when), **more)


UNTOLD = unproven("whether it was changed is unknown", 1)
YEAR_OLD = failing("reported on 2025-05-04, and not changed since")
CASES = {
    "upheld": Case(upheld(1), **given(ada=changed("2026-05-02"))),
    "not changed": Case(failing(), **given()),
    "changed as it was reported": Case(failing(), **given(ada=changed("2026-05-01"))),
    "called otherwise": Case(upheld(1), **given(ada=changed("2026-05-02", identifier="ADA"))),
    "switched off": Case(upheld(1), **given(ada=account("ada", enabled=False))),
    "switched off, and never changed": Case(upheld(1), **given(ada=account("ada", enabled=False, password_changed_at=None))),
    "perhaps switched off": Case(failing(), **given(ada=account("ada", enabled=None))),
    "just reported": Case(upheld(1, flips_at=at("2026-05-05 11:00")), **given(reported_at=at("2026-05-04 11:00"))),
    "nearly over": Case(at_risk(1, flips_at=at("2026-05-04 13:00")), **given(reported_at=at("2026-05-03 13:00"))),
    "over now": Case(at_risk(1, flips_at=at("2026-05-04 12:00")), **given(reported_at=at("2026-05-03 12:00"))),
    "one of two accounts": Case(failing(), **given(account("ada2", identifier="ada", password_changed_at=at("2026-05-02")))),
    "one of two is switched off": Case(
        failing(), **given(account("ada2", identifier="ada"), ada=account("ada", enabled=False, password_changed_at=None))
    ),
    "of nobody known": Case(unproven("no source tells of this account", 1), **given(identifier="zed")),
    "nobody knows when": Case(unproven("or when it was reported", 1), **given(reported_at=None)),
    "changed nobody knows when": Case(UNTOLD, **given(ada=account("ada", password_changed_at=None))),
    "a key": Case(UNTOLD, **given(kind="key")),
    "of unknown kind": Case(UNTOLD, **given(kind=None)),
    "long ago": Case(upheld(0), **given(reported_at=at("2025-05-04"))),
    "a year ago": Case(
        failing("reported on 2025-05-04, and not changed since"), **given(ada=changed("2025-01-01"), reported_at=at("2025-05-04 12:00"))
    ),
    "none": Case(upheld(0), accounts=[], disclosed_credentials=[]),
    "stale": Case(unproven("stale"), stale=["accounts"], **given(ada=changed("2026-05-02"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
