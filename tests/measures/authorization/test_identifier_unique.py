from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, person, service
from tests.mutants import survivors

MEASURE = "authorization/identifier_unique"
TWINS = (person("bob", mail="office@example.com"), person("rob", mail="office@example.com"))


def given(*accounts: Made, people: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """Accounts beside Ada's own."""
    return {"accounts": [account("ada"), *accounts], "people": [person("ada"), person("cy"), *people], "systems": SYSTEMS, **more}


CASES = {
    "upheld": Case(upheld(2), **given(account("cy"))),
    "two people": Case(broken(1, [("crm/name/ada", "stands for Ada and Cy")], "ada on crm"), **given(account("cy", identifier="ada"))),
    "two systems": Case(upheld(2), **given(account("cy", identifier="ada", system_id="wiki"))),
    "one number for two": Case(
        broken(3, [("crm/number/1000", "stands for Ada and Cy")]),
        **given(account("cy", uid_number=1000), accounts=[account("ada", uid_number=1000), account("cy", uid_number=1000)]),
    ),
    "two accounts of one person": Case(upheld(1), **given(account("ada2", identifier="ada", person_ref="E-ada"))),
    "one account seen by two sources": Case(upheld(1), **given(account("ada", source="other", person_ref=None, enabled=None))),
    "two accounts, one of them nobody's": Case(
        unproven("is on 2 accounts, and whose they are is not all known", 1), **given(service("sync", identifier="ada"))
    ),
    "nobody's": Case(upheld(2), **given(service("sync"))),
    "one account that could be two people's": Case(
        unproven("could stand for any of Bob, Rob", 2), **given(account("bob", person_ref="office@example.com"), people=TWINS)
    ),
    "two people and a doubt": Case(
        broken(1, [("crm/name/ada", "stands for Ada and Bob, Rob and Cy")]),
        **given(account("cy", identifier="ada"), account("bob", identifier="ada", person_ref="office@example.com"), people=TWINS),
    ),
    "nothing to judge": Case(unproven("0 of 0"), accounts=[], people=[]),
    "stale": Case(unproven("stale"), stale=["accounts"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
