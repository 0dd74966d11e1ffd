from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.measures.sited import DIGEST, asset, wiped
from tests.mutants import survivors

MEASURE = "assets/media_disposed_formally"


def disposal(name: str = "D-1", **more: Any) -> Made:
    """Asked for by Ada in March, approved by Bob a day later, certified and gone in April."""
    return {
        "id": name,
        "asset_id": name,
        "requested_by_id": "E-ada",
        "requested_at": at("2026-03-01"),
        "approved_by_id": "E-bob",
        "approved_at": at("2026-03-02"),
        "certified_at": at("2026-04-03"),
        "certificate": DIGEST,
        "witness_id": "E-bob",
        "disposed_at": at("2026-04-04"),
        **more,
    }


GONE = {"state": "disposed", "disposed_at": at("2026-04-04")}


def given(disposals: list[Made], wipings: list[Made], *assets: Made) -> dict[str, Any]:
    others = (asset("L-1"), asset("mouse", storage=False, **GONE))
    return {"registered_assets": [asset("D-1", **GONE), *others, *assets], "disposals": disposals, "sanitisations": wipings}


NOT_WIPED = "it was not wiped and looked at between approval and certificate"
CASES = {
    "upheld": Case(upheld(1), **given([disposal()], [wiped(1, "D-1")])),
    "nobody asked": Case(broken(1, [("test/D-1", "nobody asked for it")]), **given([], [wiped(1, "D-1")])),
    "storage unknown": Case(
        broken(2, [("test/X", "nobody asked for it")]), **given([disposal()], [wiped(1, "D-1")], asset("X", storage=None, **GONE))
    ),
    **{
        name: Case(broken(1, [("test/D-1", said)]), **given([disposal(**more)], [wiped(1, "D-1")]))
        for name, said, more in (
            ("not approved", "nobody approved it", {"approved_at": None}),
            ("approved before", "nobody approved it", {"approved_at": at("2026-02-28")}),
            ("approved by oneself", "who asked for it approved it", {"approved_by_id": "E-ada"}),
            ("approved by nobody known", "who asked for it approved it", {"approved_by_id": None, "requested_by_id": None}),
            ("approved after the wiping", NOT_WIPED, {"approved_at": at("2026-04-02")}),
            ("certified before the look", NOT_WIPED, {"certified_at": at("2026-04-01 12:00")}),
            ("no certificate", "there is no certificate", {"certificate": None}),
            ("no witness", "nobody watched", {"witness_id": None}),
            ("certified later", "it left before its certificate", {"certified_at": at("2026-04-05")}),
        )
    },
    "not looked at": Case(broken(1, [("test/D-1", NOT_WIPED)]), **given([disposal()], [wiped(1, "D-1", verified=False)])),
    "none": Case(upheld(0), registered_assets=[asset("L-1")], disposals=[], sanitisations=[]),
    "unknown: read in part": Case(unproven("never"), partial=["disposals"], **given([disposal()], [wiped(1, "D-1")])),
    "stale": Case(unproven("stale"), stale=["disposals"], **given([disposal()], [wiped(1, "D-1")])),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
