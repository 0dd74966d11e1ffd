from datetime import timedelta

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import device
from tests.mutants import survivors

MEASURE = "access/screen_locks"

CASES = {
    "upheld": Case(upheld(2), devices=[device("a1"), device("a2", locks_after=timedelta(minutes=10))]),
    "broken": Case(
        broken(2, [("test/a2", "locks after 60 minutes")], "A2"), devices=[device("a1"), device("a2", locks_after=timedelta(hours=1))]
    ),
    "late, and can be switched off": Case(
        broken(1, [("test/a2", "locks after 60 minutes")]), devices=[device("a2", locks_after=timedelta(hours=1), lock_enforced=False)]
    ),
    "never": Case(
        broken(1, [("test/a2", "never locks, or its user can switch the lock off")]),
        devices=[device("a2", locks_after=None, lock_enforced=False)],
    ),
    "can be switched off": Case(
        broken(1, [("test/a2", "never locks, or its user can switch the lock off")]), devices=[device("a2", lock_enforced=False)]
    ),
    "nothing to judge": Case(unproven("0 of 0"), devices=[]),
    "stale": Case(unproven("stale"), stale=["devices"], devices=[device("a1")]),
    "time not told": Case(unproven("A2 (whether it locks is unknown)", 2), devices=[device("a1"), device("a2", locks_after=None)]),
    "switch not told": Case(unproven("A2 (whether it locks is unknown)", 2), devices=[device("a1"), device("a2", lock_enforced=None)]),
    "in stock": Case(upheld(1), devices=[device("a1"), device("a2", in_use=False, lock_enforced=False)]),
    "perhaps in stock": Case(unproven("A2", 2), devices=[device("a1", in_use=None), device("a2", in_use=None, lock_enforced=False)]),
    "a server": Case(upheld(1), devices=[device("a1"), device("s1", kind="server", lock_enforced=False)]),
    "of unknown kind": Case(broken(1), devices=[device("a2", kind=None, lock_enforced=False)]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
