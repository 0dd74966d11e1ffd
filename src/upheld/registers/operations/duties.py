"""What operations ask of people: do, or read, each runbook now and then."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_noop

from upheld.registers.operations.models import Runbook
from upheld.registers.owing import LONG_AGO, Duty, Owing, done, interval, made_at


def to_check(now: datetime) -> Iterator[Owing]:
    """Yield each runbook in use: its owner does what it says, or reads it."""
    made, every = made_at(Runbook), interval("operations", "runbook_interval")
    for each in Runbook.objects.filter(retired_at=None).select_related("system"):
        yield Owing(each.reference, str(each), made.get(each.pk, LONG_AGO), each.owner, every=every, done=done(each.looked_at))


DUTIES = (Duty("operations.check-runbook", gettext_noop("Try the runbook"), to_check, measures=("operations/runbook_exists",)),)
