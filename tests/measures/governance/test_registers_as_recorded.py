from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made
from tests.mutants import survivors

MEASURE = "governance/registers_as_recorded"


def given(**more: Any) -> dict[str, list[Made]]:
    """The register of contacts as recorded, and another row."""
    contacts = {"id": "governance.contact", "title": "Contacts", "as_recorded": True, "detail": "3 records"}
    return {"register_states": [contacts, {"id": "governance.contact/7", "title": "Contact 7", "as_recorded": True, **more}]}


CASES = {
    "upheld": Case(upheld(2), **given()),
    "altered": Case(
        broken(2, [("test/governance.contact/7", "was changed behind the product's back")], "Contact 7"),
        **given(as_recorded=False, detail="was changed behind the product's back"),
    ),
    "unknown": Case(unproven("Contact 7", 2), **given(as_recorded=None)),
    "nothing compared": Case(unproven("0 of 0"), register_states=[]),
    "stale": Case(unproven("stale"), stale=["register_states"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
