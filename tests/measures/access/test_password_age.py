import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, at, group, member
from tests.mutants import survivors

MEASURE = "access/password_age"
OLD = "its password is of 2025-05-04"
LATER = {"password_age_programs": "100 days"}


def given(*accounts: Made, **more: object) -> dict[str, object]:
    """Accounts beside one whose password is fresh."""
    return {"accounts": [account("ada"), *accounts], "grants": [], "groups": [], "systems": SYSTEMS, **more}


CASES = {
    "upheld": Case(upheld(2, flips_at=at("2026-12-16")), **given(account("bob", password_changed_at=at("2025-12-16")))),
    "broken": Case(broken(2, [("test/bob", OLD)], "bob on CRM"), **given(account("bob", password_changed_at=at("2025-05-04")))),
    "soon due": Case(at_risk(2, flips_at=at("2026-05-14")), **given(account("bob", password_changed_at=at("2025-05-14")))),
    "an administrator by kind": Case(
        broken(2, [("test/bob", "its password is of 2025-11-01")]),
        **given(account("bob", kind="admin", password_changed_at=at("2025-11-01"))),
    ),
    "an emergency account": Case(
        broken(2, [("test/bob", "its password is of 2025-11-01")]),
        **given(account("bob", kind="break_glass", password_changed_at=at("2025-11-01"))),
    ),
    "an administrator by nature": Case(
        broken(2, [("test/bob", "its password is of 2025-11-01")]),
        **given(account("bob", privileged=True, password_changed_at=at("2025-11-01"))),
    ),
    "an administrator through a group": Case(
        broken(2, [("test/bob", "its password is of 2025-11-01")]),
        **given(
            account("bob", password_changed_at=at("2025-11-01")),
            grants=[member("bob", "admins")],
            groups=[group("admins", privileged=True)],
        ),
    ),
    "another source's administrator": Case(
        upheld(3),
        **given(account("bob", password_changed_at=at("2025-11-01")), account("bob", source="other", privileged=True)),
    ),
    "nobody's groups are known": Case(upheld(1), accounts=[account("ada")]),
    "a program": Case(
        broken(2, [("test/sync", "its password is of 2025-12-01")]),
        parameters=LATER,
        **given(account("sync", kind="service", password_changed_at=at("2025-12-01"))),
    ),
    "not a program": Case(upheld(2), parameters=LATER, **given(account("bob", password_changed_at=at("2025-12-01")))),
    "of unknown class": Case(broken(2, [("test/bob", OLD)]), **given(account("bob", kind=None, password_changed_at=at("2025-05-04")))),
    "nothing to judge": Case(unproven("0 of 0"), accounts=[]),
    "stale": Case(unproven("stale"), stale=["accounts"], **given()),
    "age not told": Case(unproven("bob on CRM (the age of its password is unknown)", 2), **given(account("bob", password_changed_at=None))),
    "switched off": Case(upheld(1), **given(account("bob", enabled=False, password_changed_at=at("2020-01-01")))),
    "perhaps switched off": Case(unproven(OLD, 2), **given(account("bob", enabled=None, password_changed_at=at("2025-05-04")))),
    "without a password": Case(upheld(1), **given(account("bob", password_scheme="locked", password_changed_at=at("2020-01-01")))),
    "perhaps without": Case(
        broken(2, [("test/bob", OLD)]), **given(account("bob", password_scheme=None, password_changed_at=at("2025-05-04")))
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
