from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, on, person
from tests.measures.sited import authorised, entry, visit
from tests.mutants import survivors

MEASURE = "physical/entry_authorised"

LEFT = person("eve", ended_on=on("2026-04-30"))


def given(*entries: Made, authorisations: tuple[Made, ...] = ()) -> dict[str, Any]:
    """Ada may enter the office by badge 7; a visitor was granted the lobby."""
    return {
        "people": [person("ada"), person("bob"), person("eve", ended_on=on("2026-04-30"))],
        "zone_authorisations": [authorised("ada", "office"), *authorisations],
        "badges": [{"id": "1", "number": "7", "person_id": "E-ada", "given_at": at("2026-01-01")}],
        "visits": [visit(1)],
        "badge_entries": [entry(1, "office", badge="7"), entry(2, "lobby", badge="V-1"), *entries],
    }


CASES = {
    "upheld": Case(upheld(2), **given()),
    "many at once": Case(
        broken(
            13,
            [
                ("test/10", "was not authorised, 2026-05-02 09:00"),
                ("test/3", "had left before it, 2026-05-01 03:00"),
                ("test/4", "was not authorised, 2026-05-01 09:00"),
                ("test/5", "was not authorised, 2026-05-01 09:00"),
                ("test/6", "was not authorised, 2026-05-01 09:00"),
                ("test/7", "was not authorised, 2026-05-02 09:00"),
                ("test/8", "was not authorised, 2026-05-01 09:00"),
                ("test/9", "was not authorised, 2026-05-01 09:00"),
            ],
        ),
        **given(
            entry(3, "office", "2026-05-01 03:00", person_id="E-eve"),
            entry(4, "office", badge="8"),
            entry(5, "office", person_id="E-bob"),
            entry(6, "lobby", person_id="E-bob"),
            entry(7, "depot", "2026-05-02 09:00", person_id="E-bob"),
            entry(8, "office", badge="V-1"),
            entry(9, "vault", person_id="E-bob"),
            entry(10, "hall", "2026-05-02 09:00", person_id="E-bob"),
            entry(11, None, person_id="E-ada"),
            entry(12, "office", None, person_id="E-ada"),
            entry(13, "depot", "2026-05-01 09:00", person_id="E-bob"),
            authorisations=(
                authorised("eve", "office"),
                authorised("bob", "lobby", from_on=on("2026-05-02")),
                authorised("bob", "depot", until_on=on("2026-05-01")),
                authorised("bob", "hall", withdrawn_at=at("2026-05-02 08:00")),
                authorised("eve", "vault"),
            ),
        ),
    ),
    "the last day": Case(
        upheld(3),
        **given(
            entry(3, "office", "2026-04-30 09:00", person_id="E-eve"),
            authorisations=(
                authorised("eve", "office", from_on=on("2026-04-30"), until_on=on("2026-04-30"), withdrawn_at=at("2026-04-30 09:00")),
            ),
        ),
    ),
    "when is unknown": Case(unproven("when or where it was is unknown", 3), **given(entry(3, "office", None, person_id="E-ada"))),
    "where is unknown": Case(unproven("when or where it was is unknown", 3), **given(entry(3, None, person_id="E-ada"))),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"badge_entries": []}),
    "stale": Case(unproven("stale"), stale=["badge_entries"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
