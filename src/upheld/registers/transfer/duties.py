"""What media on their way ask of people: find out whether they arrived."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_noop

from upheld.registers.owing import KNOWN_FOR, Duty, Owing, done, until
from upheld.registers.transfer.models import Shipment


def to_receive(now: datetime) -> Iterator[Owing]:
    """Yield each medium on its way: whoever sent it notes by its day what the other side says."""
    for each in Shipment.objects.filter(Q(received_at=None) | Q(received_at__gt=now - KNOWN_FOR)):
        first = max(until(each.due_on, each.sent_at), timedelta(0))
        yield Owing(each.reference, str(each), each.sent_at, each.owner, first=first, done=done(each.received_at))


DUTIES = (Duty("transfer.receive-medium", gettext_noop("Find out whether it arrived"), to_receive, measures=("transfer/shipment_safe",)),)
