from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, device
from tests.measures.sited import asset
from tests.mutants import survivors

MEASURE = "assets/registered_assets_seen"


def given(*assets: Made, last: str | None = "2026-05-04", history: dict[str, list[Made]] | None = None, **more: Any) -> dict[str, Any]:
    """A laptop that reported, and things that no source could see."""
    return {
        "registered_assets": [asset("L-1"), asset("L-2", state="in stock"), asset("USB", kind="medium"), *assets],
        "devices": [device("L-1", last_seen_at=at(last) if last else None)],
        "hosts": [{"id": "db"}],
        "repositories": [{"id": "app", "system_id": "x"}],
        "store_states": [{"id": "share"}],
        "history": history or {},
        **more,
    }


OTHERS = (asset("db", kind="host"), asset("app", kind="repository"), asset("share", kind="store"))
GONE = {"seen_from_at": at("2026-01-01"), "seen_until_at": at("2026-04-01"), "ended": "vanished"}
CASES = {
    "upheld": Case(upheld(4), **given(*OTHERS)),
    "many at once": Case(
        broken(
            5,
            [
                ("test/L-1", "last seen on 2026-04-01"),
                ("test/L-3", "no source has ever seen it"),
                ("test/app", "last seen on 2026-04-01"),
                ("test/db", "last seen on 2026-04-01"),
                ("test/share", "last seen on 2026-04-01"),
            ],
        ),
        **given(
            *OTHERS,
            asset("L-3"),
            last="2026-04-01",
            hosts=[],
            repositories=[],
            store_states=[],
            history={
                "hosts": [{"id": "db", **GONE}],
                "repositories": [{"id": "app", "system_id": "x", **GONE}],
                "store_states": [{"id": "share", **GONE}],
            },
        ),
    ),
    "a host of a device's name": Case(broken(2, [("test/db", "no source has ever seen it")]), **given(asset("db"))),
    "when is unknown": Case(unproven("when it was last seen is unknown"), **given(last=None)),
    "due this instant": Case(at_risk(1, flips_at=at("2026-05-04 12:00")), **given(last="2026-04-04 12:00")),
    "nothing to judge": Case(unproven("0 of 0"), registered_assets=[], devices=[]),
    "stale": Case(unproven("stale"), stale=["registered_assets"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
