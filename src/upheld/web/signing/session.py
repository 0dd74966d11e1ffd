"""What a session remembers of signing in: when, whether with a second factor, and when it was used last."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest

from upheld import clock
from upheld.accounts.giving import subject
from upheld.accounts.models import Account
from upheld.accounts.policy import Policy, policy
from upheld.ledger.append import append
from upheld.ledger.entry import Actor

SIGNED_IN_AT, SEEN_AT, SECOND_FACTOR = "signed_in_at", "seen_at", "second_factor"
# Writing at each page that somebody is there would make every page a write.
WRITTEN_EVERY = timedelta(minutes=1)


def begin(request: HttpRequest, *, second_factor: bool) -> None:
    """Start the clocks of the session that was just begun, or note that a second factor was shown in it."""
    now = clock.now().timestamp()
    request.session.setdefault(SIGNED_IN_AT, now)
    request.session[SEEN_AT] = now
    request.session[SECOND_FACTOR] = second_factor or request.session.get(SECOND_FACTOR, False)


def by_second_factor(records: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether these steps of signing in hold a second factor: a code, a passkey, or a provider that demands one."""
    trusted = {each.id for each in policy().providers if each.second_factor}
    return any(each.get("method") == "mfa" or each.get("provider") in trusted for each in records)


def over(request: HttpRequest, rules: Policy) -> str:
    """Return why the session is over: "idle", "too old"; "" while it is not."""
    now = clock.now().timestamp()
    if now - request.session.get(SEEN_AT, 0) > rules.idle_lock.total_seconds():
        return "idle"
    return "too old" if now - request.session.get(SIGNED_IN_AT, 0) > rules.session_age.total_seconds() else ""


def end(request: HttpRequest, why: str) -> None:
    """End the session of `request` for a reason other than signing out."""
    account = request.user
    assert isinstance(account, Account), "only a session of an account is ended"
    with transaction.atomic():
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        append("session.ended", subject=subject(account), body={"why": why}, actor=Actor("system", "sign-in", "web"))
    logout(request)


def touch(request: HttpRequest) -> None:
    """Note that the session is in use, at most once a minute."""
    now = clock.now()
    if now.timestamp() - request.session[SEEN_AT] >= WRITTEN_EVERY.total_seconds():
        request.session[SEEN_AT] = now.timestamp()
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)


def end_one(found: UserSession, *, by: Actor) -> None:
    """End one session of somebody."""
    with transaction.atomic():
        append("session.ended", subject=subject(found.user), body={"why": "ended by its owner", "sessions": 1}, actor=by)
        found.end()


def end_all(account: Account, *, but: str = "", why: str, by: Actor) -> int:
    """End every session of `account`, except the one with the key `but`; returns how many."""
    ended = 0
    with transaction.atomic():
        for each in UserSession.objects.filter(user=account).exclude(session_key=but):
            each.end()
            ended += 1
        if ended:
            append("session.ended", subject=subject(account), body={"why": why, "sessions": ended}, actor=by)
    return ended
