from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "suppliers/component_vulnerabilities_in_time"


def component(name: str, **more: Any) -> Made:
    return {"id": f"shop/{name}", "product_id": "shop", "name": name, "version": "1.0", **more}


def scan(**more: Any) -> Made:
    """The shop was looked at yesterday, to the end."""
    return {"id": "s", "system_id": "shop", "tool": "grype", "format": "grype", "finished_at": at("2026-05-03"), "whole": True, **more}


def finding(**more: Any) -> Made:
    """A critical vulnerability of lib 1.0, found on the day before yesterday."""
    return {
        "id": "f",
        "system_id": "shop",
        "rule_id": "CVE-1",
        "place": "lib 1.0",
        "severity": "critical",
        "state": "open",
        "found_at": at("2026-05-02"),
        "seen_from_at": at("2026-05-03"),
        "seen_until_at": None,
        "ended": None,
        **more,
    }


def given(*findings: Made, **more: Any) -> dict[str, Any]:
    """The shop with two components, in which a scanner found `findings`."""
    said = {"components": [component("zip"), component("lib")], "scans": [scan()], "history": {"scan_findings": list(findings)}, **more}
    return said if findings else said | {"scan_findings": []}


OLD = at("2025-01-01")
LATE = broken(2, [("test/shop/lib", "CVE-1 for too long")], "shop: lib 1.0")
UNSEEN = unproven("2 of 2")
AGES = {"critical": "2026-04-26", "high": "2026-04-03", "medium": "2026-02-02", "low": "2025-11-04"}
YOUNG = {"critical": "2026-04-28", "high": "2026-04-05", "medium": "2026-02-04", "low": "2025-11-06"}

CASES = {
    "upheld": Case(upheld(2, flips_at=at("2026-05-10")), **given()),
    "found, and in time": Case(upheld(2, flips_at=at("2026-05-09")), **given(finding())),
    **{f"{severity}, for too long": Case(LATE, **given(finding(severity=severity, found_at=at(day)))) for severity, day in AGES.items()},
    **{
        f"{severity}, in time": Case(at_risk(2, flips_at=at("2026-05-05")), **given(finding(severity=severity, found_at=at(day))))
        for severity, day in YOUNG.items()
    },
    "seen by us before it says": Case(LATE, **given(finding(seen_from_at=at("2026-04-01")))),
    "a remark": Case(upheld(2), **given(finding(severity="info", found_at=OLD))),
    "of unknown severity": Case(unproven("lib 1.0 (nobody decided about CVE-1)", 2), **given(finding(severity=None))),
    "nobody decided": Case(unproven("lib 1.0 (nobody decided about CVE-1)", 2), **given(finding(state="unknown", found_at=OLD))),
    "suppressed in the scanner is no excuse": Case(LATE, **given(finding(state="suppressed", found_at=OLD))),
    "in another version": Case(upheld(2), **given(finding(place="lib 0.9", found_at=OLD))),
    "in another product": Case(upheld(2), **given(finding(system_id="wiki", found_at=OLD))),
    "of two, one for too long": Case(LATE, **given(finding(found_at=OLD), finding(id="g", rule_id="CVE-2"))),
    "of two, one undecided": Case(
        unproven("nobody decided about CVE-2", 2), **given(finding(), finding(id="g", rule_id="CVE-2", severity=None))
    ),
    "two sources": Case(upheld(2), **given(finding(), finding(source="other", seen_from_at=at("2026-05-02")))),
    "two that one source numbers alike": Case(
        upheld(2), **given(finding(), finding(source="other", system_id="wiki", seen_from_at=at("2026-01-01")))
    ),
    "nobody looked": Case(unproven("nobody looked for vulnerabilities in it", 2), **given(scans=[scan(system_id="wiki")])),
    "looked at too long ago": Case(unproven("last looked for on 2026-04-26", 2), **given(scans=[scan(finished_at=at("2026-04-26"))])),
    "not to the end": Case(UNSEEN, **given(scans=[scan(whole=False)])),
    "by what knows no vulnerabilities": Case(UNSEEN, **given(scans=[scan(format="lynis")])),
    "for too long, and nobody looks any more": Case(LATE, **given(finding(found_at=OLD), scans=[])),
    "no component": Case(unproven("0 of 0"), **given(components=[])),
    "stale": Case(unproven("stale"), stale=["components"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
