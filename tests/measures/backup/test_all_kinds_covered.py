from datetime import timedelta
from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "backup/all_kinds_covered"
DAY = timedelta(days=1)


def backup(content: str | None = "all", of: str = "crm", **more: Any) -> Made:
    said = {"id": f"{of}/{content}/{more.get('finished_at')}", "system_id": of, "repository": "r", "content": content, "complete": True}
    return {**said, "intact": None, "finished_at": at("2026-05-04"), **more}


def given(*backups: Made, **more: Any) -> dict[str, list[Made]]:
    """The CRM beside the wiki, which is in order."""
    more = {"environment": "production", "backup_interval": DAY, **more}
    return {"systems": [system("wiki", backup_interval=2 * DAY), system("crm", **more)], "backups": [backup(of="wiki"), *backups]}


def fault(said: str = "is in no backup", *kinds: str) -> Any:
    return broken(6, [(f"test/crm/{kind}", said) for kind in kinds or ("configuration",)])


TWO = backup("data, settings")
ALL = ("configuration", "data", "settings")
CASES = {
    "upheld": Case(upheld(6, flips_at=at("2026-05-05")), **given(backup())),
    "one left out": Case(broken(6, [("test/crm/configuration", "is in no backup")], "CRM, configuration"), **given(TWO)),
    "one by one": Case(upheld(6), **given(backup("data"), backup("settings"), backup("configuration"))),
    "of another system": Case(fault(), **given(TWO, backup("configuration", "wiki"))),
    "an old one": Case(fault("last backed up on 2026-05-03"), **given(TWO, backup("configuration", finished_at=at("2026-05-03")))),
    "just in time": Case(
        at_risk(6, flips_at=at("2026-05-04 12:00")), **given(TWO, backup("configuration", finished_at=at("2026-05-03 12:00")))
    ),
    "not complete": Case(fault(), **given(TWO, backup("configuration", complete=False))),
    "damaged": Case(fault(), **given(TWO, backup("configuration", intact=False))),
    "checked": Case(upheld(6), **given(TWO, backup("configuration", intact=True))),
    "perhaps complete": Case(unproven("whether its backups hold it", 6), **given(TWO, backup("configuration", complete=None))),
    "perhaps complete, and old": Case(fault(), **given(TWO, backup("configuration", complete=None, finished_at=at("2026-05-03")))),
    "perhaps complete, to the hour": Case(
        unproven("whether its backups hold it", 6), **given(TWO, backup("configuration", complete=None, finished_at=at("2026-05-03 12:00")))
    ),
    "when is unknown": Case(
        unproven("CRM, configuration (whether its backups hold it", 6), **given(TWO, backup("configuration", finished_at=None))
    ),
    "of what is unknown": Case(unproven("CRM, configuration (whether its backups hold it", 6), **given(TWO, backup(None))),
    "of what is unknown, and old": Case(fault(), **given(TWO, backup(None, finished_at=at("2026-05-03")))),
    "an older one beside": Case(upheld(6), **given(backup(), backup(finished_at=at("2026-05-01")))),
    "no policy": Case(fault("has no backup policy", *ALL), **given(backup(), backup_interval=None)),
    "serves nobody": Case(upheld(3), **given(in_operation=False)),
    "perhaps serves": Case(unproven("is in no backup", 6), **given(in_operation=None)),
    "a test system": Case(upheld(3), **given(environment="test")),
    "of unknown environment": Case(fault("is in no backup", *ALL), **given(environment=None)),
    "of two sources": Case(
        broken(9, [(f"other/crm/{kind}", "has no backup policy") for kind in ALL]),
        **{**given(backup()), "systems": [*given()["systems"], system("crm", source="other")]},
    ),
    "no system": Case(unproven("0 of 0"), systems=[], backups=[]),
    "stale": Case(unproven("stale"), stale=["backups"], **given(backup())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
