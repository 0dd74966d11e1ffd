import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import SYSTEMS, account
from tests.mutants import survivors

MEASURE = "access/password_storage_strong"

CASES = {
    "upheld": Case(upheld(2), accounts=[account("ada"), account("bob", password_scheme="scram-sha-256")], systems=SYSTEMS),
    "broken": Case(
        broken(2, [("test/bob", "its password is stored as md5")], "bob on CRM"),
        accounts=[account("ada"), account("bob", password_scheme="md5")],
        systems=SYSTEMS,
    ),
    "salted SHA-1 is SHA-1": Case(
        broken(1, [("test/bob", "its password is stored as ssha")]), accounts=[account("bob", password_scheme="ssha")], systems=SYSTEMS
    ),
    "switched off, and stored still": Case(
        broken(1, [("test/bob", "its password is stored as cleartext")]),
        accounts=[account("bob", enabled=False, password_scheme="cleartext")],
        systems=SYSTEMS,
    ),
    "nothing to judge": Case(unproven("0 of 0"), accounts=[], systems=SYSTEMS),
    "stale": Case(unproven("stale"), stale=["accounts"], accounts=[account("ada")], systems=SYSTEMS),
    "not readable": Case(
        unproven("how its password is stored is unknown", 1), accounts=[account("ada", password_scheme=None)], systems=SYSTEMS
    ),
    "without a password": Case(
        upheld(1),
        accounts=[account("ada"), account("bob", password_scheme="none"), account("www", password_scheme="locked")],
        systems=SYSTEMS,
    ),
    "no register of systems": Case(upheld(1), accounts=[account("ada")]),
    "a scheme nobody knows": Case(
        broken(1, [("test/bob", "its password is stored as rot13")]), accounts=[account("bob", password_scheme="rot13")], systems=SYSTEMS
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
