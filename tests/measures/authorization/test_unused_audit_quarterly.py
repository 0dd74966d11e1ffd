from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "authorization/unused_audit_quarterly"


def audit(finished: str | None, **more: Any) -> Made:
    return {"id": str(finished), "kind": "unused", "opened_at": at("2024-01-01"), "finished_at": finished and at(finished), **more}


def given(*audits: Made) -> dict[str, Any]:
    return {"access_reviews": list(audits)}


NONE = broken(1, [("none", "nobody ever looked for unused credentials")], "Audits of unused credentials")
CASES = {
    "every quarter": Case(upheld(2, flips_at=at("2026-06-15")), **given(audit("2026-01-10"), audit("2026-03-15"))),
    "due soon": Case(at_risk(1, flips_at=at("2026-05-10")), **given(audit("2026-02-10"))),
    "due now": Case(at_risk(1, flips_at=at("2026-05-04 12:00")), **given(audit("2026-02-04 12:00"))),
    "too long ago": Case(broken(1, [("test/2026-01-10", "finished on 2026-01-10, and none since")]), **given(audit("2026-01-10"))),
    "a gap": Case(
        broken(2, [("test/2025-10-01", "finished on 2025-10-01, the next on 2026-03-15")]),
        **given(audit("2025-10-01"), audit("2026-03-15")),
    ),
    "a gap of years before": Case(broken(2), **given(audit("2024-01-01"), audit("2025-03-01"), audit("2026-04-15"))),
    "long forgotten": Case(
        upheld(5),
        **given(
            audit("2024-12-01"), audit("2025-04-15"), audit("2025-07-10"), audit("2025-10-01"), audit("2025-12-28"), audit("2026-03-15")
        ),
    ),
    "running": Case(NONE, **given(audit(None))),
    "of another kind": Case(NONE, **given(audit("2026-03-15", kind="system"))),
    "never": Case(NONE, **given()),
    "stale": Case(unproven("stale"), stale=["access_reviews"], **given(audit("2026-03-15"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
