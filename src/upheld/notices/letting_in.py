"""Links that let in, by mail: the link is made when the mail goes out, so that it lies in no queue, no log and no backup."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from upheld import clock
from upheld.accounts import links
from upheld.accounts.giving import subject
from upheld.accounts.models import Account
from upheld.ledger.append import append
from upheld.ledger.entry import SYSTEM, Actor
from upheld.notices.models import Notice
from upheld.notices.queueing import MAIL, Telling, Told, queue

KIND = "sign-in.link"
LASTS, AGAIN_AFTER = timedelta(hours=1), timedelta(minutes=10)


def ask(mail: str) -> None:
    """Let a link go to `mail`, if somebody signs in with that address and a password; whoever asks is not told whether.

    Asked again within ten minutes, it is not sent again.
    """
    account = Account.objects.filter(mail=mail.strip().lower(), is_active=True, sample=False).first()
    if account is None or not account.has_usable_password():
        return
    window = int(clock.now().timestamp() // AGAIN_AFTER.total_seconds())
    language = account.language or "en"
    with translation.override(language):
        text = gettext("It lasts an hour and works once. You can set another password then.")
        told = Told(KIND, gettext("A link that lets you in"), text)
    with transaction.atomic():
        if queue([Telling(told, f"link {window}", MAIL, account.mail, str(account.pk), account.person, language)]):
            append("link.asked", subject=subject(account), body={}, actor=Actor(*subject(account), "web"))


def link_for(notice: Notice) -> str:
    """Return the path that `notice` leads to: a link that lets in is made here; "" where nobody may have one any more."""
    if notice.kind != KIND:
        return notice.link
    account = Account.objects.filter(mail=notice.to, is_active=True).first()
    return reverse("sign-in-link", args=[links.make(account, by=SYSTEM, lasts=LASTS)]) if account else ""
