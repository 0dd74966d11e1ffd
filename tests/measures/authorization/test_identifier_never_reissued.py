from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, account, at, on, person, service
from tests.mutants import survivors

MEASURE = "authorization/identifier_never_reissued"


def past(made: Made, since: str, until: str, ended: str = "vanished", **more: Any) -> Made:
    """A row that was seen from one day to another."""
    return {**made, "seen_from_at": at(since), "seen_until_at": at(until), "ended": ended, **more}


def given(*accounts: Made, before: tuple[Made, ...] = (), people: tuple[Made, ...] = ()) -> dict[str, Any]:
    """Accounts of now beside Ada's own, and those of before."""
    return {
        "accounts": [account("ada"), *accounts],
        "people": [person("ada"), person("bob", ended_on=on("2025-01-01")), person("cy"), *people],
        "history": {"accounts": list(before)},
    }


def again(**more: Any) -> Made:
    """A new account under the name that was Bob's."""
    return account("new", identifier="bob", user_name="bob", **{"person_ref": "E-cy", **more})


BOBS = past(account("bob"), "2024-01-01", "2025-01-01")

CASES = {
    "upheld": Case(upheld(2), **given(account("cy"))),
    "given to somebody else": Case(broken(2, [("crm/name/bob", "stood for Bob and Cy")], "bob on crm"), **given(again(), before=(BOBS,))),
    "given back to the same": Case(upheld(2), **given(again(person_ref="E-bob"), before=(BOBS,))),
    "given back to somebody who came back under another number": Case(
        upheld(2),
        **given(again(person_ref="E-9"), before=(BOBS,), people=(person("bob", id="E-9", started_on=on("2026-01-01")),)),
    ),
    "handed on as it is": Case(
        broken(2, [("crm/name/bob", "stood for Bob and Cy")]),
        **given(account("bob", person_ref="E-cy"), before=(past(account("bob"), "2024-01-01", "2025-01-01", "changed"),)),
    ),
    "on another system": Case(upheld(3), **given(again(system_id="wiki"), before=(BOBS,))),
    "to somebody unknown": Case(
        unproven("was given out again, and to whom is not all known", 2), **given(again(person_ref=None), before=(BOBS,))
    ),
    "back after it was gone": Case(
        unproven("was given out again", 2),
        **given(account("bob", person_ref=None), before=(past(account("bob", person_ref=None), "2024-01-01", "2025-01-01"),)),
    ),
    "changed, never gone": Case(
        upheld(2),
        **given(account("bob", person_ref=None), before=(past(account("bob", person_ref=None), "2024-01-01", "2025-01-01", "changed"),)),
    ),
    "a number given to somebody else": Case(
        broken(4, [("crm/number/1000", "stood for Bob and Cy")]),
        **given(account("cy", uid_number=1000), before=({**BOBS, "uid_number": 1000},)),
    ),
    "a program's name given to somebody": Case(
        broken(2, [("crm/name/bob", "stood for Cy and account sync")]),
        **given(again(), before=(past(service("sync", identifier="bob"), "2024-01-01", "2025-01-01"),)),
    ),
    "a program's, under another owner": Case(
        upheld(2),
        **given(
            service("sync", owner_ref="E-cy"), before=(past(service("sync", owner_ref="E-bob"), "2024-01-01", "2025-01-01", "changed"),)
        ),
    ),
    "seen by two sources": Case(upheld(1), **given(account("ada", source="other", person_ref=None))),
    "nothing to judge": Case(unproven("0 of 0"), accounts=[], people=[]),
    "stale": Case(unproven("stale"), stale=["accounts"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
