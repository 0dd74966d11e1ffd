"""What this installation says of signing in to it, as rows. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

from upheld.accounts.role import Role, Verb, rights
from upheld.evidence.table import Row
from upheld.sources.product.get_accounts import Answers, SignsIn

RULES = "sign-in"
NOBODY = "(nobody here)"


def account_rows(system: str, answers: Answers) -> Iterator[Row]:
    """Yield a row of table accounts for each account."""
    for each in answers.accounts:
        yield _account(system, each)


def _account(system: str, each: SignsIn) -> Row:
    account, has_password = each.account, each.account.has_usable_password()
    return {
        "id": str(account.pk),
        "system_id": system,
        "user_name": account.mail,
        "identifier": account.mail,
        "kind": "person",
        "person_ref": account.person or account.mail,
        "display_name": account.name or None,
        "mail": account.mail,
        "enabled": account.is_active,
        "locked": each.locked,
        "can_sign_in": account.is_active,
        "privileged": each.administers,
        "created_at": account.made_at,
        "last_login_at": each.last_at,
        "password_changed_at": account.password_changed_at if has_password else None,
        "password_must_change": False,
        "password_chosen": True if has_password else None,  # nobody is ever given one: links let people in to choose it
        "password_scheme": "argon2" if has_password else "none",
        "password_rule_id": RULES,
        "has_mfa": each.has_mfa,
        "used_mfa_at": each.last_mfa_at,
    }


def sign_in_rows(system: str, answers: Answers) -> Iterator[Row]:
    """Yield a row of table sign_ins for each attempt; what was typed at a name that nobody has was not kept."""
    for each in answers.attempts:
        yield {
            "id": f"{system}:{each.pk}",
            "system_id": system,
            "identifier": each.account.mail if each.account else NOBODY,
            "at": each.at,
            "succeeded": each.succeeded,
            "used_mfa": each.used_mfa,
        }


def rule_rows(system: str, answers: Answers) -> Iterator[Row]:
    """Yield the one row of table password_rules: what `accounts.passwords` and `accounts.attempts` enforce."""
    rules = answers.rules
    yield {
        "id": RULES,
        "system_id": system,
        "name": "passwords of Upheld",
        "minimum_length": rules.minimum_length,
        "history": rules.history,
        "quality_checked": True,
        "locks_after": rules.lock_after,
        "locked_for": rules.lock_time,
        "scheme": "argon2",
    }


def door_rows(system: str, answers: Answers) -> Iterator[Row]:
    """Yield the row of table logon_settings for the page to sign in on.

    It is served on this machine alone, or behind an https address: `upheld serve` refuses anything else. Nobody signs in
    as a superuser: who administers is a person with a second factor.
    """
    everybody = answers.policy.everybody_second_factor
    yield {
        "id": f"{system}:sign-in",
        "system_id": system,
        "door": "page to sign in on",
        "allows_empty_passwords": False,
        "allows_plaintext": False,
        "limits_guesses": True,
        "allows_passwords": not everybody,
        "allows_remote_superuser": False,
        "requires_mfa": everybody,
        "idle_timeout": answers.policy.idle_lock,
        "said": f"second factor: {'everybody' if everybody else 'all who can change anything'}",
    }


def group_rows(system: str) -> Iterator[Row]:
    """Yield a row of table groups for each role."""
    for role in Role:
        yield {"id": role.value, "system_id": system, "name": role.value, "entitlement": role.value, "privileged": _administers(role)}


def grant_rows(system: str, answers: Answers) -> Iterator[Row]:
    """Yield a row of table grants for each role that somebody holds."""
    for each in answers.roles:
        over = f":{each.over_kind}:{each.over}" if each.over else ""
        yield {
            "id": f"{system}:{each.account_id}:{each.role}{over}",
            "system_id": system,
            "holder_kind": "account",
            "holder_id": str(each.account_id),
            "entitlement": each.role,
            "group_id": each.role,
            "privileged": _administers(Role(each.role)),
            "can_grant": _administers(Role(each.role)),
            "granted_at": each.given_at,
            "granted_by": (each.given_by.person or each.given_by.mail) if each.given_by else None,
            "expires_at": each.ends_at,
        }


def token_rows(system: str, answers: Answers, now: datetime) -> Iterator[Row]:
    """Yield a row of table api_tokens for each token, as it stands at `now`. The day of last use is kept, not the instant."""
    for each in answers.tokens:
        yield {
            "id": f"{system}:token:{each.pk}",
            "system_id": system,
            "account_id": str(each.account_id),
            "active": each.revoked_at is None and each.expires_at > now and each.account.is_active,
            "created_at": each.made_at,
            "last_used_at": datetime.combine(each.last_used_on, time(), UTC) if each.last_used_on else None,
            "expires_at": each.expires_at,
        }


def _administers(role: Role) -> bool:
    """Whether `role` may give rights to others."""
    return role in rights()[Verb.DO, "accounts"].reach
