from datetime import timedelta
from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "backup/taken_on_schedule"


def kept(name: str, **more: Any) -> Made:
    """A system of which a backup is taken daily and two are kept."""
    return system(name, **{"backup_interval": timedelta(days=1), "backup_generations": 2, **more})


def backup(of: str, when: str | None, **more: Any) -> Made:
    """A whole backup that ended then."""
    return {
        "id": f"{of}@{when}",
        "system_id": of,
        "repository": "r",
        "finished_at": when and at(when),
        "complete": True,
        "intact": True,
        **more,
    }


def given(*backups: Made, systems: tuple[Made, ...] = (kept("wiki"),)) -> dict[str, Any]:
    """Backups of the wiki, beside those of the CRM, which are in order."""
    return {
        "backups": [backup("crm", "2026-05-04"), backup("crm", "2026-05-03"), *backups],
        "systems": [kept("crm"), *systems],
    }


def fault(said: str, *backups: Made, **more: Any) -> Case:
    """The wiki with one fault, beside the CRM in order."""
    return Case(broken(2, [("wiki", said)], "WIKI"), **given(*backups, systems=(kept("wiki", **more),)))


def doubt(said: str, *backups: Made, **more: Any) -> Case:
    """The wiki with one thing unknown, beside the CRM in order."""
    return Case(unproven(f"1 of 2 systems cannot be judged: WIKI ({said})", 2), **given(*backups, systems=(kept("wiki", **more),)))


NEW, OLD, LATE = backup("wiki", "2026-05-04 01:00"), backup("wiki", "2026-05-02"), backup("wiki", "2026-05-03 12:00")
UNKNOWN = "whether its backups are whole is unknown"

CASES = {
    "none": fault("has no whole backup"),
    "upheld": Case(upheld(2, flips_at=at("2026-05-05")), **given(NEW, OLD)),
    "late": fault("its newest whole backup is of 2026-05-02", OLD, backup("wiki", "2026-05-01")),
    "just in time": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(LATE, OLD)),
    "few": fault("has 1 of 2 whole backups", NEW, OLD | {"complete": False}),
    "not whole": fault("its newest whole backup is of 2026-05-02", NEW | {"complete": False}, OLD, backup("wiki", "2026-05-01")),
    "damaged": fault("its newest whole backup is of 2026-05-02", NEW | {"intact": False}, OLD, backup("wiki", "2026-05-01")),
    "not checked": Case(upheld(2), **given(NEW | {"intact": None}, OLD)),
    "perhaps whole": doubt(UNKNOWN, NEW | {"complete": None}, OLD, backup("wiki", "2026-05-01")),
    "perhaps whole, enough others": Case(upheld(2), **given(NEW, OLD, backup("wiki", "2026-05-01", complete=None))),
    "perhaps enough": doubt(UNKNOWN, NEW, OLD | {"complete": None}),
    "when is not told": doubt(UNKNOWN, backup("wiki", None, started_at=at("2026-05-04")), OLD, backup("wiki", "2026-05-01")),
    "when is not told, but it began long ago": fault(
        "its newest whole backup is of 2026-05-02", backup("wiki", None, started_at=at("2026-05-01")), OLD, backup("wiki", "2026-05-01")
    ),
    "when is not told, but it was seen": doubt(UNKNOWN, backup("wiki", None), OLD, backup("wiki", "2026-05-01")),
    "no interval": fault("has no backup policy", NEW, OLD, backup_interval=None),
    "no number": fault("has no backup policy", NEW, OLD, backup_generations=None),
    "out of operation": Case(upheld(1), **given(systems=(kept("wiki", in_operation=False),))),
    "perhaps in operation": doubt("has no whole backup", in_operation=None),
    "another's": fault("has no whole backup", backup("db", "2026-05-04")),
    "nothing to judge": Case(unproven("0 of 0"), backups=[], systems=[]),
    "stale": Case(unproven("stale"), stale=["backups"], **given(NEW, OLD)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
