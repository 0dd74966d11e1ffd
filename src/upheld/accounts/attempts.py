"""Attempts to sign in: each is kept and entered in the ledger, and too many failures at one name lock it for a while."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from upheld import clock
from upheld.accounts.models import Account, Guesses, SignInAttempt
from upheld.accounts.policy import password_rules
from upheld.ledger.append import append
from upheld.ledger.entry import Actor

NOBODY_KNOWN = Actor("system", "sign-in", "web")


def locked_until(name: str) -> datetime | None:
    """Return until when passwords for `name` are not looked at, known here or not; None where they are."""
    found = Guesses.objects.filter(pk=_hidden(name), locked_until__gt=clock.now()).first()
    return found.locked_until if found else None


def locked_among(accounts: Iterable[Account]) -> set[UUID]:
    """Return which of `accounts` are locked now; one query."""
    by_name = {_hidden(each.mail): each.pk for each in accounts}
    locked = Guesses.objects.filter(locked_until__gt=clock.now()).values_list("pk", flat=True)
    return {by_name[name] for name in locked if name in by_name}


def failed(name: str, *, method: str, account: Account | None = None) -> bool:
    """Count one failed attempt at `name` and enter it; the one that is too many locks. Returns whether it is locked now.

    `account` is who it would have been, None for a name that nobody here has; what was typed is kept nowhere.
    """
    now, rules = clock.now(), password_rules()
    with transaction.atomic():
        guesses, _ = Guesses.objects.get_or_create(pk=_hidden(name), defaults={"last_at": now})
        if guesses.locked_until and guesses.locked_until <= now:
            Guesses.objects.filter(pk=guesses.pk).update(failures=0, locked_until=None)
        Guesses.objects.filter(pk=guesses.pk).update(failures=F("failures") + 1, last_at=now)
        guesses.refresh_from_db()
        locks = guesses.failures >= rules.lock_after and guesses.locked_until is None
        if locks:
            Guesses.objects.filter(pk=guesses.pk).update(locked_until=now + rules.lock_time)
        _keep(account, succeeded=False, method=method, used_mfa=False, now=now)
        if locks:
            body = {"failures": guesses.failures, "minutes": int(rules.lock_time.total_seconds() // 60)}
            append("sign-in.locked", subject=_subject(account), body=body, actor=NOBODY_KNOWN)
    return locks


def succeeded(account: Account, *, method: str, used_mfa: bool) -> None:
    """Keep that somebody was let in, by which method and whether with a second factor, and forget the failures before."""
    now = clock.now()
    with transaction.atomic():
        Guesses.objects.filter(pk=_hidden(account.mail)).delete()
        _keep(account, succeeded=True, method=method, used_mfa=used_mfa, now=now)


def unlock(account: Account, *, by: Actor) -> bool:
    """Forget the failures at the name of `account`, so that its password is looked at again; returns whether it was locked."""
    with transaction.atomic():
        was = locked_until(account.mail) is not None
        Guesses.objects.filter(pk=_hidden(account.mail)).delete()
        if was:
            append("sign-in.unlocked", subject=_subject(account), body={}, actor=by)
    return was


def _keep(account: Account | None, *, succeeded: bool, method: str, used_mfa: bool, now: datetime) -> None:
    actor = Actor("person", account.person or str(account.pk), "web") if account and succeeded else NOBODY_KNOWN
    entry_id = append(
        "sign-in.succeeded" if succeeded else "sign-in.failed",
        subject=_subject(account),
        body={"method": method, "second_factor": used_mfa, "known": account is not None},
        actor=actor,
    )
    SignInAttempt.objects.create(account=account, at=now, succeeded=succeeded, used_mfa=used_mfa, method=method, entry_id=entry_id)


def _subject(account: Account | None) -> tuple[str, str] | None:
    return ("person", account.person or str(account.pk)) if account else None


def _hidden(name: str) -> str:
    """Return the keyed hash of `name`, so that the table of failures holds no address that somebody typed."""
    return hmac.new(settings.SECRET_KEY.encode(), name.strip().lower().encode(), hashlib.sha256).hexdigest()
