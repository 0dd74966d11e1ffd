from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.measures.sited import asset, held, wiped
from tests.mutants import survivors

MEASURE = "assets/media_sanitised"

GONE = {"state": "disposed", "disposed_at": at("2026-04-04")}
BACK = held("L-1", "ada", given_at=at("2026-01-01"), returned_at=at("2026-03-20"))
AGAIN = held("L-1", "bob", given_at=at("2026-04-10"))


def given(custodies: list[Made], wipings: list[Made], *assets: Made) -> dict[str, Any]:
    return {"registered_assets": [asset("L-1"), *assets], "asset_custodies": custodies, "sanitisations": wipings}


REISSUED = ("test/reissue/L-1-bob", "was not wiped and looked at before 2026-04-10")
DISPOSED = ("test/disposal/D-1", "was not wiped and looked at before 2026-04-04")
CASES = {
    "upheld": Case(
        upheld(2), **given([BACK, AGAIN], [wiped(1, "L-1"), wiped(2, "D-1")], asset("D-1", **GONE), asset("mouse", storage=False, **GONE))
    ),
    "never wiped": Case(broken(2, [DISPOSED, REISSUED]), **given([BACK, AGAIN], [], asset("D-1", **GONE))),
    "to the same person": Case(upheld(0), **given([BACK, held("L-1", "ada", given_at=at("2026-04-10")) | {"id": "again"}], [])),
    "wiped before it came back": Case(
        broken(1, [REISSUED]), **given([BACK | {"returned_at": at("2026-04-01 12:00")}, AGAIN], [wiped(1, "L-1")])
    ),
    "looked at later": Case(broken(1, [REISSUED]), **given([BACK, AGAIN], [wiped(1, "L-1", verified_at=at("2026-04-11"))])),
    "something was left": Case(broken(1, [REISSUED]), **given([BACK, AGAIN], [wiped(1, "L-1", verified=False)])),
    "disposed of before": Case(
        broken(1, [("test/disposal/D-1", "was not wiped and looked at before it went")]),
        **given([], [wiped(1, "D-1")], asset("D-1", state="disposed")),
    ),
    "wiped before its last holder gave it back": Case(
        broken(1, [DISPOSED]), **given([held("D-1", "ada", returned_at=at("2026-04-03"))], [wiped(1, "D-1")], asset("D-1", **GONE))
    ),
    "storage unknown": Case(unproven("was not wiped and looked at before"), **given([], [], asset("X", storage=None, **GONE))),
    "unknown: read in part": Case(unproven("never"), partial=["sanitisations"], **given([BACK, AGAIN], [wiped(1, "L-1")])),
    "stale": Case(unproven("stale"), stale=["sanitisations"], **given([BACK, AGAIN], [wiped(1, "L-1")])),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
