"""Tokens for the API: shown once, kept as a digest, with scope and end, and a form that leak scanners can tell.

A token is `upheld_`, 40 random letters and digits, and six more that are its CRC-32: a scanner can tell it from noise.
"""

import hashlib
import re
import secrets
import string
import zlib
from datetime import timedelta

from django.db import transaction

from upheld import clock
from upheld.accounts.giving import AccountError, subject
from upheld.accounts.models import Account, Token
from upheld.accounts.person import Person, person_of
from upheld.ledger.append import append
from upheld.ledger.entry import Actor
from upheld.ledger.profile import Json

PREFIX = "upheld_"
LETTERS = string.digits + string.ascii_letters
LONGEST = timedelta(days=366)
_TOKEN = re.compile(r"upheld_([0-9a-zA-Z]{40})([0-9a-zA-Z]{6})", re.ASCII).fullmatch


def make(account: Account, *, name: str, only_reads: bool, lasts: timedelta, by: Actor) -> str:
    """Return a new token of `account`, which can do what the account can, or only read. It is shown once.

    Raises `AccountError` for one without a name, and for one that lasts longer than a year.
    """
    if not name.strip():
        raise AccountError("a token needs a name that says what it is for")
    if not timedelta() < lasts <= LONGEST:
        raise AccountError("a token lasts between a moment and a year")
    token, now = _new(), clock.now()
    with transaction.atomic():
        Token.objects.create(
            account=account, name=name.strip()[:100], start=token[:12], digest=_digest(token), only_reads=only_reads,
            made_at=now, expires_at=now + lasts,
        )  # fmt: skip
        body: dict[str, Json] = {"only_reads": only_reads, "days": lasts.days, "start": token[:12]}
        append("token.made", subject=subject(account), body=body, actor=by)
    return token


def revoke(token: Token, *, by: Actor) -> None:
    """End `token` now; does nothing to one that ended."""
    now = clock.now()
    with transaction.atomic():
        if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            append("token.revoked", subject=subject(token.account), body={"start": token.start}, actor=by)


def bearer(header: str) -> Person | None:
    """Return who the header `Authorization: Bearer upheld_...` stands for; None for one forged, ended or of an ended account.

    Two queries, and a third the first time on a day, which keeps the day on which it was used last.
    """
    scheme, _, said = header.partition(" ")
    if scheme.lower() != "bearer" or not well_formed(said.strip()):
        return None
    now = clock.now()
    token = Token.objects.select_related("account").filter(digest=_digest(said.strip()), revoked_at=None, expires_at__gt=now).first()
    if token is None or not token.account.is_active:
        return None
    if token.last_used_on != now.date():
        Token.objects.filter(pk=token.pk).update(last_used_on=now.date())
    # Whoever makes a token has shown a second factor for it.
    return person_of(token.account, via="api", only_reads=token.only_reads, second_factor=True)


def well_formed(text: str) -> bool:
    """Return whether `text` has the form of a token; asks nobody, so that noise costs no query."""
    found = _TOKEN(text)
    return found is not None and found[2] == _check(found[1])


def _new() -> str:
    body = "".join(secrets.choice(LETTERS) for _ in range(40))
    return PREFIX + body + _check(body)


def _check(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, len(LETTERS))
        digits = LETTERS[digit] + digits
    return digits


def _digest(token: str) -> str:
    # 238 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()
