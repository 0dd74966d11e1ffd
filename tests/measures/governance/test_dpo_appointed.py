from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.kept import holding, responsibility
from tests.measures.made import Made, at, on, person
from tests.mutants import survivors

MEASURE = "governance/dpo_appointed"
ROLES = (responsibility("dpo", title="Officer", conflicts=["head-of-it"]), responsibility("head-of-it"), responsibility("owner"))


def activity(when: str = "2026-04-01", by: str = "eve", **more: Any) -> Made:
    return {"id": f"{when}-{by}", "responsibility_id": "dpo", "person_id": f"E-{by}", "done_at": at(when), **more}


def given(
    *others: Made, activities: tuple[Made, ...] = (activity(),), roles: tuple[Made, ...] = ROLES, eve: Made | None = None, **more: Any
) -> dict[str, Any]:
    """Eve is data protection officer, and was active a month ago."""
    return {
        "people": [person("ada"), eve or person("eve")],
        "responsibilities": list(roles),
        "responsibility_holders": [holding("eve", "dpo", "7", **more), holding("ada", "head-of-it"), *others],
        "responsibility_activities": list(activities),
    }


def fault(said: str, number: str = "/7") -> Any:
    return broken(1, [(f"test/dpo{number}", said)], "Officer")


NOBODY = fault("nobody holds the role", "")
CLASH = fault("held by Eve, who is also head-of-it")
GONE = fault("held by who does not work here")
IDLE = fault("held by Eve, who noted nothing yet")

CASES = {
    "upheld": Case(upheld(1, flips_at=at("2026-07-01")), **given()),
    "head of IT": Case(CLASH, **given(holding("eve", "head-of-it"))),
    "told what IT does": Case(upheld(1), **given(holding("eve", "head-of-it", part="informed"))),
    "once head of IT": Case(upheld(1), **given(holding("eve", "head-of-it", until_on=on("2026-05-03")))),
    "owner of something": Case(upheld(1), **given(holding("eve", "owner"))),
    "head of IT in another register": Case(upheld(1), **given(holding("eve", "head-of-it", source="other"))),
    "the other role names the conflict": Case(
        CLASH,
        **given(
            holding("eve", "head-of-it"),
            roles=(responsibility("dpo", title="Officer"), responsibility("head-of-it", conflicts=["dpo"]), responsibility("owner")),
        ),
    ),
    "a conflict of others": Case(
        upheld(1),
        **given(
            holding("eve", "owner"),
            roles=(responsibility("dpo", title="Officer"), responsibility("head-of-it", conflicts=["owner"]), responsibility("owner")),
        ),
    ),
    "without a letter": Case(fault("held by Eve without a letter of appointment"), **given(appointment=None)),
    "left": Case(GONE, **given(eve=person("eve", ended_on=on("2026-05-03")))),
    "first day unknown": Case(GONE, **given(eve=person("eve", started_on=None))),
    "from today": Case(upheld(1), **given(from_on=on("2026-05-04"))),
    "to come": Case(NOBODY, **given(from_on=on("2026-05-05"))),
    "until today": Case(upheld(1), **given(until_on=on("2026-05-04"))),
    "ended": Case(NOBODY, **given(until_on=on("2026-05-03"))),
    "only told": Case(NOBODY, **given(part="informed")),
    "of another role": Case(NOBODY, **given(responsibility_id="owner")),
    "in another register": Case(NOBODY, **given(source="other")),
    "idle": Case(IDLE, **given(activities=())),
    "somebody else was active": Case(IDLE, **given(activities=(activity(by="ada"),))),
    "active for something else": Case(IDLE, **given(activities=(activity(responsibility_id="owner"),))),
    "active long ago": Case(fault("held by Eve, last active on 2026-02-03"), **given(activities=(activity("2026-02-03"),))),
    "active three months ago": Case(at_risk(1), **given(activities=(activity("2026-02-04 12:00"),))),
    "soon to be active": Case(at_risk(1, flips_at=at("2026-05-10")), **given(activities=(activity("2026-02-10"),))),
    "two of them": Case(broken(2, [("test/dpo/E-ada", "held by Ada, who is also head-of-it")]), **given(holding("ada", "dpo", "E-ada"))),
    "no such role": Case(unproven("0 of 0"), **given(roles=(responsibility("owner"),))),
    "stale": Case(unproven("stale"), stale=["responsibility_activities"], **given()),
    "unknown: cut short": Case(unproven("never"), partial=["responsibility_holders"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
