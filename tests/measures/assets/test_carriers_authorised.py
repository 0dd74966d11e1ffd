from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.measures.sited import asset, permission
from tests.mutants import survivors

MEASURE = "assets/carriers_authorised"


def mount(number: int, serial: str | None = "USB-1", when: str | None = "2026-05-01", **more: Any) -> Made:
    seen = {"mounted_at": at(when) if when else None, "encrypted": True, "on_premises": True}
    return {"id": str(number), "host_id": "pc", "serial": serial, **seen, **more}


def given(*mounts: Made, permissions: tuple[Made, ...] = (), history: tuple[Made, ...] = ()) -> dict[str, Any]:
    """A stick that Ada may carry since March."""
    return {
        "registered_assets": [asset("USB-1", kind="medium"), asset("USB-2", kind="medium"), asset("PC-1")],
        "asset_permissions": [permission(1, "medium", asset_id="USB-1"), *permissions],
        "mount_events": [mount(1), *mounts],
        "history": {"mount_events": list(history)},
    }


OLD = {"seen_from_at": at("2026-01-01"), "seen_until_at": at("2026-05-01")}
SEEN = "was seen without authorisation, last seen on 2026-05-01"
CASES = {
    "upheld": Case(
        upheld(1), **given(mount(2), mount(3, "USB-9", on_premises=False), history=(mount(1, "USB-9") | OLD | {"ended": "changed"},))
    ),
    "the log forgot": Case(broken(2, [("test/USB-9", SEEN)]), **given(history=(mount(2, "USB-9") | OLD | {"ended": "vanished"},))),
    "many at once": Case(
        broken(
            4,
            [("test/USB-1", SEEN), ("test/USB-2", SEEN), ("test/USB-9", SEEN), ("test/without a serial number on pc", SEEN)],
        ),
        **given(
            mount(2, "USB-9"),
            mount(3, None),
            mount(4, "USB-2"),
            mount(5, when="2026-02-28 12:00"),
            permissions=(permission(2, "off site", asset_id="USB-2"), permission(3, "medium", asset_id="USB-2", until_at=at("2026-05-01"))),
        ),
    ),
    "approved later": Case(
        broken(2), **given(mount(2, "USB-2"), permissions=(permission(2, "medium", asset_id="USB-2", approved_at=at("2026-05-02")),))
    ),
    "from later on": Case(
        broken(2), **given(mount(2, "USB-2"), permissions=(permission(2, "medium", asset_id="USB-2", from_at=at("2026-05-02")),))
    ),
    "where is unknown": Case(unproven("where or when it was seen is unknown"), **given(mount(2, "USB-9", on_premises=None))),
    "when is unknown": Case(unproven("where or when it was seen is unknown"), **given(mount(2, "USB-9", None))),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"mount_events": []}),
    "stale": Case(unproven("stale"), stale=["mount_events"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
