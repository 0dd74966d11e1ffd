"""Passwords: how long and how hard to guess they must be, which were used before, and setting one. Stored as Argon2id."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import requests
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from zxcvbn import zxcvbn

from upheld import clock
from upheld.accounts.models import Account, FormerPassword
from upheld.accounts.policy import is_address, password_rules, policy
from upheld.ledger.append import append
from upheld.ledger.entry import Actor

# "safely unguessable: moderate protection from offline slow-hash scenario" (zxcvbn's own words for 3 of 4).
LEAST_SCORE = 3
# zxcvbn's time grows with the square of the length; what lies beyond makes no password easier to guess.
LONGEST_JUDGED, LONGEST = 72, 1000
SECONDS = 4.0


class Rules:
    """The validator that Django calls: length, guessability, and whether it is known from breaches."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise `ValidationError` with everything that is wrong with `password`."""
        wrong = [*_length(password), *_guessable(password, user), *_used_before(password, user)]
        if not wrong and (address := policy().breach_range) and _breached(password, address):
            wrong.append(_("It is in a list of passwords that were stolen somewhere. Choose another one."))
        if wrong:
            raise ValidationError(wrong)

    def get_help_text(self) -> str:
        """Return the rule in a sentence."""
        least = password_rules().minimum_length
        return _("At least %(least)s characters, and hard to guess. Four words that have nothing to do with one another are fine.") % {
            "least": least
        }


def change(account: Account, password: str, *, by: Actor) -> None:
    """Set the password of `account`; the one before is kept as a hash, so that it is not taken again. Entered in the ledger."""
    now = clock.now()
    with transaction.atomic():
        if account.has_usable_password() and account.password:
            FormerPassword.objects.create(account=account, password=account.password, until_at=now)
        account.set_password(password)
        account.password_changed_at = now
        account.save(update_fields=["password", "password_changed_at"])
        _forget_oldest(account)
        append("account.password-changed", subject=("person", account.person or str(account.pk)), body={}, actor=by)


def _forget_oldest(account: Account) -> None:
    """Keep as many former hashes as the rule asks for and none beyond: each is something to guess at."""
    kept = account.former_passwords.values_list("pk", flat=True)[: password_rules().history]
    FormerPassword.objects.filter(account=account).exclude(pk__in=list(kept)).delete()


def _length(password: str) -> Sequence[str]:
    least = password_rules().minimum_length
    if len(password) < least:
        text = ngettext("It is too short: at least %(least)s character.", "It is too short: at least %(least)s characters.", least)
        return [text % {"least": least}]
    if len(password) > LONGEST:
        return [_("It is too long: at most %(most)s characters.") % {"most": LONGEST}]
    return []


def _guessable(password: str, user: Account | None) -> Sequence[str]:
    about = ["upheld"]
    if user is not None:
        about += [user.mail, *user.mail.replace("@", ".").split("."), *user.name.split()]
    judged = zxcvbn(password[:LONGEST_JUDGED], user_inputs=[word for word in about if word], max_length=LONGEST_JUDGED)
    return (
        []
        if judged["score"] >= LEAST_SCORE
        else [_("It is too easy to guess. Four words that have nothing to do with one another are fine.")]
    )


def _used_before(password: str, user: Account | None) -> Sequence[str]:
    if user is None or user._state.adding:
        return []
    known = [user.password, *user.former_passwords.values_list("password", flat=True)[: password_rules().history]]
    again = any(check_password(password, each) for each in known if each and not each.startswith("!"))
    return [_("You had it before. Choose another one.")] if again else []


def _breached(password: str, address: str) -> bool:
    """Ask a list of stolen passwords by the first five characters of the SHA-1; nothing more leaves this machine, and nothing at all

    where the list is a folder of this machine. A list that does not answer does not keep people out: length and guessability hold
    without it.
    """
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    text = _asked(address, digest[:5]) if is_address(address) else _read(Path(address), digest[:5])
    found = (line.partition(":") for line in text.splitlines())
    return any(end.strip().upper() == digest[5:] and times.strip() != "0" for end, _colon, times in found)


def _asked(address: str, beginning: str) -> str:
    try:
        answer = requests.get(f"{address.rstrip('/')}/{beginning}", headers={"Add-Padding": "true"}, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException:
        return ""
    return answer.text if answer.ok else ""


def _read(folder: Path, beginning: str) -> str:
    """Return what a downloaded list has for `beginning`: a file of that name, as its downloaders write them, with .txt or without."""
    for name in (f"{beginning}.txt", beginning):
        try:
            return (folder / name).read_text(encoding="utf-8-sig", errors="replace")
        except OSError:
            continue
    return ""
