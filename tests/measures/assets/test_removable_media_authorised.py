from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.measures.sited import asset, permission
from tests.mutants import survivors

MEASURE = "assets/removable_media_authorised"


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
CASES = {
    "upheld": Case(upheld(1), **given(history=(mount(1, "USB-9") | OLD | {"ended": "changed"},))),
    "the log forgot": Case(
        broken(2, [("test/2", "was not registered, 2026-05-01 00:00")]), **given(history=(mount(2, "USB-9") | OLD | {"ended": "vanished"},))
    ),
    "many at once": Case(
        broken(
            9,
            [
                ("test/2", "was not registered, 2026-05-01 00:00"),
                ("test/3", "was not registered, 2026-05-01 00:00"),
                ("test/4", "was not authorised, 2026-05-01 00:00"),
                ("test/5", "was not authorised, 2026-02-28 12:00"),
                ("test/6", "was not encrypted, 2026-05-01 00:00"),
                ("test/7", "was not registered, 2026-05-01 00:00"),
                ("test/9", "was not authorised, 2026-04-01 00:00"),
            ],
            "USB-9 on pc",
        ),
        **given(
            mount(2, "USB-9"),
            mount(3, None),
            mount(4, "USB-2"),
            mount(5, when="2026-02-28 12:00"),
            mount(6, encrypted=False),
            mount(7, "PC-1"),
            mount(8, "USB-2", "2026-03-31"),
            mount(9, "USB-2", "2026-04-01"),
            permissions=(
                permission(2, "off site", asset_id="USB-2"),
                permission(3, "medium", asset_id="USB-2", approved_at=None),
                permission(4, "medium", asset_id="USB-2", until_at=at("2026-04-01")),
                permission(5, "medium", asset_id="PC-1"),
            ),
        ),
    ),
    "encryption unknown": Case(unproven("whether it was encrypted is unknown"), **given(mount(2, encrypted=None))),
    "when is unknown": Case(unproven("when it was is unknown"), **given(mount(2, when=None))),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"mount_events": []}),
    "stale": Case(unproven("stale"), stale=["mount_events"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
