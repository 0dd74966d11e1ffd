"""Links that let in once: printed or handed out, short-lived, kept as a digest. They replace mail where there is none."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction

from upheld import clock
from upheld.accounts.giving import subject
from upheld.accounts.models import Account, Link
from upheld.ledger.append import append
from upheld.ledger.entry import Actor

LASTS = timedelta(hours=24)


def make(account: Account, *, by: Actor, lasts: timedelta = LASTS) -> str:
    """Return the secret of a new link for `account`; links made before stop working. The secret is kept nowhere."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    with transaction.atomic():
        account.links.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
        Link.objects.create(digest=_digest(secret), account=account, made_at=now, expires_at=now + lasts)
        append("link.made", subject=subject(account), body={"minutes": int(lasts.total_seconds() // 60)}, actor=by)
    return secret


def look(secret: str) -> Account | None:
    """Return whose link this is if it can still be used; uses nothing up, so that a mail scanner spends no link."""
    found = Link.objects.select_related("account").filter(pk=_digest(secret), used_at=None, expires_at__gt=clock.now()).first()
    return found.account if found and found.account.is_active else None


def use(secret: str) -> Account | None:
    """Use the link up and return whose it is; None if it was used, ran out or never was. Of two at once one gets in."""
    now = clock.now()
    with transaction.atomic():
        account = look(secret)
        if account is None or not Link.objects.filter(pk=_digest(secret), used_at=None).update(used_at=now):
            return None
        append("link.used", subject=subject(account), body={}, actor=Actor(*subject(account), "web"))
    return account


def _digest(secret: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()
