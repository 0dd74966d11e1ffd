from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "privacy/processing_record_complete"


def processing(name: str, **more: Any) -> Made:
    """One for a customer, with all that the law wants, confirmed in February."""
    return {
        "id": name,
        "title": name.upper(),
        "capacity": "processor",
        "purpose": "hosting",
        "customers": ["acme"],
        "data_categories": ["contacts"],
        "operations": "keeps them",
        "transfers": "none",
        "security": "as published",
        "contact": "dpo@example.com",
        "confirmed_at": at("2026-02-01"),
        **more,
    }


def given(**more: Any) -> dict[str, list[Made]]:
    return {"processings": [processing("mail"), processing("crm", **more)]}


def fault(said: str) -> Any:
    return broken(2, [("test/crm", said)])


OWN = {"capacity": "controller", "customers": [], "data_subjects": "staff", "recipients": "none", "retention": "a year"}

CASES = {
    "upheld": Case(upheld(2, flips_at=at("2027-02-01")), **given()),
    "as controller": Case(upheld(2), **given(**OWN)),
    **{
        f"without {column}": Case(fault(f"lacks {said}"), **given(**{column: None}))
        for column, said in (
            ("operations", "what is done"),
            ("transfers", "transfers"),
            ("security", "security"),
            ("contact", "contact"),
            ("data_categories", "data categories"),
            ("customers", "customers"),
        )
    },
    **{
        f"as controller without {column}": Case(fault(f"lacks {said}"), **given(**{**OWN, column: None}))
        for column, said in (("data_subjects", "data subjects"), ("recipients", "recipients"), ("retention", "retention"))
    },
    "no category": Case(fault("lacks data categories"), **given(data_categories=[])),
    "no customer": Case(fault("lacks customers"), **given(customers=[])),
    "for whom is not known": Case(fault("lacks for whom"), **given(capacity=None)),
    "two are missing": Case(fault("lacks transfers, security"), **given(transfers=None, security=None)),
    "never confirmed": Case(fault("not confirmed since it was written"), **given(confirmed_at=None)),
    "confirmed a year ago": Case(at_risk(2), **given(confirmed_at=at("2025-05-04 13:00"))),
    "confirmed longer ago": Case(fault("confirmed on 2025-05-04"), **given(confirmed_at=at("2025-05-04 11:00"))),
    "it ended": Case(upheld(1), **given(confirmed_at=None, ended_on=on("2026-05-03"))),
    "its last day": Case(fault("not confirmed since it was written"), **given(confirmed_at=None, ended_on=on("2026-05-04"))),
    "nothing": Case(unproven("0 of 0"), processings=[]),
    "stale": Case(unproven("stale"), stale=["processings"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
