from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.measures.sited import HOUR, site
from tests.mutants import survivors

MEASURE = "physical/monitoring_continuous"


def beats(silent_from: str = "", silent_until: str = "", site_id: str = "hq", last: str = "2026-05-04 12:00") -> list[Made]:
    """A sign of life each hour of four weeks, but for a while."""
    times = [at(last) - number * HOUR for number in range(31 * 24)]
    heard = [each for each in times if not (silent_from and at(silent_from) < each < at(silent_until))]
    return [{"id": f"{site_id} {each}", "site_id": site_id, "device": "camera", "seen_at": each} for each in heard]


def guards(**more: Any) -> Made:
    return {"id": "1", "site_id": "hq", "title": "Guards", "from_on": on("2026-05-04"), **more}


def given(*signs: Made, contract: Made | None = None, sites: tuple[Made, ...] = ()) -> dict[str, Any]:
    others = (site("dc", operated_by="provider"), site("soon", from_on=on("2026-05-05")))
    return {
        "sites": [site(), *others, *sites],
        "monitoring_heartbeats": list(signs or beats()),
        "security_services": [contract or guards()],
    }


NONE = "has no contract with a security service"
CASES = {
    "upheld": Case(upheld(1, flips_at=at("2026-05-04 12:30")), **given(*beats(last="2026-05-04 11:30"))),
    "silent for three hours": Case(
        broken(1, [("test/hq", "was not monitored for 180 minutes")], "HQ"), **given(*beats("2026-04-20 12:00", "2026-04-20 15:00"))
    ),
    "silent long ago": Case(at_risk(1), **given(*beats("2026-04-03 20:00", "2026-04-04 11:30"))),
    "silent at last": Case(broken(1, [("test/hq", "was not monitored for 120 minutes")]), **given(*beats(last="2026-05-04 10:00"))),
    "of a new site nothing was heard yet": Case(
        broken(2, [("test/new", "was not monitored for 720 minutes")]),
        **given(sites=(site("new", from_on=on("2026-05-04"), operated_by=None),)),
    ),
    "the contract ended": Case(broken(1, [("test/hq", NONE)]), **given(contract=guards(until_on=on("2026-05-03")))),
    "the contract is to come": Case(broken(1, [("test/hq", NONE)]), **given(contract=guards(from_on=on("2026-05-05")))),
    "the contract ends today": Case(at_risk(1), **given(contract=guards(until_on=on("2026-05-04")))),
    "of another site": Case(broken(1, [("test/hq", NONE)]), **given(contract=guards(site_id="dc"))),
    "unknown: read in part": Case(unproven("never"), partial=["monitoring_heartbeats"], **given()),
    "nothing to judge": Case(unproven("0 of 0"), sites=[], monitoring_heartbeats=[], security_services=[]),
    "stale": Case(unproven("stale"), stale=["monitoring_heartbeats"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
