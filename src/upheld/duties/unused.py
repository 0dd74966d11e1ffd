"""Telling people that an account of theirs is about to be switched off, since they do not use it."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext

from upheld.duties.models import ToldUntil
from upheld.duties.telling import Cause
from upheld.notices.queueing import Told
from upheld.registers.authorization.review_models import AccessReview, ReviewItem

UNUSED = "unused"


def of_unused() -> Iterator[Cause]:
    """Yield the accounts of which a campaign warns and that were not told, each to whom it belongs; written down as told."""
    until, _made = ToldUntil.objects.get_or_create(what=UNUSED, defaults={"number": 0})
    for review in AccessReview.objects.filter(pk__gt=until.number, kind=UNUSED).exclude(warned_at=None).order_by("pk"):
        ToldUntil.objects.filter(pk=UNUSED).update(number=review.pk)
        for item in review.items_of.exclude(person=""):
            yield Cause(f"unused {review.pk} {item.number}", frozenset([item.person]), partial(_told, review, item), urgent=True)


def _told(review: AccessReview, item: ReviewItem) -> Told:
    title = gettext("Your account %(account)s on %(system)s will be switched off") % {"account": item.account_name, "system": item.system}
    text = gettext("Nobody signed in to it for a long time. Sign in by %(on)s if you need it; else it is switched off.") % {
        "on": date_format(review.due_on, "DATE_FORMAT")
    }
    return Told("access.unused", title, text, reverse("mine"))
