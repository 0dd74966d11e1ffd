from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.kept import holding, responsibility
from tests.measures.made import Made, at, on, person
from tests.mutants import survivors

MEASURE = "governance/programme_roles_held"


def given(*holders: Made, people: tuple[Made, ...] = (person("bob"),), **more: Any) -> dict[str, Any]:
    """Risk, beside security, which Ada is accountable for."""
    return {
        "people": [person("ada"), *people],
        "responsibilities": [responsibility("security"), responsibility("risk", **more)],
        "responsibility_holders": [holding("ada", "security"), *holders],
    }


def fault(said: str) -> Any:
    return broken(2, [("test/risk", said)], "RISK")


NOBODY = fault("nobody is accountable")

CASES = {
    "upheld": Case(upheld(2), **given(holding("bob", "risk"))),
    "nobody": Case(NOBODY, **given()),
    "two": Case(fault("Ada, Bob"), **given(holding("bob", "risk"), holding("ada", "risk"))),
    "one of them twice": Case(upheld(2), **given(holding("bob", "risk"), holding("bob", "risk", "again"))),
    "one of them twice, and once for good": Case(
        upheld(2), **given(holding("bob", "risk"), holding("bob", "risk", "again", until_on=on("2026-05-06")))
    ),
    "one of them twice, each for a while": Case(
        at_risk(2, flips_at=at("2026-05-09")),
        **given(holding("bob", "risk", until_on=on("2026-05-08")), holding("bob", "risk", "again", until_on=on("2026-05-06"))),
    ),
    "one accountable, one doing": Case(upheld(2), **given(holding("bob", "risk"), holding("ada", "risk", part="responsible"))),
    "one here, one gone": Case(
        upheld(2), **given(holding("bob", "risk"), holding("cy", "risk"), people=(person("bob"), person("cy", ended_on=on("2026-05-03"))))
    ),
    "gone": Case(NOBODY, **given(holding("bob", "risk"), people=(person("bob", ended_on=on("2026-05-03")),))),
    "a stranger": Case(NOBODY, **given(holding("cy", "risk"))),
    "from today": Case(upheld(2), **given(holding("bob", "risk", from_on=on("2026-05-04")))),
    "from tomorrow": Case(NOBODY, **given(holding("bob", "risk", from_on=on("2026-05-05")))),
    "until yesterday": Case(NOBODY, **given(holding("bob", "risk", until_on=on("2026-05-03")))),
    "until today": Case(at_risk(2, flips_at=at("2026-05-05")), **given(holding("bob", "risk", until_on=on("2026-05-04")))),
    "in another register": Case(NOBODY, **given(holding("bob", "risk", source="other"))),
    "no name": Case(upheld(2), **given(holding("bob", "risk"), people=(person("bob") | {"name": None},))),
    "not of the programme": Case(upheld(1), **given(programme=False)),
    "perhaps of the programme": Case(NOBODY, **given(programme=None)),
    "no role": Case(unproven("0 of 0"), people=[person("ada")], responsibilities=[], responsibility_holders=[]),
    "stale": Case(unproven("stale"), stale=["responsibilities"], **given(holding("bob", "risk"))),
    "unknown: cut short": Case(unproven("never"), partial=["responsibility_holders"], **given(holding("bob", "risk"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
