"""What backups and records ask of people: put readers on the list, authorise releases, destroy what is over."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_noop

from upheld.registers.backup.models import FiledRecord, RecordRelease, StoreReader
from upheld.registers.owing import KNOWN_FOR, MONTH, WAITS, Duty, Owing, done, interval, starts

LEAD = "security-lead"
DAY = timedelta(days=1)


def to_put_on_the_list(now: datetime) -> Iterator[Owing]:
    """Yield who is to read a store: somebody else approves it."""
    for each in StoreReader.objects.filter(Q(approved_at=None) | Q(approved_at__gt=now - KNOWN_FOR), ended_at=None):
        yield Owing(each.reference, str(each), each.asked_at, role=LEAD, first=WAITS, done=done(each.approved_at))


def to_authorise(now: datetime) -> Iterator[Owing]:
    """Yield releases of records that were asked for: whoever answers for the class authorises them."""
    asked = RecordRelease.objects.filter(Q(authorised_at=None) | Q(authorised_at__gt=now - KNOWN_FOR), until_on__gte=now.date())
    for each in asked.select_related("record_class"):
        yield Owing(each.reference, str(each), each.asked_at, each.record_class.owner, first=WAITS, done=done(each.authorised_at))


def to_destroy(now: datetime) -> Iterator[Owing]:
    """Yield records whose time is over, unless they are held: whoever answers for the class has them destroyed."""
    within = interval("backup", "record_destroyed_within").about
    standing = Q(destroyed_at=None, record_class__held=False) | Q(destroyed_at__gt=now - KNOWN_FOR)
    over = FiledRecord.objects.filter(standing, keep_until_on__lt=(now + MONTH).date()).select_related("record_class")
    for each in over:
        begins = starts(each.keep_until_on) + DAY
        yield Owing(each.reference, str(each), begins, each.record_class.owner, first=within, done=done(each.destroyed_at))


DUTIES = (
    Duty("backup.approve-reader", gettext_noop("Say whether this reader may"), to_put_on_the_list),
    Duty("backup.authorise-release", gettext_noop("Authorise giving these records out"), to_authorise),
    Duty("backup.destroy-record", gettext_noop("Destroy this record"), to_destroy),
)
