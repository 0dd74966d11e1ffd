from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.logged import fault, log
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "operations/logs_complete"


def given(*faults: Made, **more: Any) -> dict[str, Any]:
    """Two logs, and what is wrong with them."""
    return {"log_sources": [log(), log("web")], "log_faults": list(faults), **more}


CASES = {
    "upheld": Case(upheld(2), **given()),
    "a gap": Case(broken(2, [("test/web", "no event for an hour")], "web of crm"), **given(fault())),
    "two faults": Case(
        broken(2, [("test/web", "no event for an hour; it was cut")], "web of crm"),
        **given(fault(), fault("2/0", said="it was cut", found_at=at("2026-04-29"))),
    ),
    "a fault without words": Case(broken(2, [("test/web", "something is wrong")], "web of crm"), **given(fault(said=None))),
    "found at an unknown time": Case(broken(2, [("test/web", "no event for an hour")], "web of crm"), **given(fault(found_at=None))),
    "found long ago": Case(upheld(2), **given(fault(found_at=at("2026-04-01")))),
    "to the instant": Case(
        broken(2, [("test/web", "no event for an hour")], "web of crm"), **given(fault(found_at=at("2026-04-04 12:00")))
    ),
    "of another log": Case(upheld(2), **given(fault(of="db"))),
    "of another register's log": Case(upheld(2), **given(fault(source="other"))),
    "never read": Case(unproven("web of crm (it was never read)", 2), log_sources=[log(), log("web", read_at=None)], log_faults=[]),
    "no log": Case(unproven("no logs that are watched"), log_sources=[], log_faults=[]),
    "stale": Case(unproven("stale"), stale=["log_faults"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
