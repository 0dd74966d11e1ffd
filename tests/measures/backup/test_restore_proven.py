from datetime import timedelta
from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "backup/restore_proven"


def due(name: str, **more: Any) -> Made:
    """A system that must be back within an hour."""
    return system(name, **{"recovery_time": timedelta(hours=1), **more})


def restore(of: str, when: str | None = "2026-04-01", **more: Any) -> Made:
    """A restore that brought everything back in half an hour."""
    return {
        "id": f"{of}@{when}",
        "system_id": of,
        "started_at": at("2026-01-01"),
        "finished_at": when and at(when),
        "took": timedelta(minutes=30),
        "content_verified": True,
        **more,
    }


def given(*restores: Made, wiki: Made | None = None) -> dict[str, Any]:
    """Restores of the wiki, beside one of the CRM that is proven."""
    return {"restore_tests": [restore("crm"), *restores], "systems": [due("crm"), wiki or due("wiki"), due("old", in_operation=False)]}


def fault(said: str, *restores: Made) -> Case:
    """The wiki with one fault, beside the CRM in order."""
    return Case(broken(2, [("wiki", said)], "WIKI"), **given(*restores))


def doubt(said: str, *restores: Made, **more: Any) -> Case:
    """The wiki with one thing unknown, beside the CRM in order."""
    return Case(unproven(f"1 of 2 systems cannot be judged: WIKI ({said})", 2), **given(*restores, wiki=due("wiki", **more)))


CASES = {
    "never": fault("never proven"),
    "upheld": Case(upheld(2, flips_at=at("2026-06-30")), **given(restore("wiki", "2026-05-01"))),
    "long ago": fault("last proven 2026-02-03", restore("wiki", "2026-02-03")),
    "soon due": Case(at_risk(2, flips_at=at("2026-05-15")), **given(restore("wiki", "2026-02-14"), restore("wiki", "2026-02-05"))),
    "not the same": fault("never proven; a restore failed on 2026-04-01", restore("wiki", content_verified=False)),
    "too slow": fault("never proven; a restore failed on 2026-04-01", restore("wiki", took=timedelta(hours=2))),
    "did not end": fault("never proven; a restore failed on 2026-01-01", restore("wiki", None, content_verified=False)),
    "proven, and then failed": fault(
        "never proven; a restore failed on 2026-04-01", restore("wiki", content_verified=False), restore("wiki", "2026-03-01")
    ),
    "failed, and then proven": Case(
        upheld(2, flips_at=at("2026-06-30")), **given(restore("wiki", content_verified=False), restore("wiki", "2026-04-20"))
    ),
    "failed at the same instant as proven": fault(
        "never proven; a restore failed on 2026-04-01", restore("wiki", id="other", content_verified=False), restore("wiki")
    ),
    "content not told": doubt("never proven", restore("wiki", content_verified=None)),
    "time not told": doubt("never proven", restore("wiki", took=None)),
    "recovery time not agreed": doubt("never proven", restore("wiki"), recovery_time=None),
    "content not told, long ago": fault("never proven", restore("wiki", "2026-01-02", content_verified=None)),
    "content not told, but proven before": Case(
        upheld(2, flips_at=at("2026-05-30")), **given(restore("wiki", content_verified=None), restore("wiki", "2026-03-01"))
    ),
    "perhaps in operation": doubt("never proven", in_operation=None),
    "nothing to judge": Case(unproven("0 of 0"), restore_tests=[], systems=[]),
    "stale": Case(unproven("stale"), stale=["restore_tests"], **given(restore("wiki"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
