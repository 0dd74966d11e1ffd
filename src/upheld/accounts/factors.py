"""Second factors of accounts, as rows: who has which, and taking all from somebody who lost them."""

from collections.abc import Iterable
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from upheld.accounts.giving import subject
from upheld.accounts.models import Account
from upheld.ledger.append import append
from upheld.ledger.entry import Actor

KINDS = {"totp": "app", "webauthn": "passkey"}


def of(accounts: Iterable[Account]) -> dict[UUID, tuple[str, ...]]:
    """Return the kinds of second factor of each of `accounts` that has any, by account; one query. Recovery codes are none."""
    found: dict[UUID, tuple[str, ...]] = {}
    rows = (
        Authenticator.objects.filter(user__in=[each.pk for each in accounts], type__in=KINDS).order_by("type").values_list("user", "type")
    )
    for account, kind in rows:
        found[account] = tuple(dict.fromkeys((*found.get(account, ()), KINDS[kind])))
    return found


def reset(account: Account, *, by: Actor) -> int:
    """Take every second factor and recovery code from `account`; it must set up new ones at the next sign-in. Returns how many."""
    with transaction.atomic():
        taken: int = Authenticator.objects.filter(user=account).delete()[0]
        if taken:
            append("factor.reset", subject=subject(account), body={"taken": taken}, actor=by)
    return taken
