from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on, person
from tests.measures.trained import completed, course
from tests.mutants import survivors

MEASURE = "people/training_current"
ROLE = course("ledgers", subjects=[], roles=["clerk"])


def clerk(name: str, **more: Any) -> Made:
    return person(name, **{"role": "clerk", "department": "sales", **more})


def given(*done: Made, other: Made | None = None, courses: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """Ada completed the course for everybody and that for clerks; so did the other, but for the first."""
    return {
        "people": [clerk("ada"), other or clerk("bob")],
        "courses": [course("privacy"), ROLE, *courses],
        "course_completions": [completed("ada", "privacy"), completed("ada", "ledgers"), completed("bob", "ledgers"), *done],
        **more,
    }


DONE = completed("bob", "privacy")
AGED = broken(8, [("E-bob/privacy", "completed on 2025-05-03, was due again by 2026-05-03")], "Bob, Privacy")
BOTH = (DONE, completed("bob", "sales"), completed("ada", "sales"))
SALES = course("sales", subjects=[], departments=["sales"])
NO_ROLE = (("E-bob/covers/the role", "no mandatory course covers the role"),)

CASES = {
    "upheld": Case(upheld(8), **given(DONE)),
    "one has aged": Case(AGED, **given(completed("bob", "privacy", "2025-05-03"), completed("bob", "privacy", "2024-05-03"))),
    "aged this instant": Case(at_risk(8, flips_at=at("2026-05-05")), **given(completed("bob", "privacy", "2025-05-05"))),
    "never": Case(broken(8, [("E-bob/privacy", "not completed, due by 2020-01-31")]), **given()),
    "another course": Case(broken(8), **given(completed("bob", "other"))),
    "began lately": Case(at_risk(8, flips_at=at("2026-05-20")), **given(other=clerk("bob", started_on=on("2026-04-20")))),
    "declared lately": Case(
        at_risk(10, flips_at=at("2026-05-25")), **given(DONE, courses=(course("new", subjects=[], declared_at=at("2026-04-25")),))
    ),
    "due this instant": Case(
        at_risk(10, flips_at=at("2026-05-04 12:00")), **given(DONE, courses=(course("new", declared_at=at("2026-04-04 12:00")),))
    ),
    "optional": Case(upheld(8), **given(DONE, courses=(course("yoga", mandatory=False),))),
    "retired": Case(upheld(8), **given(DONE, courses=(course("old", retired_at=at("2026-01-01")),))),
    "unknown whether mandatory": Case(unproven("whether it is mandatory", 10), **given(DONE, courses=(course("new", mandatory=None),))),
    "unknown whether mandatory, but taken": Case(
        unproven("whether it is mandatory", 10), **given(*BOTH, courses=(course("sales", subjects=[], mandatory=None),))
    ),
    "of the department": Case(broken(10), **given(DONE, courses=(SALES,))),
    "of the department, taken": Case(upheld(10), **given(*BOTH, courses=(SALES,))),
    "of another department": Case(
        upheld(9), **given(DONE, completed("ada", "sales"), courses=(SALES,), other=clerk("bob", department="it"))
    ),
    "of an unknown department": Case(
        unproven("Bob, Sales (whether it is mandatory", 10),
        **given(DONE, completed("ada", "sales"), courses=(SALES,), other=clerk("bob", department=None)),
    ),
    "of another role": Case(broken(7, NO_ROLE), **given(DONE, other=clerk("bob", role="boss"))),
    "of an unknown role": Case(
        unproven("Bob", 8),
        **given(DONE, other=clerk("bob", role=None), course_completions=[completed("ada", "privacy"), completed("ada", "ledgers"), DONE]),
    ),
    "of an unknown role, whose course is taken": Case(unproven("1 of 8", 8), **given(DONE, other=clerk("bob", role=None))),
    "the role's course is optional": Case(
        broken(6, [("E-ada/covers/the role", "no mandatory course covers the role"), *NO_ROLE]),
        **{**given(DONE), "courses": [course("privacy"), course("ledgers", subjects=[], roles=["clerk"], mandatory=False)]},
    ),
    "data protection is not covered": Case(
        broken(8, [(f"E-{who}/covers/data-protection", "no mandatory course covers data-protection") for who in ("ada", "bob")]),
        **{**given(DONE), "courses": [course("privacy", subjects=["incident-reporting"]), ROLE]},
    ),
    "data protection is covered for some": Case(
        broken(7, [("E-bob/covers/data-protection", "no mandatory course covers data-protection")]),
        **{**given(other=clerk("bob", department="it")), "courses": [course("privacy", departments=["sales"]), ROLE]},
    ),
    "data protection is not covered, the role is unknown": Case(
        broken(6, [(f"E-{who}/covers/data-protection", "no mandatory course covers data-protection") for who in ("ada", "bob")]),
        **{**given(other=clerk("bob", role=None)), "courses": [course("it", subjects=[], departments=["it"]), ROLE]},
    ),
    "the department is unknown, and does not matter": Case(
        broken(7, NO_ROLE), **given(DONE, other=clerk("bob", role="boss", department=None))
    ),
    "first day unknown": Case(unproven("Bob, Privacy (the first day is unknown", 8), **given(other=clerk("bob", started_on=None))),
    "left": Case(upheld(4), **given(other=clerk("bob", ended_on=on("2026-05-03")))),
    "no courses": Case(broken(4), **{**given(), "courses": [], "course_completions": []}),
    "nobody": Case(unproven("0 of 0"), **{**given(), "people": []}),
    "stale": Case(unproven("stale"), stale=["course_completions"], **given(DONE)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
