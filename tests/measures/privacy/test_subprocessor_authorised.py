from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.measures.shared import customer_of, notice_to, subprocessor
from tests.mutants import survivors

MEASURE = "privacy/subprocessor_authorised"


def given(*notices: Made, its: Made | None = None, **more: Any) -> dict[str, list[Made]]:
    other = customer_of("post", "brand", kind="transfer", clauses=["everything"])
    return {
        "subprocessors": [subprocessor("host"), subprocessor("mail", **(its or {})), subprocessor("old", ended_on=on("2026-05-03"))],
        "shared_customers": [
            customer_of("host", "acme"),
            customer_of("mail", "acme", **more),
            customer_of("old", "acme", authorisation="none"),
            other,
            other | {"shared_id": "mail", "id": "transfer/mail/brand"},
        ],
        "customer_notices": list(notices),
    }


def fault(said: str) -> Any:
    return broken(2, [("test/sub-processor/mail/acme", said)])


YES = notice_to("acme", shared_id="mail", authorised_at=at("2026-03-01"))
SPECIFIC = {"authorisation": "specific"}
NOT_YET = fault("the customer had not authorised it when it was used")

ELSEWHERE = {"source": "other"}
TWO_REGISTERS = given(its={"flow_down": ["security"]})
TWO_REGISTERS["subprocessors"].append(subprocessor("mail", **ELSEWHERE))
OTHER_ONE = given()
OTHER_ONE["subprocessors"].append(subprocessor("mail", flow_down=[], **ELSEWHERE))
OTHER_ONE["shared_customers"].append(customer_of("mail", "acme", **ELSEWHERE))

CASES = {
    "upheld": Case(upheld(2), **given()),
    "nobody else allowed": Case(fault("the contract lets nobody else process its data"), **given(authorisation="none")),
    "authorised": Case(upheld(2), **given(YES, **SPECIFIC)),
    "authorised on the day": Case(upheld(2), **given(YES | {"authorised_at": at("2026-04-01 23:00")}, **SPECIFIC)),
    "authorised the day after": Case(NOT_YET, **given(YES | {"authorised_at": at("2026-04-02")}, **SPECIFIC)),
    "not authorised": Case(NOT_YET, **given(notice_to("acme", shared_id="mail"), **SPECIFIC)),
    "another customer did": Case(NOT_YET, **given(YES | {"customer_id": "brand"}, **SPECIFIC)),
    "authorised another": Case(NOT_YET, **given(YES | {"shared_id": "host"}, **SPECIFIC)),
    "authorised a transfer of that name": Case(NOT_YET, **given(YES | {"kind": "transfer"}, **SPECIFIC)),
    "authorised in another register": Case(NOT_YET, **given(YES | {"source": "other"}, **SPECIFIC)),
    "its contract names it": Case(upheld(2), **given(agreed_on=on("2026-01-01"), authorisation="none")),
    "nobody checked the contract": Case(fault("nobody checked the contract against its signed text"), **given(checked=False)),
    "not known whether checked": Case(unproven("1 of 2 customers"), **given(checked=None)),
    "not known what is allowed": Case(unproven("1 of 2 customers"), **given(authorisation=None)),
    "terms lack a clause": Case(fault("its terms do not pass on: audit"), **given(its={"flow_down": ["security"]})),
    "terms lack two": Case(fault("its terms do not pass on: audit, security"), **given(its={"flow_down": []})),
    "terms are not kept": Case(fault("its terms do not pass on: audit, security"), **given(its={"terms": None})),
    "a contract that demands nothing": Case(upheld(2), **given(its={"flow_down": []}, clauses=[])),
    "last day": Case(fault("its terms do not pass on: audit"), **given(its={"flow_down": ["security"], "ended_on": on("2026-05-04")})),
    "what another register says of its terms": Case(fault("its terms do not pass on: audit"), **TWO_REGISTERS),
    "one of that name in another register": Case(
        broken(3, [("other/sub-processor/mail/acme", "its terms do not pass on: audit, security")]), **OTHER_ONE
    ),
    "nobody": Case(upheld(0), subprocessors=[], shared_customers=[], customer_notices=[]),
    "stale": Case(unproven("stale"), stale=["subprocessors"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
