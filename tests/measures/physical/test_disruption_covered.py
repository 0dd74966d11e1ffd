from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.measures.sited import protection, site
from tests.mutants import survivors

MEASURE = "physical/disruption_covered"

HAZARDS = ("power failure", "fire", "natural disaster", "line interference")


def given(*sites: Made, **last: Any) -> dict[str, Any]:
    """A site with a protection against each, and a provider's without any."""
    tested = [protection(number, hazard) for number, hazard in enumerate(HAZARDS[:3])]
    return {"sites": [site(), site("dc", operated_by="provider"), *sites], "protections": [*tested, protection(9, HAZARDS[3], **last)]}


CASES = {
    "upheld": Case(upheld(4, flips_at=at("2027-04-01")), **given()),
    "another site": Case(
        broken(8, [(f"test/lab/{each}", "nothing protects against it") for each in sorted(HAZARDS)]), **given(site("lab", operated_by=None))
    ),
    "did not work": Case(broken(4, [("test/hq/line interference", "its protection was not shown to work")]), **given(worked=False)),
    "too long ago": Case(
        broken(4, [("test/hq/line interference", "its last good test is enough until 2026-05-04")]),
        **given(test_due_at=at("2026-05-04 11:59")),
    ),
    "due this instant": Case(at_risk(4, flips_at=at("2026-05-04 12:00")), **given(test_due_at=at("2026-05-04 12:00"))),
    "nothing to judge": Case(unproven("0 of 0"), sites=[site("dc", operated_by="provider")], protections=[]),
    "unknown: read in part": Case(unproven("never"), partial=["sites"], **given()),
    "stale": Case(unproven("stale"), stale=["protections"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
