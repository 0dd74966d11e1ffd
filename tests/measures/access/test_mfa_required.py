import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import SYSTEMS, account, system
from tests.mutants import survivors

MEASURE = "access/mfa_required"
STRICT = [system(name, mfa_required=True) for name in ("crm", "wiki", "db")]
LAX = [system(name, mfa_required=False) for name in ("crm", "wiki", "db")]

CASES = {
    "upheld": Case(upheld(2), accounts=[account("ada"), account("bob", system_id="wiki")], systems=STRICT),
    "broken": Case(
        broken(2, [("test/bob", "has no second factor")], "bob on CRM"),
        accounts=[account("ada"), account("bob", has_mfa=False)],
        systems=STRICT,
    ),
    "programs sign in too": Case(
        broken(1, [("test/sync", "has no second factor")]), accounts=[account("sync", kind="service", has_mfa=False)], systems=STRICT
    ),
    "nothing to judge": Case(unproven("0 of 0"), accounts=[], systems=STRICT),
    "stale": Case(unproven("stale"), stale=["accounts"], accounts=[account("ada")], systems=STRICT),
    "not told": Case(unproven("whether it has a second factor is unknown", 1), accounts=[account("ada", has_mfa=None)], systems=STRICT),
    "switched off": Case(upheld(1), accounts=[account("ada"), account("bob", enabled=False, has_mfa=False)], systems=STRICT),
    "cannot sign in": Case(upheld(1), accounts=[account("ada"), account("www", can_sign_in=False, has_mfa=False)], systems=STRICT),
    "perhaps switched off": Case(
        unproven("has no second factor", 2),
        accounts=[account("ada", enabled=None), account("bob", enabled=None, has_mfa=False)],
        systems=STRICT,
    ),
    "perhaps no sign-in": Case(
        unproven("has no second factor", 1), accounts=[account("bob", can_sign_in=None, has_mfa=False)], systems=STRICT
    ),
    "none required": Case(
        upheld(1),
        accounts=[account("ada"), account("bob", system_id="wiki", has_mfa=False)],
        systems=[system("crm", mfa_required=True), system("wiki", mfa_required=False), system("db", mfa_required=False)],
    ),
    "none required anywhere": Case(unproven("0 of 0"), accounts=[account("bob", has_mfa=False)], systems=LAX),
    "perhaps required": Case(
        unproven("whether one is required is unknown", 2), accounts=[account("ada"), account("bob", has_mfa=False)], systems=SYSTEMS
    ),
    "a system nobody registered": Case(
        unproven("bob on shop (has no second factor; whether one is required is unknown)", 1),
        accounts=[account("bob", system_id="shop", has_mfa=False)],
        systems=STRICT,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
