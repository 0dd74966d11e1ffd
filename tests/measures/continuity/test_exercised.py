from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.continuing import HOUR, plan, process
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "continuity/exercised"


def exercise(of: str = "selling", **more: Any) -> Made:
    """An exercise in February that met its targets."""
    return {
        "id": f"e-{of}",
        "plan_id": f"p-{of}",
        "kind": "full",
        "held_at": at("2026-02-01"),
        "recovered_in": 6 * HOUR,
        "lost": HOUR,
        **more,
    }


def follow_up(name: str = "f", **more: Any) -> Made:
    return {"id": name, "exercise_id": "e-selling", "owner_id": "E-ada", "due_on": on("2026-09-01"), **more}


def given(*exercises: Made, follow_ups: list[Made] | None = None, **more: Any) -> dict[str, list[Made]]:
    """The plan of selling, beside that of paying, which was exercised."""
    return {
        "processes": [process("paying"), process("selling", **more)],
        "continuity_plans": [plan("paying"), plan("selling")],
        "continuity_exercises": [exercise("paying"), *exercises],
        "exercise_follow_ups": follow_ups or [],
    }


def fault(said: str) -> Any:
    return broken(2, [("test/p-selling", said)], "Selling: selling-plan")


ON = "exercised on 2026-02-01, "
NEVER, MISSED = fault("never exercised"), fault(ON + "its targets were missed, and nothing follows from it")
UNMEASURED = unproven("Selling: selling-plan (exercised on 2026-02-01, its times were not measured)", 2)
LATE = follow_up(due_on=on("2026-05-03"))
SLOW = exercise(recovered_in=9 * HOUR)

CASES = {
    "upheld": Case(upheld(2, flips_at=at("2027-02-01")), **given(exercise())),
    "never": Case(NEVER, **given()),
    "of another plan": Case(NEVER, **given(exercise("wiki"))),
    "in another register": Case(NEVER, **given(exercise(source="other"))),
    "too long ago": Case(fault("exercised on 2025-05-03, its targets were met"), **given(exercise(held_at=at("2025-05-03")))),
    "nearly too long ago": Case(at_risk(2, flips_at=at("2026-05-05")), **given(exercise(held_at=at("2025-05-05")))),
    "too slow": Case(MISSED, **given(SLOW)),
    "just fast enough": Case(upheld(2), **given(exercise(recovered_in=8 * HOUR, lost=24 * HOUR))),
    "too much lost": Case(MISSED, **given(exercise(lost=25 * HOUR))),
    "it does not matter how much is lost": Case(upheld(2), **given(exercise(lost=25 * HOUR), recovery_point=None)),
    "the last one tells": Case(MISSED, **given(exercise(id="old", held_at=at("2025-12-01")), SLOW)),
    "of two at once the later entered tells": Case(MISSED, **given(exercise(id="d"), SLOW)),
    "of two at once the later entered tells, the other way": Case(upheld(2), **given(exercise(), SLOW | {"id": "d"})),
    "not measured": Case(
        unproven("Selling: selling-plan (exercised on 2026-02-01, its times were not measured)", 2), **given(exercise(recovered_in=None))
    ),
    "what was lost is not measured": Case(UNMEASURED, **given(exercise(lost=None))),
    "not measured, and followed up": Case(upheld(2), **given(exercise(recovered_in=None), follow_ups=[follow_up()])),
    "not measured, and overdue": Case(fault(ON + "what was found is overdue"), **given(exercise(recovered_in=None), follow_ups=[LATE])),
    "missed, and followed up": Case(upheld(2, flips_at=at("2026-09-02")), **given(SLOW, follow_ups=[follow_up()])),
    "missed, and nearly overdue": Case(
        at_risk(2, flips_at=at("2026-05-05")), **given(SLOW, follow_ups=[follow_up(due_on=on("2026-05-04"))])
    ),
    "missed, and overdue": Case(fault(ON + "what was found is overdue"), **given(SLOW, follow_ups=[LATE])),
    "missed, and one of two overdue": Case(
        fault(ON + "what was found is overdue"), **given(SLOW, follow_ups=[follow_up(), follow_up("g", due_on=on("2026-05-03"))])
    ),
    "missed, and done": Case(
        upheld(2, flips_at=at("2027-02-01")), **given(SLOW, follow_ups=[follow_up(due_on=on("2026-05-03"), done_at=at("2026-04-01"))])
    ),
    "missed, and followed up elsewhere": Case(
        MISSED, **given(SLOW, follow_ups=[follow_up(exercise_id="e-wiki"), follow_up("g", source="other")])
    ),
    "met, and overdue": Case(upheld(2, flips_at=at("2027-02-01")), **given(exercise(), follow_ups=[LATE])),
    "the targets are not known": Case(unproven("its times were not measured", 2), **given(exercise(), recovery_time=None)),
    "a process of another register": Case(
        unproven("selling: selling-plan (exercised on 2026-02-01, its times were not measured)", 1),
        processes=[process("selling", source="other", title="Other")],
        continuity_plans=[plan("selling")],
        continuity_exercises=[exercise()],
        exercise_follow_ups=[],
    ),
    "in another register it was missed": Case(
        broken(2, [("other/p-selling", ON + "its targets were missed, and nothing follows from it")]),
        processes=[process("selling"), process("selling", source="other", recovery_time=HOUR)],
        continuity_plans=[plan("selling"), plan("selling", source="other")],
        continuity_exercises=[exercise(), exercise(source="other")],
        exercise_follow_ups=[],
    ),
    "no plan": Case(unproven("0 of 0"), processes=[], continuity_plans=[], continuity_exercises=[], exercise_follow_ups=[]),
    "stale": Case(unproven("stale"), stale=["continuity_exercises"], **given(exercise())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
