from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "transfer/channel_protected"


def channel(name: str = "payroll", **more: Any) -> Made:
    """A channel for personal data, approved and agreed."""
    said = {"id": name, "title": name.upper(), "content": "personal", "endpoint_id": "x:443", "agreement": "a contract"}
    return {**said, "recipient": "Pay", "approved_at": at("2026-01-01"), **more}


def endpoint(name: str = "x:443", **more: Any) -> Made:
    good = {"reachable": True, "encrypts": True, "trusted": True, "name_matches": True}
    return {"id": name, "system_id": "crm", "service": "https", **good, **more}


def given(*more_endpoints: Made, of: dict[str, Any] | None = None, **more: Any) -> dict[str, list[Made]]:
    channels = [channel("news", content="public", agreement=None), channel("staff", content="internal", endpoint_id=None), channel(**more)]
    return {"transfer_channels": channels, "endpoints": [endpoint(**(of or {})), endpoint("y:21", encrypts=False), *more_endpoints]}


def fault(said: str) -> Any:
    return broken(1, [("test/payroll", said)])


UNKNOWN = unproven("its endpoint was not measured", 1)
CASES = {
    "upheld": Case(upheld(1), **given()),
    "confidential": Case(fault("there is no agreement"), **given(content="confidential", agreement=None)),
    "of an unknown class": Case(fault("there is no agreement"), **given(content=None, agreement=None)),
    "not approved": Case(fault("nobody else approved it"), **given(approved_at=None)),
    "its last day": Case(at_risk(1, flips_at=at("2026-05-05")), **given(agreed_until_on=on("2026-05-04"))),
    "after its last day": Case(fault("the agreement has ended"), **given(agreed_until_on=on("2026-05-03"))),
    "no endpoint": Case(fault("it names no endpoint that could be measured"), **given(endpoint_id=None)),
    "plain": Case(fault("it does not encrypt"), **given(of={"encrypts": False, "trusted": None, "name_matches": None})),
    "an endpoint in the clear": Case(fault("it does not encrypt"), **given(endpoint_id="y:21")),
    "not trusted": Case(fault("nobody trusted vouches for the other side"), **given(of={"trusted": False})),
    "for another name": Case(fault("nobody trusted vouches for the other side"), **given(of={"name_matches": False})),
    "measured by two": Case(fault("it does not encrypt"), **given(endpoint(source="other", encrypts=False))),
    "does not answer": Case(UNKNOWN, **given(of={"reachable": False, "encrypts": None, "trusted": None, "name_matches": None})),
    "answered once": Case(UNKNOWN, **given(of={"reachable": False})),
    "did not answer when it was in the clear": Case(UNKNOWN, **given(of={"reachable": False, "encrypts": False})),
    "not measured": Case(UNKNOWN, **given(endpoint_id="z:443")),
    "whether it encrypts is unknown": Case(UNKNOWN, **given(of={"encrypts": None})),
    "whether it is trusted is unknown": Case(UNKNOWN, **given(of={"trusted": None})),
    "no channel": Case(unproven("0 of 0"), transfer_channels=[], endpoints=[endpoint()]),
    "stale": Case(unproven("stale"), stale=["endpoints"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
