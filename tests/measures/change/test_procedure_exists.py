from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "change/procedure_exists"


def book(id: str, of: str = "crm", **more: Any) -> Made:
    """How it is restarted: found right in February."""
    said = {"id": id, "system_id": of, "title": "Restart", "task": "restart", "place": f"wiki/{of}", "audience": ["operations"]}
    return {**said, "looked_at": at("2026-02-01"), **more}


def place(name: str, *, reachable: bool | None = True) -> Made:
    return {"id": name, "reachable": reachable, "tried_at": at("2026-05-04")}


def policy(name: str, **more: Any) -> Made:
    return {"id": name, "version_id": "1", **more}


def given(*books: Made, crm: bool | None = True, rules: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """The CRM beside the wiki, which is in order; both are databases."""
    rows = [{"id": task, "system_kind": "database", "task": task} for task in ("restart", *rules)]
    more = {"kind": "database", "environment": "production", **more}
    return {
        "systems": [system("wiki", kind="database"), system("crm", **more)],
        "required_procedures": [*rows, {"id": "x", "system_kind": "host", "task": "patch"}],
        "runbooks": [book("0", "wiki"), *books],
        "policies": [policy("restarting"), policy("draft", version_id=None)],
        "written_places": [place("wiki/wiki"), place("wiki/crm", reachable=crm)],
    }


def fault(said: str, population: int = 2) -> Any:
    return broken(population, [("test/crm/restart", said)], "CRM, restart")


REACH = "cannot be reached where it is said to be"
CASES = {
    "upheld": Case(upheld(2, flips_at=at("2027-02-01")), **given(book("1"))),
    "not written": Case(fault("is not written"), **given()),
    "for another task": Case(fault("is not written"), **given(book("1", task="restore"))),
    "one of two tasks": Case(
        broken(4, [("test/crm/restore", "is not written"), ("test/wiki/restore", "is not written")]), **given(book("1"), rules=("restore",))
    ),
    "out of reach": Case(fault(REACH), **given(book("1"), crm=False)),
    "perhaps out of reach": Case(unproven("whether it can be reached is unknown", 2), **given(book("1"), crm=None)),
    "nobody looked whether it is there": Case(unproven("whether it can be reached is unknown", 2), **given(book("1", place="share/crm"))),
    "perhaps out of reach, and aged": Case(fault("not found right lately"), **given(book("1", looked_at=at("2025-05-03")), crm=None)),
    "one of two within reach": Case(upheld(2), **given(book("1"), book("2", place="wiki/wiki"), crm=False)),
    "the one within reach aged": Case(
        fault("not found right lately"), **given(book("1"), book("2", place="wiki/wiki", looked_at=at("2025-05-03")), crm=False)
    ),
    "a policy": Case(upheld(2), **given(book("1", place=None, document_id="restarting"))),
    "a policy without a version": Case(fault(REACH), **given(book("1", place=None, document_id="draft"))),
    "a policy that is not there": Case(fault(REACH), **given(book("1", place=None, document_id="none"))),
    "for nobody": Case(fault("does not say who needs it"), **given(book("1", audience=[]))),
    "for nobody, and perhaps out of reach": Case(fault("does not say who needs it"), **given(book("1", audience=None), crm=None)),
    "for nobody, beside one that aged": Case(
        fault("not found right lately"), **given(book("1", audience=[]), book("2", looked_at=at("2025-05-03")))
    ),
    "for nobody, beside one perhaps out of reach": Case(
        fault("not found right lately"),
        **given(book("1", audience=[], place="x"), book("2", looked_at=at("2025-05-03"), place="x")),
    ),
    "aged": Case(fault("not found right lately"), **given(book("1", looked_at=at("2025-05-03")))),
    "nearly aged": Case(at_risk(2, flips_at=at("2026-05-04 12:00")), **given(book("1", looked_at=at("2025-05-04 12:00")))),
    "never found right": Case(fault("not found right lately"), **given(book("1", looked_at=None))),
    "perhaps out of reach, nearly aged": Case(
        unproven("whether it can be reached is unknown", 2), **given(book("1", looked_at=at("2025-05-04 12:00")), crm=None)
    ),
    "a kind of which nothing is required": Case(
        unproven("CRM (nobody said which procedures a system of its kind needs)", 2), **given(book("1"), kind="service")
    ),
    "of unknown kind": Case(unproven("nobody said which procedures", 2), **given(book("1"), kind=None)),
    "serves nobody": Case(upheld(1), **given(in_operation=False)),
    "perhaps serves": Case(unproven("CRM, restart (is not written)", 2), **given(in_operation=None)),
    "a test system": Case(upheld(1), **given(environment="test")),
    "of unknown environment": Case(fault("is not written"), **given(environment=None)),
    "no system": Case(unproven("0 of 0"), systems=[], runbooks=[], required_procedures=[], policies=[], written_places=[]),
    "stale": Case(unproven("stale"), stale=["written_places"], **given(book("1"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
