from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, group, member, nested
from tests.mutants import survivors

MEASURE = "authorization/privileged_separate"
GROUPS = [group("sales"), group("admins", privileged=True)]


def given(*accounts: Made, grants: tuple[Made, ...] = ()) -> dict[str, Any]:
    """Accounts beside Ada's, who administers nothing."""
    return {"accounts": [account("ada"), *accounts], "grants": list(grants), "groups": GROUPS, "systems": SYSTEMS}


CASES = {
    "many at once": Case(
        broken(
            4,
            [
                ("test/bob", "is used for daily work and administers"),
                ("test/cy", "is used for daily work and administers: admins"),
                ("test/dan", "is used for daily work and administers: admins through sales"),
            ],
            "bob on CRM",
        ),
        **given(
            account("bob", privileged=True),
            account("cy"),
            account("dan"),
            account("root", kind="admin", privileged=True),
            grants=(member("cy", "admins"), member("dan", "sales"), nested("sales", "admins")),
        ),
    ),
    "upheld": Case(upheld(2), **given(account("bob"), account("root", kind="admin", privileged=True))),
    "shared": Case(
        broken(2, [("test/desk", "is used for daily work and administers")]), **given(account("desk", kind="shared", privileged=True))
    ),
    "another source's": Case(upheld(2), **given(account("ada", source="other", kind="admin", privileged=True), account("bob"))),
    "a program": Case(upheld(1), **given(account("sync", kind="service", privileged=True))),
    "of unknown kind": Case(
        unproven("bob on CRM (is used for daily work and administers)", 2), **given(account("bob", kind=None, privileged=True))
    ),
    "of unknown kind, administers nothing": Case(upheld(2), **given(account("bob", kind=None))),
    "rights not told": Case(
        unproven("bob on CRM (whether it has administrative rights is unknown)", 2), **given(account("bob", privileged=None))
    ),
    "switched off": Case(upheld(1), **given(account("bob", enabled=False, privileged=True))),
    "perhaps switched off": Case(unproven("bob on CRM", 2), **given(account("bob", enabled=None, privileged=True))),
    "nothing to judge": Case(unproven("0 of 0"), accounts=[], grants=[], groups=[]),
    "stale": Case(unproven("stale"), stale=["accounts"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
