from datetime import timedelta
from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.measures.shared import change_for, notice_to, objection_of
from tests.mutants import survivors

MEASURE = "privacy/subprocessor_change_notified"
KIND = "sub-processor"


def given(*notices: Made, objections: tuple[Made, ...] = (), **more: Any) -> dict[str, list[Made]]:
    """Two customers are told of the host; a plan and something of the other kind are nobody's concern here."""
    return {
        "announced_changes": [
            change_for("host", "brand", kind=KIND),
            change_for("host", "acme", kind=KIND, **more),
            change_for("plan", "acme", kind=KIND, announcement_id="2", done_on=None),
            change_for("post", "acme", kind="transfer", announcement_id="3"),
            change_for("said-yes", "acme", kind=KIND, announcement_id="4", authorisation="specific"),
        ],
        "customer_notices": [notice_to("brand", kind=KIND), *notices],
        "objections": list(objections),
    }


def fault(said: str) -> Any:
    return broken(2, [("test/sub-processor/host/1/acme", said)])


ACME = notice_to("acme", kind=KIND)
OBJECTION = objection_of("acme")
UNTOLD, OVER = fault("nothing proves that it was told"), fault("it started while the customer objected")
LATE = fault("told on 2026-03-03, done on 2026-04-01")

ELSEWHERE = {"source": "other"}
TWO_REGISTERS = given(ACME, notice_to("acme", kind=KIND, **ELSEWHERE), objections=(OBJECTION | {"settled_at": None} | ELSEWHERE,))
TWO_REGISTERS["announced_changes"].append(change_for("host", "acme", kind=KIND, **ELSEWHERE))

CASES = {
    "upheld": Case(upheld(2), **given(ACME)),
    "a day late": Case(LATE, **given(ACME | {"delivered_at": at("2026-03-03")})),
    "on the last day": Case(upheld(2), **given(ACME | {"delivered_at": at("2026-03-02")})),
    "a longer period": Case(fault("told on 2026-02-20, done on 2026-04-01"), **given(ACME, period=timedelta(days=60))),
    "a period that is not known": Case(unproven("1 of 2 customers"), **given(ACME, period=None)),
    "its notice is lost": Case(UNTOLD, **given()),
    "of another announcement": Case(UNTOLD, **given(ACME | {"announcement_id": "2"})),
    "in another register": Case(UNTOLD, **given(ACME | {"source": "other"})),
    "on its way": Case(UNTOLD, **given(ACME | {"delivered_at": None})),
    "it came back": Case(fault("its notice came back"), **given(ACME | {"delivered_at": None, "bounced_at": at("2026-02-21")})),
    "it came back, and the customer answered": Case(upheld(2), **given(ACME | {"bounced_at": at("2026-02-21")})),
    "started without an announcement": Case(UNTOLD, **given(ACME, announcement_id=None)),
    "an objection that was settled": Case(upheld(2), **given(ACME, objections=(OBJECTION,))),
    "an objection that is open": Case(OVER, **given(ACME, objections=(OBJECTION | {"settled_at": None},))),
    "an objection settled on the day": Case(upheld(2), **given(ACME, objections=(OBJECTION | {"settled_at": at("2026-04-01 23:00")},))),
    "an objection settled afterwards": Case(OVER, **given(ACME, objections=(OBJECTION | {"settled_at": at("2026-04-02")},))),
    "two objections": Case(OVER, **given(ACME, objections=(OBJECTION, OBJECTION | {"id": "x", "settled_at": None}))),
    "of another customer": Case(upheld(2), **given(ACME, objections=(objection_of("carl", settled_at=None),))),
    "an objection to something else": Case(
        upheld(2), **given(ACME, objections=(OBJECTION | {"announcement_id": "2", "settled_at": None},))
    ),
    "in another list": Case(upheld(2), **given(ACME, objections=(OBJECTION | {"source": "other", "settled_at": None},))),
    "objected to after the start": Case(
        upheld(2), **given(ACME, objections=(OBJECTION | {"raised_at": at("2026-04-02"), "settled_at": None},))
    ),
    "not known how others are authorised": Case(UNTOLD, **given(authorisation=None)),
    "it came back, and the customer answered late": Case(
        LATE, **given(ACME | {"bounced_at": at("2026-02-21"), "delivered_at": at("2026-03-03")})
    ),
    "one of that number in another register": Case(
        broken(3, [("other/sub-processor/host/1/acme", "it started while the customer objected")]), **TWO_REGISTERS
    ),
    "nobody": Case(upheld(0), announced_changes=[], customer_notices=[], objections=[]),
    "stale": Case(unproven("stale"), stale=["customer_notices"], **given(ACME)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
