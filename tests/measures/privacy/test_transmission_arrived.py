from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "privacy/transmission_arrived"


def sent(name: str, **more: Any) -> Made:
    """Sent to Acme in April, and confirmed an hour later."""
    return {
        "id": name,
        "title": name,
        "recipient": "Acme",
        "channel": "sftp",
        "digest": "a" * 64,
        "sent_at": at("2026-04-01 12:00"),
        "received_by": "Acme",
        "received_digest": "a" * 64,
        "received_at": at("2026-04-01 13:00"),
        **more,
    }


def given(**more: Any) -> dict[str, list[Made]]:
    return {"transmissions": [sent("1"), sent("2", **more)]}


def fault(said: str) -> Any:
    return broken(2, [("test/2", said)])


NONE = {"received_by": None, "received_digest": None, "received_at": None}

CASES = {
    "upheld": Case(upheld(2), **given()),
    "no receipt": Case(fault("no receipt yet"), **given(**NONE)),
    "none yet": Case(upheld(2, flips_at=at("2026-05-06 11:00")), **given(**NONE, sent_at=at("2026-05-04 11:00"))),
    "hardly any time": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(**NONE, sent_at=at("2026-05-02 12:00"))),
    "at the last moment": Case(upheld(2), **given(received_at=at("2026-04-03 12:00"))),
    "too late": Case(fault("arrived on 2026-04-03"), **given(received_at=at("2026-04-03 12:01"))),
    "somebody else": Case(fault("somebody else says that it arrived"), **given(received_by="Brand")),
    "something else": Case(fault("something else arrived than was sent"), **given(received_digest="b" * 64)),
    "by whom is not known": Case(unproven("1 of 2 transmissions"), **given(received_by=None)),
    "what arrived is not known": Case(unproven("1 of 2 transmissions"), **given(received_digest=None)),
    "by mail": Case(fault("sent by mail, which protects nothing"), **given(channel="mail")),
    "how is not known": Case(unproven("1 of 2 transmissions"), **given(channel=None)),
    "nothing was sent": Case(upheld(0), transmissions=[]),
    "stale": Case(unproven("stale"), stale=["transmissions"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
