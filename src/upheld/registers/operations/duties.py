"""What operations ask of people: do, or read, each runbook now and then."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_noop

from upheld.registers.operations.models import GatewayTest, MalwareGateway, Runbook
from upheld.registers.owing import LONG_AGO, Duty, Owing, done, interval, made_at
from upheld.registers.rules import listed_elsewhere


def to_check(now: datetime) -> Iterator[Owing]:
    """Yield each runbook in use: its owner does what it says, or reads it."""
    made, every = made_at(Runbook), interval("operations", "runbook_interval")
    for each in Runbook.objects.filter(retired_at=None).select_related("system"):
        yield Owing(each.reference, str(each), made.get(each.pk, LONG_AGO), each.owner, every=every, done=done(each.looked_at))


def to_test(now: datetime) -> Iterator[Owing]:
    """Yield each gateway that no source tests: whoever answers for it sends the harmless file through."""
    made, every, tested = (
        made_at(MalwareGateway),
        interval("operations", "malware_test_interval"),
        listed_elsewhere("malware_tests", "gateway_id"),
    )
    newest = dict(GatewayTest.objects.order_by("at").values_list("gateway_id", "at"))
    for each in MalwareGateway.objects.filter(ended_at=None).exclude(name__in=tested):
        yield Owing(each.reference, str(each), made.get(each.pk, LONG_AGO), each.owner, every=every, done=done(newest.get(each.pk)))


DUTIES = (
    Duty("operations.check-runbook", gettext_noop("Try the runbook"), to_check, measures=("operations/runbook_exists",)),
    Duty(
        "operations.note-gateway-test",
        gettext_noop("Test the gateway with the harmless file"),
        to_test,
        measures=("operations/malware_control_works",),
    ),
)
