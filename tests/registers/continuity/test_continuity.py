"""Processes, what losing them does, plans, and exercises of these."""

from datetime import date, timedelta

import pytest
from tests.actors import person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, Refused, SamePerson
from upheld.checks.span import Span
from upheld.registers.continuity.exercises import (
    add_follow_up,
    call_off_exercise,
    check_follow_up,
    finish_follow_up,
    hold_exercise,
    plan_exercise,
)
from upheld.registers.continuity.models import ContinuityPlan, Exercise, ExerciseFollowUp, ExerciseKind, ImpactAnalysis, Process, Weight
from upheld.registers.continuity.plans import adopt_plan, drop_plan
from upheld.registers.continuity.processes import analyse_impact, approve_analysis, end_process, enter_process
from upheld.registers.continuity.rows import continuity_exercises, continuity_plans, exercise_follow_ups, process_dependencies, processes
from upheld.registers.governance.policies import declare_policy
from upheld.registers.governance.policy_models import Audience, PolicyKind
from upheld.registers.governance.responsibilities import declare_responsibility

DAY = date(2026, 6, 1)


def entered(lead: Person, name: str = "selling") -> Process:
    return enter_process(by=lead, name=name, title=name, what="orders", criticality=Weight.CRITICAL, owner="E-lea")


def analysed(process: Process, lead: Person, hours: int = 8, **more: object) -> ImpactAnalysis:
    return analyse_impact(process, by=lead, impact="none sold", recovery_time=Span(hours, "hour"), security_kept="all", **more)


def planned(lead: Person) -> Exercise:
    for name, kind in (("crisis", PolicyKind.PLAN), ("access", PolicyKind.POLICY)):
        declare_policy(by=lead, name=name, kind=kind, title=name, owner="E-lea", audience=Audience.NOBODY)
    declare_responsibility(by=lead, name="crisis-lead", title="Leads", purpose="leads")
    plan = adopt_plan(entered(lead), by=lead, document="crisis", roles=["crisis-lead"], owner="E-lea")
    said = {"kind": ExerciseKind.FULL, "scenario": "fire", "planned_on": DAY, "lead": "E-lea"}
    return plan_exercise(plan, by=lead, participants=["E-ada"], **said)


def held(exercise: Exercise, lead: Person, **more: object) -> Exercise:
    return hold_exercise(exercise, by=lead, participants=["E-ada", "E-bob"], result="back", lessons="call sooner", **more)


def test_the_last_approved_analysis_tells(lead: Person) -> None:
    selling, dora = entered(lead), person("dora", Role.DPO)
    entered(lead, "paying")
    first = analysed(selling, lead, processes=["paying"])
    assert [row["recovery_time"] for row in processes()] == [None, None]
    with pytest.raises(SamePerson, match="did not write it"):
        approve_analysis(first, by=lead)
    approve_analysis(first, by=dora)
    analysed(selling, lead, hours=2)
    row = next(row for row in processes() if row["id"] == "selling")
    assert (row["recovery_time"], row["analysed_by_id"], row["approved_by_id"]) == (timedelta(hours=8), "E-lea", "E-dora")
    assert [(row["kind"], row["on_id"]) for row in process_dependencies()] == [("process", "paying")]
    end_process(selling, by=lead)
    assert list(process_dependencies()) == []


def test_what_a_process_depends_on_is_known_and_not_itself(lead: Person) -> None:
    selling = entered(lead)
    for more, why in (
        ({"processes": ["selling"]}, "does not depend on itself"),
        ({"systems": ["crm"]}, "There is no system called crm"),
        ({"suppliers": ["host"]}, "There is no supplier called host"),
        ({"responsibilities": ["lead"]}, "There is no responsibility called lead"),
    ):
        with pytest.raises(Ill, match=why):
            analysed(selling, lead, **more)


def test_a_plan_is_a_written_plan_carried_out_by_known_roles(lead: Person) -> None:
    plan = planned(lead).plan
    with pytest.raises(Ill, match="There is no policy called fire"):
        adopt_plan(plan.process, by=lead, document="fire", roles=[], owner="E-lea")
    with pytest.raises(Ill, match="a document of another kind"):
        adopt_plan(plan.process, by=lead, document="access", roles=[], owner="E-lea")
    with pytest.raises(Ill, match="There is no responsibility called nobody"):
        adopt_plan(plan.process, by=lead, document="crisis", roles=["nobody"], owner="E-lea")
    assert [(row["process_id"], row["document_id"], row["roles"]) for row in continuity_plans()] == [("selling", "crisis", ["crisis-lead"])]
    drop_plan(ContinuityPlan.objects.get(), by=lead)
    assert list(continuity_plans()) == []


def test_an_exercise_counts_once_it_was_held_with_the_times_that_were_measured(lead: Person) -> None:
    exercise = planned(lead)
    assert list(continuity_exercises()) == []
    with pytest.raises(Refused, match="not held yet"):
        add_follow_up(exercise, by=lead, what="Call.", owner="E-ada", due_on=DAY)
    with pytest.raises(Ill, match="lies in the future"):
        held(exercise, lead, at=clock.now() + timedelta(days=1))
    exercise = held(exercise, lead, recovered_in=Span(6, "hour"))
    assert [(row["recovered_in"], row["lost"]) for row in continuity_exercises()] == [(timedelta(hours=6), None)]
    with pytest.raises(Refused, match="held already"):
        call_off_exercise(exercise, by=lead)


def test_what_was_called_off_is_not_held(lead: Person) -> None:
    exercise = call_off_exercise(planned(lead), by=lead)
    with pytest.raises(Refused, match="called off"):
        held(exercise, lead)


def test_a_follow_up_is_done_when_somebody_else_found_it_done(lead: Person) -> None:
    exercise = held(planned(lead), lead)
    with pytest.raises(Ill, match="lies before the first"):
        add_follow_up(exercise, by=lead, what="Call sooner.", owner="E-ada", due_on=date(2026, 5, 3))
    add_follow_up(exercise, by=lead, what="Call sooner.", owner="E-ada", due_on=DAY)
    ada = person("ada", Role.EMPLOYEE)
    with pytest.raises(Refused, match="not done yet"):
        check_follow_up(ExerciseFollowUp.objects.get(), by=lead, good=True)
    finish_follow_up(ExerciseFollowUp.objects.get(), by=ada, how="a list by the door")
    assert [row["done_at"] for row in exercise_follow_ups()] == [None]
    with pytest.raises(Ill, match="Say what is still to be done"):
        check_follow_up(ExerciseFollowUp.objects.get(), by=lead, good=False)
    check_follow_up(ExerciseFollowUp.objects.get(), by=lead, good=False, note="it hangs in the wrong hall")
    assert "wrong hall" in ExerciseFollowUp.objects.get().how
    finish_follow_up(ExerciseFollowUp.objects.get(), by=ada, how="hung in the other")
    check_follow_up(ExerciseFollowUp.objects.get(), by=lead, good=True)
    assert [row["done_at"] for row in exercise_follow_ups()] == [clock.now()]
