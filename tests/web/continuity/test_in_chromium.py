"""A plan is exercised: analysed and approved by two, tried by three, and what was found is put right and looked at."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.web.working import Desk, desk
from tests.world import account, browser, person

from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.registers.continuity.rows import continuity_exercises, exercise_follow_ups, processes
from upheld.registers.governance.policies import declare_policy
from upheld.registers.governance.policy_models import Audience, PolicyKind
from upheld.registers.governance.responsibilities import declare_responsibility

pytestmark = pytest.mark.lab
NOW = datetime.now(UTC)


@pytest.fixture
def noon() -> datetime:
    """Now, whatever it is: browsers look at the clock on the wall."""
    return NOW


def write_plan(lea: Account) -> None:
    """Lea declares the written plan and the role that carries it out; how one is approved and published, policies show."""
    by = person(lea)
    declare_policy(by=by, name="crisis", kind=PolicyKind.PLAN, title="Crisis plan", owner="P-lea", audience=Audience.NOBODY)
    declare_responsibility(by=by, name="crisis-lead", title="Leads in a crisis", purpose="leads")


def prepare(at: Desk) -> int:
    """Lea analyses, Dora approves, Lea adopts the plan and plans to try it; return the number of the exercise."""
    at.sit("lea")
    selling = at.do("continuity.enter-process", name="selling", title="Selling", what="orders", criticality="critical", owner="P-lea")
    told = {"impact": "none sold", "recovery_time": "8 hours", "security_kept": "only sales may see orders"}
    analysis = at.do("continuity.analyse-impact", selling, **told)
    at.sit("dora")
    at.do("continuity.approve-analysis", analysis)
    at.sit("lea")
    plan = at.do("continuity.adopt-plan", selling, document="crisis", roles=["crisis-lead"], owner="P-lea")
    said = {"kind": "simulation", "scenario": "the hall burns", "planned_on": f"{NOW:%Y-%m-%d}", "lead": "P-lea"}
    return at.do("continuity.plan-exercise", plan, participants=["P-lea", "P-eve"], **said)


def test_a_plan_is_exercised_and_what_was_found_is_put_right(ledger, settings):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    people = {"lea": account("lea", Role.SECURITY_LEAD), "dora": account("dora", Role.DPO), "eve": account("eve", Role.EMPLOYEE)}
    write_plan(people["lea"])
    with desk({name: browser(each).cookies for name, each in people.items()}) as at:
        exercise = prepare(at)
        went = {"result": "back after eleven hours", "lessons": "nobody knew whom to call", "recovered_in": "11 hours"}
        at.do("continuity.hold-exercise", exercise, participants=["P-lea", "P-eve"], **went)
        day = f"{NOW + timedelta(days=30):%Y-%m-%d}"
        mend = at.do("continuity.add-follow-up", exercise, what="Put a list by the door.", owner="P-eve", due_on=day)
        at.sit("eve")
        at.do("continuity.finish-follow-up", mend, how="it hangs there")
        at.sit("dora")
        at.do("continuity.check-follow-up", mend, good="yes")
        shown = at.page.locator("main").inner_text()
        assert "Put a list by the door." in shown and "P-dora" in shown
    assert [(row["id"], row["approved_by_id"]) for row in processes()] == [("selling", "P-dora")]
    assert [row["recovered_in"] for row in continuity_exercises()] == [timedelta(hours=11)]
    assert [row["done_at"] is not None for row in exercise_follow_ups()] == [True]
