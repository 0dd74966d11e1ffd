from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "access/no_secrets_in_the_open"


def scan(name: str = "app", **more: Any) -> Made:
    return {"id": name, "system_id": "git", "place": f"{name}.git", "files": 9, "unread": 0, "scanned_at": at("2026-05-03"), **more}


def secret(name: str = "app", **more: Any) -> Made:
    said = {"id": f"{name}-1", "scan_id": name, "system_id": "git", "file": "deploy.sh", "line": 3, "kind": "Private Key"}
    return {**said, "fingerprint": "ab", "accepted": False, **more}


def given(*secrets: Made, app: Made | None = None) -> dict[str, Any]:
    return {"secret_scans": [app or scan(), scan("web")], "exposed_secrets": list(secrets)}


def failing(detail: str) -> Any:
    return broken(2, [("test/app", detail)], "app.git")


OTHER = secret(id="2", file="a.py", line=1, kind="AWS Access Key")
CASES = {
    "clean": Case(upheld(2, flips_at=at("2026-05-10")), **given()),
    "a secret": Case(failing("1 secret lies open: Private Key in deploy.sh, line 3"), **given(secret())),
    "two secrets": Case(
        failing("2 secrets lie open: AWS Access Key in a.py, line 1"),
        **given(secret(), OTHER),
    ),
    "accepted": Case(upheld(2), **given(secret(accepted=True))),
    "one accepted, one not": Case(
        failing("1 secret lies open: Private Key in deploy.sh, line 3"), **given(secret(), secret(id="2", file="a.py", accepted=True))
    ),
    "perhaps accepted": Case(unproven("whether what was found works is unknown", 2), **given(secret(accepted=None))),
    "found in another place": Case(
        broken(2, [("test/web", "1 secret lies open: Private Key in deploy.sh, line 3")]), **given(secret("web"))
    ),
    "late": Case(failing("last looked through on 2026-04-26"), **given(app=scan(scanned_at=at("2026-04-26")))),
    "due now": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(app=scan(scanned_at=at("2026-04-27 12:00")))),
    "not all of it read": Case(unproven("2 files could not be looked through", 2), **given(app=scan(unread=2))),
    "nobody knows whether all of it was": Case(
        unproven("whether all files were looked through is unknown", 2), **given(app=scan(unread=None))
    ),
    "nothing looked at": Case(unproven("0 of 0"), secret_scans=[], exposed_secrets=[]),
    "stale": Case(unproven("stale"), stale=["secret_scans"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
