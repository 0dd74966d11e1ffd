"""What test data ask of people: erase them by their day."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_noop

from upheld.registers.owing import KNOWN_FOR, LONG_AGO, Duty, Owing, done, made_at, until
from upheld.registers.separation.models import TestDataSet


def to_erase(now: datetime) -> Iterator[Owing]:
    """Yield each set of test data: whoever answers for it erases it by its day, or asks that it stay."""
    made = made_at(TestDataSet)
    for each in TestDataSet.objects.filter(Q(erased_at=None) | Q(erased_at__gt=now - KNOWN_FOR)):
        since = made.get(each.pk, LONG_AGO)
        first = max(until(each.expires_on, since), timedelta(0))
        yield Owing(each.reference, str(each), since, each.owner, first=first, done=done(each.erased_at))


DUTIES = (Duty("separation.erase-test-data", gettext_noop("Erase the test data"), to_erase, measures=("separation/test_data_approved",)),)
