from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.continuing import plan, process
from tests.measures.kept import holding, policy
from tests.measures.made import Made, at, on, person
from tests.mutants import survivors

MEASURE = "continuity/plan_current"


def written(name: str, **more: Any) -> Made:
    return policy(name, **{"kind": "plan", **more})


def approval(of: str, **more: Any) -> Made:
    return {"id": f"a-{of}", "version_id": f"{of}-1", "person_id": "E-bob", "approved_at": at("2026-04-01"), **more}


def given(**more: Any) -> dict[str, list[Made]]:
    """Selling, beside paying; both with a plan for a role that Ada holds."""
    return {
        "processes": [process("paying"), process("selling")],
        "continuity_plans": [plan("paying"), plan("selling")],
        "policies": [written("paying-plan"), written("selling-plan")],
        "policy_approvals": [approval("paying-plan"), approval("selling-plan")],
        "responsibility_holders": [holding("ada", "lead")],
        "people": [person("ada"), person("bob"), person("eve", ended_on=on("2026-05-03"))],
        **more,
    }


def approvals(**more: Any) -> list[Made]:
    return [approval("paying-plan"), approval("selling-plan", **more)]


def plans(*mine: Made) -> dict[str, list[Made]]:
    return {"continuity_plans": [plan("paying"), *mine]}


def held(*more: Made) -> dict[str, list[Made]]:
    """The plan of selling needs the role other, of which are told `more`."""
    return {
        "continuity_plans": [plan("paying"), plan("selling", roles=["lead", "other"])],
        "responsibility_holders": [holding("ada", "lead"), *more],
    }


def documents(**more: Any) -> dict[str, list[Made]]:
    return {"policies": [written("paying-plan"), written("selling-plan", **more)]}


def fault(said: str) -> Any:
    return broken(2, [("test/selling", said)], "Selling")


VACANT = fault("selling-plan has a role that nobody holds: other")
UNPUBLISHED = fault("selling-plan is not approved and published")

CASES = {
    "upheld": Case(upheld(2, flips_at=at("2027-04-01")), **given()),
    "no plan": Case(fault("there is no plan"), **given(**plans())),
    "the plan of another": Case(fault("there is no plan"), **given(**plans(plan("wiki"), plan("selling", source="other")))),
    "not published": Case(UNPUBLISHED, **given(**documents(version_id=None))),
    "not written": Case(UNPUBLISHED, **given(policies=[written("paying-plan")])),
    "written in another register": Case(UNPUBLISHED, **given(policies=[written("paying-plan"), written("selling-plan", source="other")])),
    "of another kind": Case(UNPUBLISHED, **given(**documents(kind="policy"))),
    "not approved": Case(UNPUBLISHED, **given(policy_approvals=[approval("paying-plan")])),
    "written and approved in another register": Case(
        UNPUBLISHED,
        **given(policies=[written("paying-plan"), written("selling-plan", source="other")], policy_approvals=approvals(source="other")),
    ),
    "approved in another register": Case(
        UNPUBLISHED, **given(policy_approvals=[approval("paying-plan"), approval("selling-plan", source="other")])
    ),
    "approved twice": Case(
        upheld(2), **given(policy_approvals=[approval("paying-plan"), approval("selling-plan"), approval("selling-plan", id="b")])
    ),
    "overdue": Case(fault("selling-plan is overdue for review"), **given(**documents(review_due_at=at("2026-05-03")))),
    "nearly overdue": Case(at_risk(2, flips_at=at("2026-05-05")), **given(**documents(review_due_at=at("2026-05-05")))),
    "never to be reviewed": Case(fault("selling-plan is overdue for review"), **given(**documents(review_due_at=None))),
    "one of two plans is wrong": Case(
        fault("more is not approved and published"), **given(**plans(plan("selling"), plan("selling", id="q", document_id="more")))
    ),
    "no role": Case(fault("selling-plan has a role that nobody holds"), **given(**plans(plan("selling", roles=[])))),
    "a role nobody holds": Case(VACANT, **given(**held())),
    "a role somebody holds": Case(upheld(2), **given(**held(holding("bob", "other")))),
    "who does it counts": Case(upheld(2), **given(**held(holding("bob", "other", part="responsible")))),
    "who is told does not count": Case(VACANT, **given(**held(holding("bob", "other", part="informed")))),
    "held by who has left": Case(VACANT, **given(**held(holding("eve", "other")))),
    "held by nobody known": Case(VACANT, **given(**held(holding("zoe", "other")))),
    "held from tomorrow": Case(VACANT, **given(**held(holding("bob", "other", from_on=on("2026-05-05"))))),
    "held from today": Case(upheld(2), **given(**held(holding("bob", "other", from_on=on("2026-05-04"))))),
    "held until yesterday": Case(VACANT, **given(**held(holding("bob", "other", until_on=on("2026-05-03"))))),
    "held until today": Case(at_risk(2, flips_at=at("2026-05-05")), **given(**held(holding("bob", "other", until_on=on("2026-05-04"))))),
    "somebody holds it on": Case(
        upheld(2, flips_at=at("2027-04-01")),
        **given(**held(holding("bob", "other", until_on=on("2026-05-04")), holding("ada", "other"))),
    ),
    "roles of two plans": Case(
        VACANT, **given(**held() | {"continuity_plans": [plan("paying"), plan("paying", source="other"), plan("selling", roles=["other"])]})
    ),
    "a plan of another register": Case(upheld(2), **given(**plans(plan("selling"), plan("selling", source="other", roles=["other"])))),
    "of high criticality": Case(broken(1, [("test/x", "there is no plan")]), **given(processes=[process("x", criticality="high")])),
    "not critical": Case(upheld(1), **given(processes=[process("selling"), process("x", criticality="medium")])),
    "of unknown criticality": Case(
        unproven("X (there is no plan)", 2), **given(processes=[process("selling"), process("x", criticality=None)])
    ),
    "of unknown criticality, with a plan": Case(upheld(1), **given(processes=[process("selling", criticality=None)])),
    "no process": Case(unproven("0 of 0"), **given(processes=[])),
    "stale": Case(unproven("stale"), stale=["continuity_plans"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
