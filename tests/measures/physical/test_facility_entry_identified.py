from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, on, person
from tests.measures.sited import authorised, entry, site, visit, zone
from tests.mutants import survivors

MEASURE = "physical/facility_entry_identified"


def given(*entries: Made, authorisations: tuple[Made, ...] = ()) -> dict[str, Any]:
    """Ada may enter the office of the headquarters; a visitor was let in; entries in the data centre are the provider's."""
    return {
        "people": [person("ada"), person("bob")],
        "sites": [site(), site("lab"), site("dc", operated_by="provider")],
        "zones": [zone("office"), zone("lobby"), zone("bench", site_id="lab"), zone("cage", site_id="dc")],
        "zone_authorisations": [authorised("ada", "office"), *authorisations],
        "badges": [],
        "visits": [visit(1)],
        "badge_entries": [entry(1, "lobby", person_id="E-ada"), entry(2, "office", badge="V-1"), entry(3, "cage"), *entries],
    }


CASES = {
    "upheld": Case(upheld(2), **given()),
    "many at once": Case(
        broken(
            10,
            [
                ("test/10", "was not authorised to be there"),
                ("test/4", "nobody is known to have had this badge"),
                ("test/5", "no list of people knows them"),
                ("test/6", "was not authorised to be there"),
                ("test/7", "was not authorised to be there"),
                ("test/8", "was not authorised to be there"),
                ("test/9", "nobody is known to have had this badge"),
            ],
        ),
        **given(
            entry(4, "office", badge="?"),
            entry(5, "office", person_id="E-zoe"),
            entry(6, "office", "2026-05-01 09:00", person_id="E-bob"),
            entry(7, "bench", person_id="E-ada"),
            entry(8, "bench", badge="V-1"),
            entry(9, "nowhere", None, badge="?") | {"entered_at": at("2026-05-01")},
            entry(10, "lobby", "2026-04-01 09:00", person_id="E-bob"),
            entry(11, "lobby", "2026-04-02 09:00", person_id="E-bob"),
            authorisations=(
                authorised("bob", "lobby", from_on=on("2026-04-02"), until_on=on("2026-04-30")),
                authorised("bob", "cage"),
                authorised("zoe", "office"),
            ),
        ),
    ),
    "when is unknown": Case(unproven("when it was is unknown", 3), **given(entry(4, "office", None, person_id="E-ada"))),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"badge_entries": []}),
    "stale": Case(unproven("stale"), stale=["badge_entries"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
