"""Ask this installation who signs in to it: accounts, roles, factors, attempts, tokens, and the rules in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.db.models import Max, Q

from upheld import clock
from upheld.accounts import attempts, factors
from upheld.accounts.models import Account, RoleGiven, SignInAttempt, Token
from upheld.accounts.person import in_force
from upheld.accounts.policy import PasswordRules, Policy, password_rules, policy
from upheld.accounts.role import Role


@dataclass(frozen=True)
class SignsIn:
    """An account as it is: `last_at` and `last_mfa_at` are its last successful sign-ins, without and with a second factor."""

    account: Account
    has_mfa: bool
    locked: bool
    administers: bool
    last_at: datetime | None
    last_mfa_at: datetime | None


@dataclass(frozen=True)
class Answers:
    """All that this installation says of signing in to it. Accounts of the sample company are left out: nobody is behind them."""

    accounts: Sequence[SignsIn]
    roles: Sequence[RoleGiven]
    attempts: Sequence[SignInAttempt]
    tokens: Sequence[Token]
    rules: PasswordRules
    policy: Policy


def ask() -> Answers:
    """Return the answers; raises `PolicyError` or `MeasureError` where a file of the workspace is wrong."""
    rules, said = password_rules(), policy()
    roles = list(RoleGiven.objects.filter(in_force(clock.now()), account__sample=False, account__is_active=True).select_related("given_by"))
    return Answers(
        accounts=_accounts(said, {each.account_id for each in roles if Role(each.role) is Role.ADMINISTRATOR}),
        roles=roles,
        attempts=list(SignInAttempt.objects.exclude(account__sample=True).select_related("account").order_by("at", "pk")),
        tokens=list(Token.objects.filter(account__sample=False).select_related("account").order_by("pk")),
        rules=rules,
        policy=said,
    )


def _accounts(said: Policy, administrators: set[UUID]) -> list[SignsIn]:
    accounts = list(Account.objects.filter(sample=False).order_by("pk"))
    let_in = SignInAttempt.objects.filter(succeeded=True, account__sample=False).values("account")
    last = {row["account"]: row for row in let_in.annotate(last=Max("at"), with_mfa=Max("at", filter=Q(used_mfa=True)))}
    locked = attempts.locked_among(accounts)
    never: dict[str, datetime | None] = {"last": None, "with_mfa": None}
    return [
        SignsIn(
            account=each,
            has_mfa=has_mfa,
            locked=each.pk in locked,
            administers=each.pk in administrators,
            last_at=last.get(each.pk, never)["last"],
            last_mfa_at=last.get(each.pk, never)["with_mfa"],
        )
        for each, has_mfa in _with_factors(accounts, said)
    ]


def _with_factors(accounts: Sequence[Account], said: Policy) -> list[tuple[Account, bool]]:
    """Return each account with whether it cannot get in by one thing alone."""
    held = factors.of(accounts)
    demanding = {each.id for each in said.providers if each.second_factor}
    connected: dict[object, set[str]] = {}
    for user, provider in SocialAccount.objects.values_list("user", "provider"):
        connected.setdefault(user, set()).add(provider)

    def by_provider(account: Account) -> bool:
        mine = connected.get(account.pk, set())
        return bool(mine) and mine <= demanding and not account.has_usable_password()

    return [(each, bool(held.get(each.pk)) or by_provider(each)) for each in accounts]
