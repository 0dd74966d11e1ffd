from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.logged import log
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "access/log_sources_live"
FLIP = at("2026-05-04 13:00")


def given(*logs: Made, systems: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """The host crm with a live log, beside others."""
    return {"log_sources": [log(), *logs], "systems": [system("crm", kind="host"), *systems], **more}


WEB = (system("web", kind="host"),)


def web(**more: Any) -> Made:
    """A log of the host web."""
    return log("web-auth", **{"system_id": "web", **more})


def fault(said: str, *logs: Made) -> Case:
    """The host web with one fault, beside one that is live."""
    return Case(broken(2, [("web", said)], "Web"), **given(*logs, systems=WEB))


SILENT = {"last_event_at": at("2026-05-04 09:00")}
CASES = {
    "upheld": Case(upheld(2, flips_at=FLIP), **given(web(last_event_at=at("2026-05-04 11:30")), systems=WEB)),
    "no log of it": fault("no log of it is watched"),
    "silent": fault("silent since 2026-05-04 09:00 in web-auth", web(**SILENT)),
    "nothing ever came": fault("nothing ever came in web-auth", web(last_event_at=None)),
    "one of two logs is live": Case(upheld(2, flips_at=FLIP), **given(web(), web(id="web-more", **SILENT), systems=WEB)),
    "watched since a moment ago": Case(
        unproven("Web (nothing came yet in web-auth)", 2),
        **given(web(last_event_at=None, added_at=at("2026-05-04 11:30")), systems=WEB),
    ),
    "to the instant": Case(upheld(2, flips_at=at("2026-05-04 12:00")), **given(web(last_event_at=at("2026-05-04 10:00")), systems=WEB)),
    "whether it runs is unknown": Case(
        unproven("Web (no log of it is watched)", 2), **given(systems=(system("web", kind="host", in_operation=None),))
    ),
    "no longer in operation": Case(upheld(1, flips_at=FLIP), **given(systems=(system("web", kind="host", in_operation=False),))),
    "of a kind that need not": Case(upheld(1, flips_at=FLIP), **given(systems=(system("web", kind="application"),))),
    "of a kind that need not, but is watched": Case(
        broken(2, [("web", "silent since 2026-05-04 09:00 in web-auth")], "Web"),
        **given(web(**SILENT), systems=(system("web", kind="application"),)),
    ),
    "of an unknown kind": Case(broken(2, [("web", "no log of it is watched")], "Web"), **given(systems=(system("web", kind=None),))),
    "no system": Case(unproven("no systems that must be monitored"), log_sources=[], systems=[]),
    "stale": Case(unproven("stale"), stale=["log_sources"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
