from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.kept import holding, responsibility
from tests.measures.made import Made, at, on, person
from tests.mutants import survivors

MEASURE = "governance/responsibility_held"
LEFT = person("bob", ended_on=on("2026-05-03"))


def given(
    *holders: Made, people: tuple[Made, ...] = (person("bob"),), roles: tuple[Made, ...] = (), owners: tuple[Made, ...] = ()
) -> dict[str, Any]:
    """Backups, beside security, which Ada answers for."""
    return {
        "people": [person("ada"), *people],
        "responsibilities": [responsibility("security"), responsibility("backups"), *roles],
        "owner_roles": [{"id": "security", "promises": ["iso:1"]}, *owners],
        "responsibility_holders": [holding("ada", "security"), *holders],
    }


NOBODY = broken(2, [("backups", "held by nobody")], "BACKUPS")
GONE = broken(2, [("backups", "held only by who does not work here")])

CASES = {
    "upheld": Case(upheld(2), **given(holding("bob", "backups"))),
    "somebody does it": Case(upheld(2), **given(holding("bob", "backups", part="responsible"))),
    "somebody is asked": Case(NOBODY, **given(holding("bob", "backups", part="consulted"))),
    "held by nobody": Case(NOBODY, **given()),
    "the only holder left": Case(GONE, **given(holding("bob", "backups"), people=(LEFT,))),
    "one of two left": Case(upheld(2), **given(holding("bob", "backups"), holding("ada", "backups"), people=(LEFT,))),
    "held by a stranger": Case(GONE, **given(holding("eve", "backups"))),
    "first day unknown": Case(GONE, **given(holding("bob", "backups"), people=(person("bob", started_on=None),))),
    "from tomorrow": Case(NOBODY, **given(holding("bob", "backups", from_on=on("2026-05-05")))),
    "from today": Case(upheld(2), **given(holding("bob", "backups", from_on=on("2026-05-04")))),
    "until yesterday": Case(NOBODY, **given(holding("bob", "backups", until_on=on("2026-05-03")))),
    "until today": Case(at_risk(2, flips_at=at("2026-05-05")), **given(holding("bob", "backups", until_on=on("2026-05-04")))),
    "will leave soon": Case(
        at_risk(2, flips_at=at("2026-05-11")), **given(holding("bob", "backups"), people=(person("bob", ended_on=on("2026-05-10")),))
    ),
    "will leave, and another stays": Case(
        upheld(2),
        **given(holding("bob", "backups"), holding("ada", "backups"), people=(person("bob", ended_on=on("2026-05-10")),)),
    ),
    "will leave, and another goes later": Case(
        at_risk(2, flips_at=at("2026-05-12")),
        **given(
            holding("bob", "backups"),
            holding("ada", "backups", until_on=on("2026-05-11")),
            people=(person("bob", ended_on=on("2026-05-10")),),
        ),
    ),
    "will leave, and who left stays for ever": Case(
        at_risk(2, flips_at=at("2026-05-12")),
        **given(holding("eve", "backups"), holding("ada", "backups", until_on=on("2026-05-11")), people=()),
    ),
    "two of one name": Case(upheld(2), **given(holding("bob", "backups"), people=(person("bob") | {"name": None},))),
    "an owner of promises": Case(
        broken(3, [("backup-team", "held by nobody")]),
        **given(holding("bob", "backups"), owners=({"id": "backup-team", "promises": ["iso:2"]},)),
    ),
    "nothing to hold": Case(unproven("0 of 0"), people=[person("ada")], responsibilities=[], owner_roles=[], responsibility_holders=[]),
    "stale": Case(unproven("stale"), stale=["responsibility_holders"], **given(holding("bob", "backups"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
