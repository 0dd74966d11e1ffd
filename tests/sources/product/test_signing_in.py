"""Upheld as a source for itself: who signs in to it, and what measures then say of it."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from tests.judged import broken, judge_rows, judged, unproven, upheld
from tests.world import account

from upheld import clock
from upheld.accounts import attempts, giving, passwords, tokens
from upheld.accounts.role import Role
from upheld.evidence.collection import Collecting
from upheld.ledger import sequencer
from upheld.ledger.entry import SYSTEM
from upheld.sources.product import PRODUCT, ProductSource

__all__ = ["judged"]

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
SYSTEMS = [{"id": "upheld", "name": "Upheld", "kind": "application", "in_operation": True, "mfa_required": True, "keys_required": False}]
TABLES = ("accounts", "sign_ins", "password_rules", "logon_settings", "groups", "grants", "api_tokens")


@pytest.fixture
def company(workspace, noon):
    """Ada administers with an app, Bo leads without a second factor, Sam is of the sample company."""
    sequencer.init("test.example/ledger/main/1")
    ada, bo = account("ada", Role.ADMINISTRATOR), account("bo", Role.SECURITY_LEAD)
    Authenticator.objects.create(user=ada, type="totp", data={})
    passwords.change(bo, "cousin ferry plinth ozone", by=SYSTEM)
    giving.make("sam@sample.example", by=SYSTEM, sample=True)
    return workspace


def rows(table: str) -> list[dict]:
    return list(collected()[table])


def collected() -> dict[str, list[dict]]:
    into = Collecting("upheld", PRODUCT.tables, clock.now())
    ProductSource("upheld", None)._signing_in(into)
    return {name: [dict(row) for row in into.seen[name].rows.values()] for name in TABLES}


def test_accounts_are_told_with_what_measures_ask(company):
    ada, bo = sorted(rows("accounts"), key=lambda row: row["mail"])
    assert (ada["has_mfa"], ada["privileged"], ada["password_scheme"], ada["person_ref"]) == (True, True, "none", "P-ada")
    assert (bo["has_mfa"], bo["privileged"], bo["password_scheme"], bo["password_changed_at"]) == (False, False, "argon2", AT)
    assert {row["password_rule_id"] for row in (ada, bo)} == {"sign-in"}


def test_sign_ins_roles_and_tokens_are_told(company):
    bo = account("cy", Role.AUDITOR, over=("chapter", "backup"))
    attempts.failed("nobody@example.org", method="password")
    attempts.succeeded(bo, method="passkey", used_mfa=True)
    token = tokens.make(bo, name="ci", only_reads=True, lasts=timedelta(days=30), by=SYSTEM)
    told = collected()
    assert [(row["identifier"], row["succeeded"], row["used_mfa"]) for row in told["sign_ins"]] == [
        ("(nobody here)", False, False),
        ("cy@example.org", True, True),
    ]
    assert {row["entitlement"]: row["privileged"] for row in told["grants"]} == {
        "administrator": True,
        "security-lead": False,
        "auditor": False,
    }
    assert [(row["active"], row["expires_at"]) for row in told["api_tokens"]] == [(True, AT + timedelta(days=30))]
    assert token not in str(told) and "nobody@example.org" not in str(told)


def test_whoever_lacks_a_second_factor_breaks_the_measure_and_is_named(company):
    bo = next(row["id"] for row in rows("accounts") if row["mail"].startswith("bo"))
    named = [(f"test/{bo}", "has no second factor")]
    assert judge_rows("access/mfa_required", accounts=rows("accounts"), systems=SYSTEMS) == broken(population=2, failing=named)
    Authenticator.objects.create(user_id=bo, type="webauthn", data={})
    assert judge_rows("access/mfa_required", accounts=rows("accounts"), systems=SYSTEMS) == upheld(population=2)


def test_what_the_company_does_not_say_of_upheld_is_unknown(company):
    assert judge_rows("access/mfa_required", accounts=rows("accounts"), systems=[]) == unproven("cannot be judged")


def test_the_rules_that_are_enforced_hold_and_follow_the_parameters(company):
    told = collected()
    rules = {"password_rules": told["password_rules"], "accounts": told["accounts"], "systems": SYSTEMS}
    assert judge_rows("access/password_rules_enforced", **rules) == upheld(population=1)
    assert judge_rows("access/password_storage_strong", accounts=told["accounts"], systems=SYSTEMS) == upheld(population=1)
    company.parameters.write_text("[access]\npassword_length = 20\n")
    assert rows("password_rules")[0]["minimum_length"] == 20


def test_the_door_is_as_it_should_be_and_says_what_it_asks(company):
    assert judge_rows("access/logon_secure", logon_settings=rows("logon_settings"), systems=SYSTEMS) == upheld(population=1)
    (door,) = rows("logon_settings")
    assert (door["requires_mfa"], door["idle_timeout"]) == (False, timedelta(minutes=30))
    (company.root / "sign-in.toml").write_text('second_factor = "everybody"\nidle_lock = "5 minutes"\n')
    (door,) = rows("logon_settings")
    assert (door["requires_mfa"], door["allows_passwords"], door["idle_timeout"]) == (True, False, timedelta(minutes=5))
