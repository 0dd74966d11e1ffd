from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "change/security_tests_run"


def release(repository: str = "shop", tag: str = "v2", **more: Any) -> Made:
    said = {"id": f"{repository}/{tag}", "repository_id": repository, "tag": tag, "oid": "1" * 40}
    return {**said, "tagged_at": at("2026-04-01"), **more}


def ran(name: str = "fuzzing", of: str = "shop/v2", *, at_: str = "2026-04-01", **more: Any) -> Made:
    said = {"id": f"{of}/{name}/{at_}", "release_id": of, "suite": "security", "name": name, "passed": True, "finished_at": at(at_)}
    return {**said, **more}


def scan(of: str = "shop", **more: Any) -> Made:
    return {"id": f"scan of {of}", "system_id": of, "tool": "Trivy", "finished_at": at("2026-05-03"), "whole": True, **more}


def finding(severity: str, of: str = "shop", **more: Any) -> Made:
    return {"id": f"{of}/{severity}", "system_id": of, "rule_id": f"CVE-{severity}", "severity": severity, "state": "open", **more}


def given(
    *tests: Made, releases: tuple[Made, ...] = (release(),), scans: tuple[Made, ...] = (scan(),), findings: tuple[Made, ...] = ()
) -> dict[str, list[Made]]:
    """Beside a release of the wiki that passed."""
    return {
        "releases": [release("wiki", "v1"), *releases],
        "release_tests": [ran(of="wiki/v1"), *tests],
        "scans": [scan("wiki"), *scans],
        "scan_findings": list(findings),
    }


def fault(subject: str, said: str, population: int = 4) -> Any:
    return broken(population, [(subject, said)])


RELEASE, PRODUCT = "release/test/shop/v2", "product/test/shop"
CASES = {
    "upheld": Case(upheld(4), **given(ran(), ran("headers"))),
    "one failed": Case(fault(RELEASE, "failed: headers"), **given(ran(), ran("headers", passed=False))),
    "failed, and passed later": Case(upheld(4), **given(ran(passed=False, at_="2026-03-31"), ran())),
    "passed, and failed later": Case(fault(RELEASE, "failed: fuzzing"), **given(ran(), ran(passed=False, at_="2026-04-02"))),
    "how one ended is unknown": Case(
        unproven("how some of its security tests ended is unknown", 4), **given(ran(), ran("headers", passed=None))
    ),
    "none is known": Case(fault(RELEASE, "no security test of it is known"), **given()),
    "another suite": Case(fault(RELEASE, "no security test of it is known"), **given(ran(suite="unit"))),
    "another suite failed": Case(upheld(4), **given(ran(), ran("layout", suite="unit", passed=False))),
    "an old release": Case(upheld(2), **given(releases=(release(tagged_at=at("2025-05-03")),))),
    "of a year ago": Case(fault(RELEASE, "no security test of it is known"), **given(releases=(release(tagged_at=at("2025-05-05")),))),
    "when it was made is unknown": Case(
        unproven("shop v2 (no security test of it is known)", 4), **given(releases=(release(tagged_at=None),))
    ),
    "when it was made is unknown, and it passed": Case(upheld(4), **given(ran(), releases=(release(tagged_at=None),))),
    "an open finding": Case(fault(PRODUCT, "open: CVE-high"), **given(ran(), findings=(finding("high"),))),
    "a critical one": Case(fault(PRODUCT, "open: CVE-critical"), **given(ran(), findings=(finding("critical"),))),
    "slight ones": Case(upheld(4), **given(ran(), findings=(finding("medium"),))),
    "suppressed": Case(upheld(4), **given(ran(), findings=(finding("high", state="suppressed"),))),
    "of something else": Case(upheld(4), **given(ran(), findings=(finding("high", "blog"),))),
    "no scan": Case(unproven("shop (no scanner has looked at it)", 4), **given(ran(), scans=())),
    "a scan that broke off": Case(unproven("shop (no scanner has looked at it)", 4), **given(ran(), scans=(scan(whole=False),))),
    "no release": Case(unproven("0 of 0"), releases=[], release_tests=[], scans=[], scan_findings=[]),
    "stale": Case(unproven("stale"), stale=["release_tests"], **given(ran())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
