from datetime import timedelta

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.compliance.made import finding
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "compliance/technical_findings_in_time"
LIMITS = {"critical": 7, "high": 30, "medium": 90, "low": 180}
NOW = at("2026-05-04 12:00")


def aged(severity: str, days: int) -> Made:
    return finding(severity, severity=severity, found_at=NOW - timedelta(days=days))


def seen(source: str = "test", **more: object) -> dict:
    """We have seen the finding for two months; the scanner says that it is new."""
    now = {**finding("cve"), "seen_from_at": at("2026-05-04"), "seen_until_at": None, "ended": None}
    before = {
        **finding("cve", severity="low"),
        "seen_from_at": at("2026-03-01"),
        "seen_until_at": at("2026-05-04"),
        "ended": "changed",
        "source": source,
        **more,
    }
    return {"scan_findings": [], "history": {"scan_findings": [before, now]}}


CASES = {
    "upheld": Case(upheld(4), scan_findings=[aged(severity, days - 4) for severity, days in LIMITS.items()]),
    "soon": Case(at_risk(1, flips_at=NOW + timedelta(days=1)), scan_findings=[aged("critical", 6)]),
    "to the last instant": Case(at_risk(4), scan_findings=[aged(severity, days) for severity, days in LIMITS.items()]),
    "critical": Case(
        broken(1, [("test/critical", "critical, found by trivy on 2026-04-26")], "crm: CRITICAL, libc"), scan_findings=[aged("critical", 8)]
    ),
    "high": Case(broken(1, [("test/high", "high, found by trivy on 2026-04-03")]), scan_findings=[aged("high", 31)]),
    "medium": Case(broken(1, [("test/medium", "medium, found by trivy on 2026-02-02")]), scan_findings=[aged("medium", 91)]),
    "low": Case(broken(1, [("test/low", "low, found by trivy on 2025-11-04")]), scan_findings=[aged("low", 181)]),
    "a remark": Case(upheld(0), scan_findings=[aged("info", 999)]),
    "known to us for longer": Case(broken(1, [("test/cve", "high, found by trivy on 2026-03-01")]), **seen()),
    "another source's": Case(upheld(1), **seen(source="x")),
    "another finding": Case(upheld(1), **seen(id="other")),
    "suppressed": Case(
        broken(1, [("test/high", "high, found by trivy on 2026-04-03, suppressed there")]),
        scan_findings=[{**aged("high", 31), "state": "suppressed"}],
    ),
    "undecided": Case(unproven("trivy could not decide", 1), scan_findings=[{**aged("high", 31), "state": "unknown"}]),
    "of unknown severity": Case(unproven("of unknown severity", 1), scan_findings=[finding("x", severity=None)]),
    "nothing found": Case(upheld(0), scan_findings=[]),
    "stale": Case(unproven("stale"), stale=["scan_findings"], scan_findings=[finding("x")]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
