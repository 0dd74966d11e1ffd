from datetime import timedelta
from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, at
from tests.mutants import survivors

MEASURE = "authorization/unused_credentials_deactivated"
NEVER = "never used; since when it could be is unknown"
LONG = {"seen_from_at": at("2020-01-01")}


def given(*accounts: Made, **more: Any) -> dict[str, Any]:
    """Accounts beside one in daily use."""
    return {"accounts": [account("ada"), *accounts], "systems": SYSTEMS, **more}


def token(name: str, **more: Any) -> Made:
    """A token in daily use."""
    return {
        "id": name,
        "system_id": "crm",
        "account_id": "ada",
        "active": True,
        "created_at": at("2021-01-01"),
        "last_used_at": at("2026-05-01"),
        **more,
    }


def key(name: str, **more: Any) -> Made:
    """A key that signs Ada in, in daily use."""
    return {
        "id": name,
        "system_id": "crm",
        "fingerprint": f"SHA256:{name}",
        "purpose": "ssh-user",
        "created_at": at("2021-01-01"),
        "state": "active",
        "holder": "ada",
        "last_used_at": at("2026-05-01"),
        **more,
    }


CASES = {
    "many at once": Case(
        broken(
            8,
            [
                ("test/account/bob", "last used on 2026-01-04"),
                ("test/account/cy", "never used since 2026-01-04"),
                ("test/key/k2", "last used on 2026-01-01"),
                ("test/token/t2", "last used on 2026-01-01"),
                ("test/token/t3", "never used since 2021-01-01"),
            ],
            "bob on CRM",
        ),
        **given(
            account("bob", last_login_at=at("2026-01-04")),
            account("cy", last_login_at=None, created_at=at("2026-01-04")),
            api_tokens=[
                token("t1"),
                token("t2", last_used_at=at("2026-01-01")),
                token("t3", last_used_at=None),
                token("t4", active=False, last_used_at=None),
                token("t5", expires_at=at("2026-05-04 12:00"), last_used_at=None),
            ],
            keys=[
                key("k1"),
                key("k2", last_used_at=at("2026-01-01")),
                key("k3", purpose="tls", last_used_at=None),
                key("k4", state="destroyed", last_used_at=None),
            ],
        ),
    ),
    "upheld": Case(upheld(1, flips_at=at("2026-08-06")), **given()),
    "unused": Case(broken(2, [("test/account/bob", "last used on 2026-01-04")]), **given(account("bob", last_login_at=at("2026-01-04")))),
    "soon unused": Case(at_risk(2, flips_at=at("2026-05-05")), **given(account("bob", last_login_at=at("2026-01-28")))),
    "told late": Case(
        at_risk(2, flips_at=at("2026-05-12")), **given(account("bob", last_login_at=at("2026-01-21"), last_login_lag=timedelta(days=14)))
    ),
    "never used, and new": Case(
        at_risk(2, flips_at=at("2026-05-05")), **given(account("bob", last_login_at=None, created_at=at("2026-01-28")))
    ),
    "switched on again": Case(
        at_risk(2, flips_at=at("2026-05-10")),
        **given(account("bob", last_login_at=at("2025-01-01"))),
        history={
            "accounts": [account("bob", enabled=False, seen_from_at=at("2026-01-01"), seen_until_at=at("2026-02-02"), ended="changed")]
        },
    ),
    "changed, but never switched off": Case(
        broken(2, [("test/account/bob", "last used on 2025-01-01")]),
        **given(account("bob", last_login_at=at("2025-01-01"))),
        history={"accounts": [account("bob", seen_from_at=at("2026-01-01"), seen_until_at=at("2026-02-02"), ended="changed")]},
    ),
    "beginning not told": Case(unproven(f"bob on CRM ({NEVER})", 2), **given(account("bob", last_login_at=None, created_at=None))),
    "beginning not told, but there for long": Case(
        broken(2, [("test/account/bob", "never used since 2020-01-01")]),
        **given(account("bob", last_login_at=None, created_at=None, **LONG)),
    ),
    "last use not readable": Case(
        unproven("bob on CRM (when it was last used is unknown)", 2),
        denied={"accounts.last_login_at": "no right"},
        **given(account("bob", last_login_at=None)),
    ),
    "last use not readable, but new": Case(
        upheld(2), denied={"accounts.last_login_at": "no right"}, **given(account("bob", last_login_at=None, created_at=at("2026-05-01")))
    ),
    "last use not readable, but told": Case(
        broken(2, [("test/account/bob", "last used on 2025-01-01")]),
        denied={"accounts.last_login_at": "no right"},
        **given(account("bob", last_login_at=at("2025-01-01"))),
    ),
    "something else not readable": Case(
        broken(3, [("test/account/bob", "never used since 2021-01-01"), ("test/token/t1", "never used since 2021-01-01")]),
        denied={"accounts.mail": "no right", "api_tokens.created_at": "no right", "keys.last_used_at": "no right"},
        **given(account("bob", last_login_at=None), api_tokens=[token("t1", last_used_at=None)], keys=[]),
    ),
    "use of accounts not readable, of tokens it is": Case(
        broken(2, [("test/token/t1", "never used since 2021-01-01")]),
        denied={"accounts.last_login_at": "no right"},
        **given(api_tokens=[token("t1", last_used_at=None)]),
    ),
    "use of tokens not readable, of accounts it is": Case(
        broken(3, [("test/account/bob", "never used since 2021-01-01")], "1 is unknown"),
        denied={"api_tokens.last_used_at": "no right"},
        **given(account("bob", last_login_at=None), api_tokens=[token("t1", last_used_at=None)]),
    ),
    "another source, which tells": Case(
        broken(3, [("other/account/bob", "never used since 2021-01-01"), ("other/token/t1", "never used since 2021-01-01")]),
        denied={"accounts.last_login_at": "no right", "api_tokens.last_used_at": "no right"},
        **given(account("bob", source="other", last_login_at=None), api_tokens=[token("t1", source="other", last_used_at=None)]),
    ),
    "switched off": Case(upheld(1), **given(account("bob", enabled=False, last_login_at=None))),
    "cannot sign in": Case(upheld(1), **given(account("www", can_sign_in=False, last_login_at=None))),
    "perhaps switched off": Case(
        unproven("last used on 2025-01-01", 2), **given(account("bob", enabled=None, last_login_at=at("2025-01-01")))
    ),
    "perhaps no way in": Case(
        broken(2, [("test/account/bob", "last used on 2025-01-01")]),
        **given(account("bob", can_sign_in=None, last_login_at=at("2025-01-01"))),
    ),
    "a token that perhaps works": Case(unproven("token t1 on CRM", 2), **given(api_tokens=[token("t1", active=None, last_used_at=None)])),
    "a key that perhaps works": Case(unproven("key ada on CRM", 2), **given(keys=[key("k1", state=None, last_used_at=at("2025-01-01"))])),
    "a key of which nothing is told": Case(
        unproven("key ada on CRM (when it was last used is unknown)", 2), **given(keys=[key("k1", last_used_at=None)])
    ),
    "a token that runs on": Case(upheld(2), **given(api_tokens=[token("t1", expires_at=at("2027-01-01"))])),
    "nothing to judge": Case(unproven("0 of 0"), accounts=[]),
    "stale": Case(unproven("stale"), stale=["accounts"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
