from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, account, at, on, person, service
from tests.mutants import survivors

MEASURE = "people/confidentiality_signed"


def given(*people: Made, accounts: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """People beside Ada, who signed a year before her account was made."""
    return {"people": [person("ada"), *people], "accounts": [account("ada"), *accounts], **more}


def signed(name: str, when: str | None, **more: Any) -> Made:
    """Somebody who signed on that day."""
    return person(name, **{"confidentiality_signed_on": when and on(when), **more})


def paper(when: str, **more: Any) -> Made:
    """What Bob signed on paper on that day."""
    return {"id": "u-1", "person_id": "E-bob", "signed_on": on(when), "paper": "a" * 64, **more}


def here(**more: Any) -> dict[str, Any]:
    """What Bob signed here on 1 January 2021: a version of the policy on confidentiality."""
    version = {"id": "c-1", "policy_id": "c", "topic_id": "confidentiality", "published_at": at("2020-01-01"), **more}
    read = {"id": "r-1", "version_id": "c-1", "person_id": "E-bob", "acknowledged_at": at("2021-01-01 00:30")}
    return {"policy_versions": [version], "policy_acknowledgements": [read]}


LATE = broken(2, [("E-bob", "signed on 2021-01-02, but had an account by 2021-01-01")], "Bob")

CASES = {
    "broken": Case(LATE, **given(signed("bob", "2021-01-02"), accounts=(account("bob"),))),
    "upheld": Case(upheld(2), **given(signed("bob", "2021-01-01"), accounts=(account("bob"),))),
    "did not sign": Case(broken(2, [("E-bob", "has not signed")]), **given(signed("bob", None), accounts=(account("bob"),))),
    "did not sign, has no account": Case(broken(2, [("E-bob", "has not signed")]), **given(signed("bob", None))),
    "signed, has no account": Case(upheld(2), **given(signed("bob", "2026-05-04"))),
    "of two accounts the first counts": Case(
        LATE,
        **given(signed("bob", "2021-01-02"), accounts=(account("bob"), account("b2", person_ref="E-bob", created_at=at("2022-01-01")))),
    ),
    "found by mail": Case(LATE, **given(signed("bob", "2021-01-02"), accounts=(account("bob", person_ref=None, mail="bob@example.com"),))),
    "a program that they answer for": Case(upheld(2), **given(signed("bob", "2021-01-02"), accounts=(service("sync", owner_ref="E-bob"),))),
    "an account that does not tell": Case(
        unproven("Bob (signed on 2021-01-02; when the first account was made is unknown)", 2),
        **given(signed("bob", "2021-01-02"), accounts=(account("bob", created_at=None),)),
    ),
    "an account that does not tell, but was seen before": Case(
        broken(2, [("E-bob", "signed on 2021-01-02, but had an account by 2020-06-01")]),
        **given(signed("bob", "2021-01-02"), accounts=(account("bob", created_at=None, seen_from_at=at("2020-06-01")),)),
    ),
    "two sources": Case(
        LATE, **given(signed("bob", "2021-01-02"), accounts=(account("bob"), account("bob", source="other", created_at=at("2024-01-01"))))
    ),
    "left": Case(upheld(1), **given(signed("bob", None, ended_on=on("2026-05-03")))),
    "to come": Case(upheld(1), **given(signed("bob", None, started_on=on("2026-05-05")))),
    "first day unknown": Case(unproven("Bob (has not signed)", 2), **given(signed("bob", None, started_on=None))),
    "the list does not tell": Case(
        unproven("1 of 2 people cannot be judged: Bob (the list does not tell who signed)", 2),
        denied={"people.confidentiality_signed_on": "not a column"},
        **given(signed("bob", None)),
    ),
    "the list does not tell something else": Case(
        broken(2, [("E-bob", "has not signed")]), denied={"people.mail": "not a column"}, **given(signed("bob", None))
    ),
    "came back, and had signed": Case(
        upheld(2),
        **given(
            signed("bob", "2019-01-01", ended_on=on("2025-01-01")),
            signed("bob", None, id="E-9", started_on=on("2026-01-01")),
            accounts=(account("bob"),),
        ),
    ),
    "signed on paper": Case(upheld(2), **given(signed("bob", None), accounts=(account("bob"),), undertakings=[paper("2021-01-01")])),
    "signed on paper, late": Case(LATE, **given(signed("bob", None), accounts=(account("bob"),), undertakings=[paper("2021-01-02")])),
    "of two days the first counts": Case(
        upheld(2), **given(signed("bob", "2021-01-02"), accounts=(account("bob"),), undertakings=[paper("2021-01-01")])
    ),
    "somebody else signed": Case(
        broken(2, [("E-bob", "has not signed")]), **given(signed("bob", None), undertakings=[paper("2021-01-01", person_id="E-eve")])
    ),
    "signed here": Case(upheld(2), **given(signed("bob", None), accounts=(account("bob"),), **here())),
    "acknowledged something else": Case(
        broken(2, [("E-bob", "has not signed")]), **given(signed("bob", None), accounts=(account("bob"),), **here(topic_id="access"))
    ),
    "acknowledged another version": Case(broken(2), **given(signed("bob", None), accounts=(account("bob"),), **here(id="c-0"))),
    "acknowledged in another register": Case(broken(2), **given(signed("bob", None), accounts=(account("bob"),), **here(source="other"))),
    "nothing to judge": Case(unproven("0 of 0"), people=[], accounts=[]),
    "stale": Case(unproven("stale"), stale=["people"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
