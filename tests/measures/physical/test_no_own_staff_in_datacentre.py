from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.measures.sited import authorised, entry, site, zone
from tests.mutants import survivors

MEASURE = "physical/no_own_staff_in_datacentre"


def given(*entries: Made, authorisations: tuple[Made, ...] = ()) -> dict[str, Any]:
    """A cage in a provider's data centre, and an office of ours, which Ada enters."""
    return {
        "sites": [site(), site("dc", operated_by="provider")],
        "zones": [zone("office"), zone("cage", site_id="dc"), zone("hall", site_id="dc")],
        "zone_authorisations": [authorised("ada", "office"), *authorisations],
        "badges": [],
        "visits": [],
        "badge_entries": [entry(1, "office", person_id="E-ada"), entry(2, "cage", badge="theirs"), *entries],
    }


CASES = {
    "upheld": Case(upheld(2), **given(authorisations=(authorised("ada", "cage", withdrawn_at=at("2026-01-01")),))),
    "authorised": Case(
        broken(2, [("test/cage", "people of ours are authorised for it: 1")], "Cage"), **given(authorisations=(authorised("ada", "cage"),))
    ),
    "entered": Case(
        broken(2, [("test/cage", "was entered by our own people, last on 2026-05-01")]),
        **given(entry(3, "cage", person_id="E-ada"), entry(4, "cage", "2026-05-03 10:00")),
    ),
    "entered on an unknown day": Case(
        broken(2, [("test/cage", "was entered by our own people, last on an unknown day")]),
        **given(entry(3, "cage", None, person_id="E-ada")),
    ),
    "unknown: read in part": Case(unproven("never"), partial=["badge_entries"], **given()),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"sites": [site(), site("dc")]}),
    "stale": Case(unproven("stale"), stale=["badge_entries"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
