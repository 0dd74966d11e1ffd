from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.logged import log
from tests.measures.made import at
from tests.mutants import survivors

MEASURE = "operations/logs_monitored"
FLIP = at("2026-05-04 12:30")


def web(**more: Any) -> dict[str, Any]:
    """A log that is monitored, and the log web."""
    return {"log_sources": [log(), log("web", **more)]}


def fault(said: str, **more: Any) -> Case:
    """The log web with one fault, beside one that is monitored."""
    return Case(broken(2, [("test/web", said)], "web of crm"), **web(**more))


def doubt(**more: Any) -> Case:
    """The log web with one thing unknown, beside one that is monitored."""
    return Case(unproven("web of crm (what ran over it is unknown)", 2), **web(**more))


CASES = {
    "upheld": Case(upheld(2, flips_at=FLIP), **web()),
    "some rules cannot fire": Case(upheld(2, flips_at=FLIP), **web(rules_blind=3)),
    "late": fault("no rule looked at it since 2026-05-04 10:59", read_at=at("2026-05-04 10:59")),
    "to the instant": Case(upheld(2, flips_at=at("2026-05-04 12:00")), **web(read_at=at("2026-05-04 11:00"))),
    "no rule is about it": fault("no rule is about it", rules_run=0),
    "a rule left out": fault("2 rules could not be read", rules_left_out=2),
    "a rule took too long": fault("on 5 values a rule took too long", undecided=5),
    "never read": doubt(read_at=None),
    "how many ran is unknown": doubt(rules_run=None),
    "how many were left out is unknown": doubt(rules_left_out=None),
    "what was not decided is unknown": doubt(undecided=None),
    "no log": Case(unproven("no logs that are watched"), log_sources=[]),
    "stale": Case(unproven("stale"), stale=["log_sources"], **web()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
