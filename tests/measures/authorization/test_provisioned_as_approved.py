from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.authorization.asked import asked, gives
from tests.measures.made import SYSTEMS, Made, account, at, grant, on, person
from tests.mutants import survivors

MEASURE = "authorization/provisioned_as_approved"


def given(*requests: Made, rights: list[Made] | None = None, **more: Any) -> dict[str, Any]:
    """Ada, a seller, and Bob, a clerk, on the CRM. Bob asked for `books` and has it."""
    return {
        "accounts": [account("ada"), account("bob"), account("zed", person_ref=None)],
        "people": [person("ada", role="seller"), person("bob", role="clerk")],
        "systems": SYSTEMS,
        "groups": [],
        "grants": [grant("bob", "books"), grant("zed", "sales"), *(rights or [])],
        "role_entitlements": [gives("clerk", "sales"), gives("clerk", "files", system_id="wiki"), gives("*", "mail")],
        "access_requests": [asked("bob", "books"), *requests],
        **more,
    }


ENDED = asked("ada", "sales", state="ended", ended_at=at("2026-04-01"))
HAS = [grant("ada", "sales")]


def failing(detail: str) -> Any:
    return broken(2, [("test/ada-sales", detail)], "sales on crm for Ada")


MISSING = failing("was approved on 2025-05-02, and is not there")


def left(since: str) -> Any:
    return failing(f"is still there, though it ended on {since}")


CASES = {
    "there": Case(upheld(2), **given(asked("ada", "sales"), rights=HAS)),
    "missing": Case(MISSING, **given(asked("ada", "sales"))),
    "somebody else has it": Case(MISSING, **given(asked("ada", "sales"), rights=[grant("bob", "sales")])),
    "something else is there": Case(MISSING, **given(asked("ada", "sales"), rights=[grant("ada", "books")])),
    "on another system": Case(
        MISSING,
        **given(
            asked("ada", "sales"),
            accounts=[account("ada"), account("bob"), account("w", system_id="wiki", person_ref="E-ada")],
            rights=[grant("w", "sales", system_id="wiki")],
        ),
    ),
    "just approved": Case(at_risk(2, flips_at=at("2026-05-04 14:00")), **given(asked("ada", "sales", approved_at=at("2026-05-02 14:00")))),
    "approved to the minute": Case(
        at_risk(2, flips_at=at("2026-05-04 12:00")), **given(asked("ada", "sales", approved_at=at("2026-05-02 12:00")))
    ),
    "until today": Case(MISSING, **given(asked("ada", "sales", until_on=on("2026-05-04")))),
    "ran out": Case(left("2026-05-01"), **given(asked("ada", "sales", until_on=on("2026-04-30")), rights=HAS)),
    "ran out just now": Case(upheld(2), **given(asked("ada", "sales", until_on=on("2026-05-03")), rights=HAS)),
    "ran out to the minute": Case(
        at_risk(2, flips_at=at("2026-05-04 12:00")),
        **given(asked("ada", "sales", state="ended", ended_at=at("2026-05-02 12:00")), rights=HAS),
    ),
    "ran out and gone": Case(upheld(2), **given(asked("ada", "sales", until_on=on("2026-04-30")))),
    "rejected and gone": Case(upheld(2), **given(asked("ada", "sales", state="rejected", ended_at=at("2026-04-01")))),
    "rejected just now and gone": Case(upheld(2), **given(asked("ada", "sales", state="rejected", ended_at=at("2026-05-02 14:00")))),
    "rejected and there": Case(left("2026-04-01"), **given(asked("ada", "sales", state="rejected", ended_at=at("2026-04-01")), rights=HAS)),
    "ended, and granted anew": Case(
        upheld(3),
        **given(ENDED, asked("ada", "sales", id="2"), rights=HAS),
    ),
    "ended, and somebody else has it by a request": Case(
        left("2026-04-01"),
        **{
            **given(ENDED, rights=HAS),
            "access_requests": [ENDED, asked("bob", "sales")],
            "grants": [grant("ada", "sales"), grant("bob", "sales")],
        },
    ),
    "ended, and granted on another system": Case(
        left("2026-04-01"),
        **{
            **given(ENDED, rights=HAS),
            "access_requests": [
                ENDED,
                asked("ada", "sales", id="w", system_id="wiki", approved_at=at("2026-05-04")),
            ],
            "accounts": [account("ada"), account("w", system_id="wiki", person_ref="E-bob")],
        },
    ),
    "ended, and something else granted": Case(
        left("2026-04-01"),
        **{
            **given(ENDED, rights=HAS),
            "access_requests": [
                ENDED,
                asked("ada", "post", approved_at=at("2026-05-04")),
            ],
        },
    ),
    "ended, and the role gives it": Case(
        upheld(2), **given(asked("ada", "mail", state="ended", ended_at=at("2026-04-01")), rights=[grant("ada", "mail")])
    ),
    "ended, and another role gives it": Case(left("2026-04-01"), **given(ENDED, rights=HAS)),
    "of no known state": Case(unproven("or of this request", 2), **given(asked("ada", "sales", state=None))),
    "not decided": Case(upheld(1), **given(asked("ada", "sales", state="asked"), asked("ada", "mail", state="agreed"))),
    "on a system that no source tells of": Case(unproven("no source tells of this system", 2), **given(asked("ada", "x", system_id="db"))),
    "nobody asked": Case(upheld(0), **given(access_requests=[])),
    "stale": Case(unproven("stale"), stale=["grants"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
