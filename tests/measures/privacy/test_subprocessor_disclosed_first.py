from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.measures.shared import customer_of, notice_to
from tests.mutants import survivors

MEASURE = "privacy/subprocessor_disclosed_first"


def given(*notices: Made, **more: Any) -> dict[str, list[Made]]:
    return {
        "shared_customers": [
            customer_of("host", "brand"),
            customer_of("host", "acme", **more),
            customer_of("post", "acme", kind="transfer"),
        ],
        "customer_notices": [notice_to("brand"), *notices],
    }


def fault(said: str) -> Any:
    return broken(2, [("test/sub-processor/host/acme", said)])


ACME = notice_to("acme")
UNTOLD = fault("used since 2026-04-01, and nothing proves that it was told")

CASES = {
    "upheld": Case(upheld(2), **given(ACME)),
    "not told": Case(UNTOLD, **given()),
    "of another register": Case(UNTOLD, **given(ACME | {"source": "other"})),
    "of another sub-processor": Case(UNTOLD, **given(ACME | {"shared_id": "post"})),
    "of a transfer of that name": Case(UNTOLD, **given(ACME | {"kind": "transfer"})),
    "it came back": Case(UNTOLD, **given(ACME | {"delivered_at": None})),
    "told on the day": Case(
        fault("used since 2026-04-01, known since 2026-04-01"), **given(ACME | {"delivered_at": at("2026-04-01 00:01")})
    ),
    "told the night before": Case(upheld(2), **given(ACME | {"delivered_at": at("2026-04-01")})),
    "told twice": Case(upheld(2), **given(ACME, ACME | {"id": "x", "delivered_at": at("2026-04-20")})),
    "named in the contract": Case(upheld(2), **given(agreed_on=on("2026-04-01"))),
    "named in a contract signed afterwards": Case(UNTOLD, **given(agreed_on=on("2026-04-02"))),
    "not known since when": Case(unproven("1 of 2 customers"), **given(ACME, used_from_on=None)),
    "nobody": Case(upheld(0), shared_customers=[], customer_notices=[]),
    "stale": Case(unproven("stale"), stale=["customer_notices"], **given(ACME)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
