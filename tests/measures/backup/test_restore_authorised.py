from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "backup/restore_authorised"


def restore(**more: Any) -> Made:
    """On the CRM, at noon on 1 May."""
    said = {"id": "1", "system_id": "crm", "tool": "restic", "done_by": "ada", "done_at": at("2026-05-01 12:00")}
    return {**said, **more}


def request(**more: Any) -> Made:
    """Asked for by Ada, agreed to by Bob."""
    said = {"id": f"{more}", "system_id": "crm", "asked_by_id": "E-ada", "approved_by_id": "E-bob", "approved_at": at("2026-04-30 12:00")}
    return {**said, "from_at": at("2026-05-01"), "until_at": at("2026-05-02"), **more}


def holder(person: str = "E-bob", **more: Any) -> Made:
    said = {"id": f"{person}-{more}", "responsibility_id": "director", "person_id": person, "part": "accountable"}
    return {**said, "from_on": on("2020-01-01"), "until_on": None, **more}


def given(*requests: Made, holders: tuple[Made, ...] = (holder(),), done: tuple[Made, ...] = (restore(),), **more: Any) -> dict[str, Any]:
    """Beside a restore of the wiki, to which Cy agreed who is the director too."""
    wiki = restore(id="0", system_id="wiki")
    roles = [{"id": "director", "management": True}, {"id": "clerk", "management": False}]
    return {
        "restores": [wiki, *done],
        "restore_requests": [request(id="0", system_id="wiki", approved_by_id="E-cy"), *requests],
        "responsibilities": roles,
        "responsibility_holders": [holder("E-cy"), holder("E-di", responsibility_id="clerk"), *holders],
        **more,
    }


def fault(said: str) -> Any:
    return broken(2, [("test/1", said)], "crm, 2026-05-01 by ada")


NOBODY, OTHER = "nobody agreed to it", "agreed to by nobody of the management"
CASES = {
    "upheld": Case(upheld(2), **given(request())),
    "nobody agreed": Case(fault(NOBODY), **given()),
    "of another system": Case(fault(NOBODY), **given(request(system_id="erp"))),
    "too early": Case(fault(NOBODY), **given(request(from_at=at("2026-05-01 13:00")))),
    "too late": Case(fault(NOBODY), **given(request(until_at=at("2026-05-01 11:00")))),
    "to the minute": Case(
        upheld(2), **given(request(from_at=at("2026-05-01 12:00"), until_at=at("2026-05-01 12:00"), approved_at=at("2026-05-01 12:00")))
    ),
    "afterwards": Case(fault("agreed to only afterwards"), **given(request(approved_at=at("2026-05-01 13:00")))),
    "by who asked": Case(fault(NOBODY), **given(request(asked_by_id="E-bob"))),
    "by nobody of the management": Case(fault(OTHER), **given(request(approved_by_id="E-eve"))),
    "by a clerk": Case(fault(OTHER), **given(request(approved_by_id="E-di"))),
    "by who is only responsible": Case(fault(OTHER), **given(request(), holders=(holder(part="responsible"),))),
    "by who was not yet": Case(fault(OTHER), **given(request(), holders=(holder(from_on=on("2026-05-01")),))),
    "by who was since that day": Case(upheld(2), **given(request(), holders=(holder(from_on=on("2026-04-30")),))),
    "by who was no more": Case(fault(OTHER), **given(request(), holders=(holder(until_on=on("2026-04-29")),))),
    "by who was on the last day": Case(upheld(2), **given(request(), holders=(holder(until_on=on("2026-04-30")),))),
    "by a director afterwards, and a clerk before": Case(
        fault(OTHER), **given(request(approved_at=at("2026-05-01 13:00")), request(approved_by_id="E-di"))
    ),
    "when is unknown": Case(unproven("when it was done is unknown", 2), **given(request(), done=(restore(done_at=None),))),
    "by whom is unknown": Case(broken(2, [("test/1", NOBODY)], "crm, 2026-05-01 ("), **given(done=(restore(done_by=None),))),
    "left the log": Case(
        fault(NOBODY),
        **given(
            done=(),
            history={"restores": [{**restore(), "seen_from_at": at("2026-05-01"), "seen_until_at": at("2026-05-03"), "ended": "vanished"}]},
        ),
    ),
    "told otherwise later": Case(
        upheld(2),
        **given(
            request(),
            history={
                "restores": [
                    {**restore(system_id="x"), "seen_from_at": at("2026-05-01"), "seen_until_at": at("2026-05-03"), "ended": "changed"}
                ]
            },
        ),
    ),
    "none": Case(upheld(0), restores=[], restore_requests=[], responsibilities=[], responsibility_holders=[]),
    "stale": Case(unproven("stale"), stale=["restores"], **given(request())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
