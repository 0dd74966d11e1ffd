from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.authorization.asked import asked
from tests.measures.made import SYSTEMS, Made, account, at, grant, on, person, service
from tests.mutants import survivors

MEASURE = "authorization/privileged_time_bound"
UNTIL = on("2026-09-30")


def given(*requests: Made, right: Made | None = None, more: list[Made] | None = None, **other: Any) -> dict[str, Any]:
    """Ada is an administrator."""
    return {
        "accounts": [account("ada"), account("bob")],
        "people": [person("ada"), person("bob"), person("eve"), person("oda")],
        "systems": SYSTEMS,
        "groups": [],
        "grants": [right or grant("ada", "admin", privileged=True), grant("bob", "read"), *(more or [])],
        "access_requests": list(requests),
        **other,
    }


def failing(detail: str) -> Any:
    return broken(1, [("test/crm/ada/admin", detail)], "ada on CRM: admin")


UNASKED = failing("no request of Ada was approved")
UNBOUND = failing("the request of Ada has no end, or not two who agreed")
CASES = {
    "upheld": Case(upheld(1, flips_at=at("2026-10-01")), **given(asked("ada", "admin", until_on=UNTIL))),
    "soon over": Case(at_risk(1, flips_at=at("2026-05-05")), **given(asked("ada", "admin", until_on=on("2026-05-04")))),
    "over": Case(failing("was granted to Ada until 2026-05-03"), **given(asked("ada", "admin", until_on=on("2026-05-03")))),
    "not asked": Case(UNASKED, **given()),
    "asked by somebody else": Case(UNASKED, **given(asked("bob", "admin", until_on=UNTIL))),
    "for something else": Case(UNASKED, **given(asked("ada", "read", until_on=UNTIL))),
    "on another system": Case(UNASKED, **given(asked("ada", "admin", until_on=UNTIL, system_id="wiki"))),
    "rejected": Case(UNASKED, **given(asked("ada", "admin", until_on=UNTIL, state="rejected"))),
    "without end": Case(UNBOUND, **given(asked("ada", "admin"))),
    "agreed to by one": Case(UNBOUND, **given(asked("ada", "admin", until_on=UNTIL, agreed_by_id="E-eve"))),
    "agreed to by who has it": Case(UNBOUND, **given(asked("ada", "admin", until_on=UNTIL, agreed_by_id="E-ada"))),
    "approved by who has it": Case(UNBOUND, **given(asked("ada", "admin", until_on=UNTIL, approved_by_id="E-ada"))),
    "agreed to by nobody": Case(UNBOUND, **given(asked("ada", "admin", until_on=UNTIL, agreed_by_id=None))),
    "nobody's": Case(unproven("whose account it is, is unknown", 1), **given(accounts=[account("ada", person_ref=None), account("bob")])),
    "perhaps switched off": Case(unproven("", 1), **given(accounts=[account("ada", enabled=None), account("bob")])),
    "perhaps privileged": Case(unproven("", 1), **given(right=grant("ada", "admin", privileged=None))),
    "switched off": Case(upheld(0), **given(accounts=[account("ada", enabled=False), account("bob")])),
    "the system's own": Case(upheld(0), **given(accounts=[service("ada", kind="system"), account("bob")])),
    "of unknown kind": Case(UNASKED, **given(accounts=[account("ada", kind=None), account("bob")])),
    "nobody": Case(upheld(0), **given(right=grant("ada", "read"))),
    "stale": Case(unproven("stale"), stale=["access_requests"], **given(asked("ada", "admin", until_on=UNTIL))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
