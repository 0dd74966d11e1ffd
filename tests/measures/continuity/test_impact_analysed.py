from datetime import timedelta
from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.continuing import HOUR, process
from tests.measures.made import Made, at, on, system
from tests.measures.supplied import agreement
from tests.mutants import survivors

MEASURE = "continuity/impact_analysed"


def need(kind: str, name: str, **more: Any) -> Made:
    """What selling depends on."""
    return {"id": f"selling/{kind}/{name}", "process_id": "selling", "kind": kind, "on_id": name, **more}


def given(*needs: Made, more: dict[str, list[Made]] | None = None, **selling: Any) -> dict[str, list[Made]]:
    """Selling, beside paying, which is slow and depends on nothing."""
    return {
        "processes": [process("paying", recovery_time=48 * HOUR), process("selling", **selling)],
        "process_dependencies": list(needs),
        "systems": [system("crm", recovery_time=4 * HOUR, recovery_point=HOUR), system("wiki")],
        **(more or {}),
    }


def fault(said: str) -> Any:
    return broken(2, [("test/selling", said)], "Selling")


def restored(took: timedelta, day: str = "2026-03-01") -> Made:
    return {"id": f"crm-{day}", "system_id": "crm", "started_at": at(day), "finished_at": at(day), "took": took}


def crm(**more: Any) -> dict[str, list[Made]]:
    return {"systems": [system("crm", **{"recovery_time": 4 * HOUR, "recovery_point": HOUR, **more})]}


OF_WIKI = restored(9 * HOUR) | {"system_id": "wiki"}
SLOW_CRM, SLOW_HOST = fault("not back soon enough for it: crm"), fault("not back soon enough for it: host")
CRM, HOST, PAYING = need("system", "crm"), need("supplier", "host"), need("process", "paying")
UNTOLD = unproven("Selling (nobody knows how soon is back: host)", 2)


def agreed(**more: Any) -> dict[str, list[Made]]:
    return {"supplier_agreements": [agreement("cloud", recovery_time=99 * HOUR), agreement("host", **more)]}


CASES = {
    "upheld": Case(upheld(2, flips_at=at("2027-02-01")), **given()),
    "none is approved": Case(
        fault("no impact analysis is approved"), **given(analysed_at=None, analysed_by_id=None, approved_by_id=None, recovery_time=None)
    ),
    "too long ago": Case(fault("last analysed on 2025-05-03"), **given(analysed_at=at("2025-05-03"))),
    "nearly too long ago": Case(at_risk(2, flips_at=at("2026-05-05")), **given(analysed_at=at("2025-05-05"))),
    "approved by whoever wrote it": Case(fault("its analysis was approved by whoever wrote it"), **given(approved_by_id="E-ada")),
    "nobody knows who approved it": Case(fault("its analysis was approved by whoever wrote it"), **given(approved_by_id=None)),
    "a system is fast enough": Case(upheld(2), **given(CRM)),
    "a system is just fast enough": Case(upheld(2), **given(CRM, more=crm(recovery_time=8 * HOUR, recovery_point=24 * HOUR))),
    "a system is too slow": Case(SLOW_CRM, **given(CRM, more=crm(recovery_time=9 * HOUR))),
    "another's dependency": Case(
        upheld(2), **given(CRM | {"process_id": "wiki"}, CRM | {"source": "other"}, more=crm(recovery_time=9 * HOUR))
    ),
    "a system's restore took too long": Case(SLOW_CRM, **given(CRM, more={"restore_tests": [restored(9 * HOUR)]})),
    "another system's restore took too long": Case(upheld(2), **given(CRM, more={"restore_tests": [OF_WIKI]})),
    "in another register it needs more": Case(
        broken(3, [("other/selling", "not back soon enough for it: crm")]),
        processes=[process("paying"), process("selling"), process("selling", source="other", recovery_time=HOUR)],
        process_dependencies=[CRM | {"source": "other"}],
        systems=[system("crm", recovery_time=4 * HOUR, recovery_point=HOUR)],
    ),
    "the last restore counts": Case(
        upheld(2), **given(CRM, more={"restore_tests": [restored(9 * HOUR), restored(2 * HOUR, "2026-04-01")]})
    ),
    "a system loses too much": Case(SLOW_CRM, **given(CRM, more=crm(recovery_point=25 * HOUR))),
    "it does not matter how much is lost": Case(upheld(2), **given(CRM, more=crm(recovery_point=25 * HOUR), recovery_point=None)),
    "it does not matter, and nothing is agreed": Case(upheld(2), **given(CRM, more=crm(recovery_point=None), recovery_point=None)),
    "as often as it is backed up": Case(SLOW_CRM, **given(CRM, more=crm(recovery_point=None, backup_interval=25 * HOUR))),
    "how much it loses is unknown": Case(unproven("how soon is back: crm", 2), **given(CRM, more=crm(recovery_point=None))),
    "a system of which nothing is agreed": Case(unproven("how soon is back: wiki", 2), **given(need("system", "wiki"))),
    "one slow, of one nothing is known": Case(SLOW_CRM, **given(CRM, need("system", "wiki"), more=crm(recovery_time=9 * HOUR))),
    "a system nobody knows": Case(unproven("how soon is back: erp", 2), **given(need("system", "erp"))),
    "a supplier is fast enough": Case(upheld(2), **given(HOST, more=agreed())),
    "a supplier is too slow": Case(SLOW_HOST, **given(HOST, more=agreed(recovery_time=9 * HOUR))),
    "the fastest of its agreements": Case(
        upheld(2), **given(HOST, more={"supplier_agreements": [agreement("host"), agreement("host", "x", recovery_time=9 * HOUR)]})
    ),
    "a supplier promised nothing": Case(UNTOLD, **given(HOST, more=agreed(recovery_time=None))),
    "nobody checked what it promised": Case(UNTOLD, **given(HOST, more=agreed(checked_at=None))),
    "its agreement is not in force yet": Case(UNTOLD, **given(HOST, more=agreed(from_on=on("2026-05-05")))),
    "its agreement is in force from today": Case(upheld(2), **given(HOST, more=agreed(from_on=on("2026-05-04")))),
    "its agreement ran out": Case(UNTOLD, **given(HOST, more=agreed(until_on=on("2026-05-03")))),
    "its agreement's last day": Case(upheld(2), **given(HOST, more=agreed(until_on=on("2026-05-04")))),
    "a supplier of a system's name": Case(unproven("how soon is back: crm", 2), **given(need("supplier", "crm"))),
    "a system of a supplier's name": Case(unproven("how soon is back: host", 2), **given(need("system", "host"), more=agreed())),
    "another process is too slow": Case(fault("not back soon enough for it: paying"), **given(PAYING)),
    "another process is fast enough": Case(upheld(2), **given(PAYING, recovery_time=48 * HOUR)),
    "a process of another register": Case(
        unproven("how soon is back: paying", 1),
        processes=[process("selling"), process("paying", source="other", criticality="low")],
        process_dependencies=[PAYING],
        systems=[],
    ),
    "people are no matter of hours": Case(upheld(2), **given(need("responsibility", "lead"))),
    "of high criticality": Case(fault("no impact analysis is approved"), **given(criticality="high", analysed_at=None)),
    "not critical": Case(upheld(1), **given(criticality="medium", analysed_at=None)),
    "of unknown criticality": Case(unproven("Selling (no impact analysis", 2), **given(criticality=None, analysed_at=None)),
    "of unknown criticality, and in order": Case(upheld(2), **given(criticality=None)),
    "no process": Case(unproven("0 of 0"), processes=[], process_dependencies=[], systems=[]),
    "stale": Case(unproven("stale"), stale=["processes"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
