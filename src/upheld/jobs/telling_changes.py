"""Telling subscribers and programs what changed of all that is public."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from upheld.jobs.chore import Chore
from upheld.notices import subscribing
from upheld.notices.mail import address_of
from upheld.notices.queueing import wanting
from upheld.web.trust import gathering
from upheld.web.trust.changing import KINDS

EVERY = timedelta(minutes=15)


def chores(now: datetime) -> Iterator[Chore]:
    """Yield the chore while the Trust Center is open and anybody wants to be told."""
    if gathering.center() is not None and (subscribing.wanted() or any(wanting(f"{subscribing.CHANGED}.{kind}") for kind in KINDS)):
        last = subscribing.looked_at()
        yield Chore("tell of public changes", last.seen_at + EVERY if last else now, tell)


def tell() -> str:
    """Tell of what is new, and return in a line how many were told."""
    center = gathering.center()
    if center is None:
        return "no Trust Center is open"
    public = gathering.gather(center)
    pieces = [subscribing.Piece(each.key, each.kind, each.title, each.text) for each in public.changes]
    with translation.override(center.language):
        title = _("%(company)s: what changed") % {"company": center.company}
        ends = _("To end these mails: %(address)s") % {"address": address_of(reverse("trust-subscription", args=["SECRET"]))}
        told = subscribing.tell(pieces, title, "/trust/changes/", ends.replace("%", "%%").replace("SECRET", "%s"))
    return f"{told} mails"
