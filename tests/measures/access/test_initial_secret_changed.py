import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, at
from tests.mutants import survivors

MEASURE = "access/initial_secret_changed"


def given(*accounts: Made) -> dict[str, list[Made]]:
    """Accounts beside one that changed its password long ago."""
    return {"accounts": [account("ada"), *accounts], "systems": SYSTEMS}


def first(name: str, since: str, **more: object) -> Made:
    """An account made on that day that has the password it was given."""
    return account(name, **{"created_at": at(since), "password_changed_at": at(since), **more})


KEPT = "has its first password since 2026-04-01"

CASES = {
    "upheld": Case(upheld(1), **given()),
    "broken": Case(broken(2, [("test/bob", KEPT)], "bob on CRM"), **given(first("bob", "2026-04-01"))),
    "new": Case(upheld(2, flips_at=at("2026-05-10")), **given(first("bob", "2026-05-03"))),
    "soon due": Case(at_risk(2, flips_at=at("2026-05-05")), **given(first("bob", "2026-04-28"))),
    "set while it was made": Case(
        broken(2, [("test/bob", KEPT)]), **given(first("bob", "2026-04-01", password_changed_at=at("2026-04-01 00:10")))
    ),
    "changed right after": Case(upheld(2), **given(first("bob", "2026-04-01", password_changed_at=at("2026-04-01 00:11")))),
    "must change": Case(
        broken(2, [("test/bob", KEPT)]), **given(account("bob", password_must_change=True, password_changed_at=at("2026-04-01")))
    ),
    "must change, since when it was made": Case(
        broken(2, [("test/bob", KEPT)]),
        **given(account("bob", password_must_change=True, password_changed_at=None, created_at=at("2026-04-01"))),
    ),
    "set anew yesterday": Case(
        upheld(2, flips_at=at("2026-05-10")), **given(account("bob", password_must_change=True, password_changed_at=at("2026-05-03")))
    ),
    "must change, not told": Case(broken(2, [("test/bob", KEPT)]), **given(first("bob", "2026-04-01", password_must_change=None))),
    "chosen while it was made": Case(upheld(2), **given(first("bob", "2026-04-01", password_chosen=True))),
    "chosen, and must change": Case(
        broken(2, [("test/bob", KEPT)]), **given(first("bob", "2026-04-01", password_chosen=True, password_must_change=True))
    ),
    "given anew by somebody else": Case(
        broken(2, [("test/bob", "has its first password since 2026-04-03")]),
        **given(first("bob", "2026-04-01", password_chosen=False, password_changed_at=at("2026-04-03"))),
    ),
    "nothing to judge": Case(unproven("0 of 0"), accounts=[], systems=SYSTEMS),
    "stale": Case(unproven("stale"), stale=["accounts"], **given()),
    "last change not told": Case(
        unproven("bob on CRM (whether its first password was changed is unknown)", 2), **given(account("bob", password_changed_at=None))
    ),
    "beginning not told": Case(
        unproven("bob on CRM (whether its first password was changed is unknown)", 2), **given(account("bob", created_at=None))
    ),
    "must change, nothing told": Case(
        unproven("bob on CRM", 2), **given(account("bob", password_must_change=True, password_changed_at=None, created_at=None))
    ),
    "made in the future": Case(upheld(2), **given(first("bob", "2026-06-01"))),
    "switched off": Case(upheld(1), **given(first("bob", "2026-04-01", enabled=False))),
    "perhaps switched off": Case(unproven(KEPT, 2), **given(first("bob", "2026-04-01", enabled=None))),
    "without a password": Case(upheld(1), **given(first("bob", "2026-04-01", password_scheme="none"))),
    "perhaps without a password": Case(broken(2, [("test/bob", KEPT)]), **given(first("bob", "2026-04-01", password_scheme=None))),
    "a program": Case(upheld(1), **given(first("sync", "2026-04-01", kind="service"))),
    "perhaps a program": Case(broken(2, [("test/bob", KEPT)]), **given(first("bob", "2026-04-01", kind=None))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
