from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "privacy/processing_instructed"


def instruction(name: str, **more: Any) -> Made:
    """Acme wants its contacts mailed, since January."""
    return {
        "id": name,
        "customer_id": "acme",
        "purpose": "mailing",
        "data_categories": ["contacts", "orders"],
        "from_on": on("2026-01-01"),
        "assessed_at": at("2026-01-01"),
        "infringing": False,
        **more,
    }


def seen(**more: Any) -> Made:
    return {
        "id": "e1",
        "customer_id": "acme",
        "purpose": "mailing",
        "data_category": "contacts",
        "happened_at": at("2026-04-01 12:00"),
        **more,
    }


MAP = [{"id": "mail/acme/orders", "title": "Mail", "customer_id": "acme", "purpose": "mailing", "data_category": "orders"}]


def given(*events: Made, its: Made | None = None) -> dict[str, list[Made]]:
    return {"processing_events": list(events), "processing_scopes": MAP, "instructions": [instruction("i", **(its or {}))]}


def fault(said: str = "no instruction in force of acme for mailing with contacts") -> Any:
    return broken(2, [("seen/test/e1", said)])


UNTOLD = unproven("1 of 2 processings")
SUSPENDED = {"suspended_at": at("2026-03-01"), "settled_at": at("2026-04-10")}
BOTH = broken(
    2,
    [
        ("map/test/mail/acme/orders", "no instruction in force of acme for mailing with orders"),
        ("seen/test/e1", "no instruction in force of acme for mailing with contacts"),
    ],
)

CASES = {
    "upheld": Case(upheld(2), **given(seen())),
    "only the data map": Case(upheld(1), processing_scopes=MAP, instructions=[instruction("i")]),
    "two instructions": Case(
        upheld(2), processing_events=[seen()], processing_scopes=MAP, instructions=[instruction("i"), instruction("j")]
    ),
    "another purpose": Case(fault("no instruction in force of acme for profiling with contacts"), **given(seen(purpose="profiling"))),
    "another customer": Case(fault("no instruction in force of brand for mailing with contacts"), **given(seen(customer_id="brand"))),
    "another category": Case(fault("no instruction in force of acme for mailing with health"), **given(seen(data_category="health"))),
    "before it was instructed": Case(fault(), **given(seen(happened_at=at("2025-12-31 23:00")))),
    "on the first day": Case(upheld(2), **given(seen(happened_at=at("2026-01-01 01:00")))),
    "on the last day": Case(
        broken(2, [("map/test/mail/acme/orders", "no instruction in force of acme for mailing with orders")]),
        **given(seen(), its={"until_on": on("2026-04-01")}),
    ),
    "it holds today": Case(upheld(2), **given(seen(), its={"until_on": on("2026-05-04")})),
    "after it ended": Case(BOTH, **given(seen(), its={"until_on": on("2026-03-31")})),
    "nobody assessed it": Case(BOTH, **given(seen(), its={"assessed_at": None})),
    "while it was suspended": Case(fault(), **given(seen(), its=SUSPENDED)),
    "before it was suspended": Case(upheld(2), **given(seen(happened_at=at("2026-02-28 12:00")), its=SUSPENDED)),
    "after that was settled": Case(upheld(2), **given(seen(happened_at=at("2026-04-10")), its=SUSPENDED)),
    "suspended and not settled": Case(BOTH, **given(seen(), its={"suspended_at": at("2026-03-01")})),
    "a customer that was not told": Case(UNTOLD, **given(seen(customer_id=None))),
    "a purpose that was not told": Case(UNTOLD, **given(seen(purpose=None))),
    "data that were not told": Case(UNTOLD, **given(seen(data_category=None))),
    "a time that was not told": Case(UNTOLD, **given(seen(happened_at=None))),
    "nothing": Case(unproven("0 of 0"), processing_events=[], processing_scopes=[], instructions=[]),
    "stale": Case(unproven("stale"), stale=["instructions"], **given(seen())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
