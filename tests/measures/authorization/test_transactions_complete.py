from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "authorization/transactions_complete"


def line(journal: str, number: int, **more: Any) -> Made:
    said = {"id": f"{journal}-{number}", "application": "pay", "journal": journal, "number": f"T{number}", "sequence": number}
    return {**said, "sender": "shop", "receiver": "bank", "digest": f"d{number}", "encrypted": True, "told_at": at("2026-05-01"), **more}


def sent(number: int = 2, **more: Any) -> Made:
    return line("sender", number, **more)


def got(number: int = 2, **more: Any) -> Made:
    return line("receiver", number, **more)


def given(*lines: Made) -> dict[str, Any]:
    """The first of the shop's payments arrived; so did that of another application, and of another sender."""
    others = [{"application": "mail", "id": "m"}, {"sender": "stall", "number": "S1", "sequence": 9, "id": "s"}]
    beside = [{**each, **other, "id": each["id"] + other["id"]} for other in others for each in (sent(1), got(1))]
    return {"transactions": [sent(1), got(1), *beside, *lines]}


def failing(detail: str, subject: str = "pay/T2") -> Any:
    return broken(4, [(subject, detail)])


UNTOLD = unproven("not all of it is told", 4)
ORDER = "does not follow the one before it: one is missing or came twice"
CASES = {
    "arrived": Case(upheld(4), **given(sent(), got())),
    "did not arrive": Case(failing("did not arrive"), **given(sent())),
    "on its way": Case(upheld(4, flips_at=at("2026-05-04 12:30")), **given(sent(told_at=at("2026-05-04 11:30")))),
    "nearly lost": Case(at_risk(4, flips_at=at("2026-05-04 12:00")), **given(sent(told_at=at("2026-05-04 11:00")))),
    "never sent": Case(failing("was received, and never sent"), **given(got())),
    "sent twice": Case(failing("was sent twice under one number"), **given(sent(), sent(id="again"), got())),
    "received twice": Case(failing("was received twice"), **given(sent(), got(), got(id="again"))),
    "one missing in between": Case(failing(ORDER, "pay/T3"), **given(sent(3), got(3))),
    "sent anew under another number": Case(failing(ORDER), **given(sent(sequence=1), got())),
    "arrived elsewhere": Case(failing("arrived at somebody else"), **given(sent(), got(receiver="thief"))),
    "altered": Case(failing("was altered on the way"), **given(sent(), got(digest="x"))),
    "open where it was sent": Case(failing("went over a channel that is not encrypted"), **given(sent(encrypted=False), got())),
    "open where it arrived": Case(failing("went over a channel that is not encrypted"), **given(sent(), got(encrypted=False))),
    "the sender does not tell of the channel": Case(UNTOLD, **given(sent(encrypted=None), got())),
    "the receiver does not tell of the channel": Case(UNTOLD, **given(sent(), got(encrypted=None))),
    "no digest": Case(UNTOLD, **given(sent(), got(digest=None))),
    "no digest of the sender": Case(UNTOLD, **given(sent(digest=None), got())),
    "no receiver of the sender": Case(UNTOLD, **given(sent(receiver=None), got())),
    "arrived just now": Case(upheld(4), **given(sent(told_at=at("2026-05-04 11:05")), got(told_at=at("2026-05-04 11:06")))),
    "no receiver": Case(UNTOLD, **given(sent(), got(receiver=None))),
    "no place in the row": Case(UNTOLD, **given(sent(sequence=None), got())),
    "sent nobody knows when": Case(UNTOLD, **given(sent(told_at=None))),
    "nothing": Case(unproven("0 of 0"), transactions=[]),
    "stale": Case(unproven("stale"), stale=["transactions"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
