from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "change/patched_in_time"


def scan(of: str = "web", **more: Any) -> Made:
    return {
        "id": f"scan of {of}",
        "system_id": of,
        "tool": "trivy",
        "format": "trivy",
        "finished_at": at("2026-05-03"),
        "whole": True,
        **more,
    }


def finding(since: str = "2026-05-02", **more: Any) -> Made:
    """A grave hole of the web server, with a fix."""
    said = {"id": "1", "system_id": "web", "rule_id": "CVE-1", "severity": "high", "state": "open", "fixed_in": "2.0"}
    return {**said, "seen_from_at": at(since), **more}


def given(*findings: Made, scans: tuple[Made, ...] = (scan(),), **more: Any) -> dict[str, Any]:
    """Beside a host and a product in which nothing was found."""
    return {
        "systems": [system("mail", kind="host"), system("web", **{"kind": "host", **more})],
        "components": [{"id": f"shop/{name}", "product_id": "shop", "name": name} for name in ("django", "lxml")],
        "scans": [scan("mail"), scan("shop"), *scans],
        "scan_findings": list(findings),
    }


def fault(said: str = "there has been a fix for too long: CVE-1", subject: str = "host/test/web") -> Any:
    return broken(3, [(subject, said)])


OLD = "2026-04-01"
CASES = {
    "upheld": Case(upheld(3, flips_at=at("2026-05-10")), **given()),
    "in time": Case(upheld(3), **given(finding())),
    "too old": Case(fault(), **given(finding("2026-04-04"))),
    "to the last hour": Case(at_risk(3, flips_at=at("2026-05-04 12:00")), **given(finding("2026-04-04 12:00"))),
    "a critical one": Case(fault(), **given(finding("2026-04-27", severity="critical"))),
    "a critical one in time": Case(at_risk(3, flips_at=at("2026-05-05")), **given(finding("2026-04-28", severity="critical"))),
    "a medium one": Case(fault(), **given(finding("2026-02-01", severity="medium"))),
    "a medium one in time": Case(upheld(3), **given(finding("2026-03-01", severity="medium"))),
    "a low one": Case(fault(), **given(finding("2025-11-01", severity="low"))),
    "a low one in time": Case(upheld(3), **given(finding("2026-03-01", severity="low"))),
    "a remark": Case(upheld(3), **given(finding("2024-01-01", severity="info"))),
    "of unknown gravity": Case(unproven("how grave 1 findings are is unknown", 3), **given(finding(severity=None))),
    "undecided": Case(unproven("how grave 1 findings are is unknown", 3), **given(finding(OLD, state="unknown"))),
    "suppressed": Case(fault(), **given(finding(OLD, state="suppressed"))),
    "without a fix": Case(upheld(3), **given(finding("2024-01-01", fixed_in=None))),
    "a fix that is new": Case(
        upheld(3),
        **{
            **given(finding()),
            "history": {
                "scan_findings": [
                    {**finding("2026-01-01", fixed_in=None), "seen_until_at": at("2026-05-02"), "ended": "changed"},
                ]
            },
        },
    ),
    "a fix that was taken back": Case(
        upheld(3),
        **{
            **given(finding(fixed_in=None)),
            "history": {
                "scan_findings": [
                    {**finding("2026-01-01"), "seen_until_at": at("2026-05-02"), "ended": "changed"},
                ]
            },
        },
    ),
    "a fix of which the report tells": Case(fault(), **given(finding(fixed_at=at(OLD)))),
    "of a product": Case(fault(subject="product/test/shop"), **given(finding(OLD, system_id="shop"))),
    "of something else": Case(upheld(3), **given(finding(OLD, system_id="blog"))),
    "several": Case(
        fault("there has been a fix for too long: CVE-1, CVE-2"),
        **given(finding(OLD), finding(OLD, id="2", rule_id="CVE-2"), finding(id="3", rule_id="CVE-3"), finding(id="4", severity=None)),
    ),
    "one late, one undecided": Case(fault(), **given(finding(OLD), finding(OLD, id="2", rule_id="CVE-2", state="unknown"))),
    "not scanned": Case(unproven("WEB (nobody looked for vulnerabilities in it)", 3), **given(scans=())),
    "scanned for something else": Case(unproven("nobody looked for vulnerabilities in it", 3), **given(scans=(scan(format="lynis"),))),
    "a scan that broke off": Case(unproven("nobody looked for vulnerabilities in it", 3), **given(scans=(scan(whole=False),))),
    "an old scan": Case(unproven("WEB (last looked for on 2026-04-27)", 3), **given(scans=(scan(finished_at=at("2026-04-27")),))),
    "a scan of last week": Case(at_risk(3, flips_at=at("2026-05-04 12:00")), **given(scans=(scan(finished_at=at("2026-04-27 12:00")),))),
    "not scanned, and known": Case(fault(), **given(finding(OLD), scans=())),
    "no host": Case(upheld(2), **given(finding(OLD), kind="application")),
    "serves nobody": Case(upheld(2), **given(finding(OLD), in_operation=False)),
    "perhaps serves": Case(unproven("WEB (there has been a fix for too long: CVE-1)", 3), **given(finding(OLD), in_operation=None)),
    "found by two": Case(fault(), **given(finding(OLD, source="other", fixed_in=None), finding("2026-04-04"))),
    "nothing": Case(unproven("0 of 0"), systems=[], components=[], scans=[], scan_findings=[]),
    "stale": Case(unproven("stale"), stale=["scans"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
