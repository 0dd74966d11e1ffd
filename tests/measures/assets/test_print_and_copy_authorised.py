from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, person
from tests.measures.sited import permission
from tests.mutants import survivors

MEASURE = "assets/print_and_copy_authorised"


def event(number: int, who: str | None = "ada", when: str | None = "2026-05-01", **more: Any) -> Made:
    done = {"kind": "print", "company_data": True, "done_at": at(when) if when else None}
    return {"id": str(number), "person_id": f"E-{who}" if who else None, **done, **more}


def given(*events: Made, permissions: tuple[Made, ...] = (), history: tuple[Made, ...] = ()) -> dict[str, Any]:
    """Ada may print since March."""
    return {
        "people": [person("ada"), person("bob")],
        "asset_permissions": [permission(1, "print"), *permissions],
        "prints_and_copies": [event(1), *events],
        "history": {"prints_and_copies": list(history)},
    }


OLD = {"seen_from_at": at("2026-01-01"), "seen_until_at": at("2026-05-01")}
NOT = "was not authorised, 2026-05-01 00:00"
BOB = {"person_id": "E-bob"}
CASES = {
    "upheld": Case(upheld(1), **given(event(2, "bob", company_data=False), history=(event(1, "bob") | OLD | {"ended": "changed"},))),
    "the log forgot": Case(broken(2, [("test/2", NOT)], "print of Bob"), **given(history=(event(2, "bob") | OLD | {"ended": "vanished"},))),
    "many at once": Case(
        broken(
            6,
            [
                ("test/2", NOT),
                ("test/3", NOT),
                ("test/4", "was not authorised, 2026-02-28 23:00"),
                ("test/5", NOT),
                ("test/6", NOT),
            ],
        ),
        **given(
            event(2, "bob"),
            event(3, kind="copy"),
            event(4, when="2026-02-28 23:00"),
            event(5, None),
            event(6, "bob", kind="copy"),
            permissions=(
                permission(2, "print", approved_at=None, **BOB),
                permission(3, "copy", until_at=at("2026-05-01"), **BOB),
                permission(4, "copy", approved_at=at("2026-05-02"), **BOB),
            ),
        ),
    ),
    "in time": Case(
        upheld(2),
        **given(event(2, "bob"), permissions=(permission(2, "print", approved_at=at("2026-05-01"), from_at=at("2026-05-01"), **BOB),)),
    ),
    "from later on": Case(broken(2), **given(event(2, "bob"), permissions=(permission(2, "print", from_at=at("2026-05-02"), **BOB),))),
    "what is unknown": Case(unproven("whether data of the company were in it is unknown"), **given(event(2, "bob", company_data=None))),
    "when is unknown": Case(unproven("when it was is unknown"), **given(event(2, "bob", None))),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"prints_and_copies": []}),
    "stale": Case(unproven("stale"), stale=["prints_and_copies"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
