from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "governance/authority_contacts_verified"


def contact(kind: str, place: str = "de", when: str | None = "2026-01-01", **more: Any) -> Made:
    return {"id": f"{kind}-{place}-{when}", "kind": kind, "title": kind, "jurisdiction_id": place, "verified_at": when and at(when), **more}


GERMANY = {"id": "de", "title": "Germany", "from_on": on("2020-01-01")}
REST = (contact("supervisory-authority"), contact("emergency"))


def given(*contacts: Made, places: tuple[Made, ...] = (GERMANY,)) -> dict[str, Any]:
    """Germany with supervisory authority and emergency."""
    return {"jurisdictions": list(places), "authority_contacts": [*REST, *contacts]}


def police(said: str) -> Any:
    return broken(3, [("test/de/police", said)], "Germany, police")


def france(**more: Any) -> dict[str, Any]:
    """France beside Germany, without contacts."""
    return given(contact("police"), places=(GERMANY, {"id": "fr", "title": "France", "from_on": on("2020-01-01"), **more}))


NO_CONTACTS = broken(6, [(f"test/fr/{kind}", "no contact is known") for kind in ("emergency", "police", "supervisory-authority")])

CASES = {
    "upheld": Case(upheld(3, flips_at=at("2027-01-01")), **given(contact("police"))),
    "no contact": Case(police("no contact is known"), **given()),
    "a contact elsewhere": Case(police("no contact is known"), **given(contact("police", "fr"))),
    "another kind": Case(police("no contact is known"), **given(contact("other-authority"))),
    "in another register": Case(police("no contact is known"), **given(contact("police", source="other"))),
    "never verified": Case(police("never verified"), **given(contact("police", when=None))),
    "verified long ago": Case(police("last verified on 2025-05-03"), **given(contact("police", when="2025-05-03"))),
    "one of two verified": Case(upheld(3), **given(contact("police", when="2025-05-03"), contact("police"))),
    "soon to be verified": Case(at_risk(3, flips_at=at("2026-05-20")), **given(contact("police", when="2025-05-20"))),
    "a jurisdiction without contacts": Case(NO_CONTACTS, **france()),
    "from today": Case(NO_CONTACTS, **france(from_on=on("2026-05-04"))),
    "to come": Case(upheld(3), **france(from_on=on("2026-05-05"))),
    "left yesterday": Case(upheld(3), **france(until_on=on("2026-05-03"))),
    "left today": Case(NO_CONTACTS, **france(until_on=on("2026-05-04"))),
    "nowhere": Case(unproven("0 of 0"), jurisdictions=[], authority_contacts=[]),
    "stale": Case(unproven("stale"), stale=["authority_contacts"], **given(contact("police"))),
    "unknown: cut short": Case(unproven("never"), partial=["jurisdictions"], **given(contact("police"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
