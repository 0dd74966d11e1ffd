"""What rules find in logs comes into the queue of events by itself: the product reports it, by the same actions as people do."""

from collections.abc import Iterator
from itertools import groupby
from uuid import NAMESPACE_URL, uuid5

from upheld.accounts.person import Held, Person
from upheld.accounts.role import Role
from upheld.logs.models import Detection
from upheld.registers.incidents.models import SecurityEvent
from upheld.registers.incidents.reporting import join_detections, queue_detections

MOST_AT_ONCE = 1_000  # an entry of the ledger names each
INFORMATION = "informational"
# The product at work, as steps and entries name it. It is nobody in the list of people.
PRODUCT = Person(uuid5(NAMESPACE_URL, "upheld"), "upheld", "Upheld", (Held(Role.SECURITY_LEAD),), "worker")


def waiting() -> list[Detection]:
    """Return the detections that are in no event yet, those of one rule in one log together; not what is for information only."""
    queued = {number for numbers in SecurityEvent.objects.exclude(rule="").values_list("detections", flat=True) for number in numbers}
    missing = set(Detection.objects.exclude(level=INFORMATION).values_list("pk", flat=True)) - queued
    found = Detection.objects.in_bulk(sorted(missing)).values() if missing else ()
    return sorted(found, key=lambda each: (each.log_id, each.rule, each.first_at, each.pk))


def queue() -> int:
    """Put what waits into the queue, and return how many detections that were. What an undecided event is about joins that one."""
    done = 0
    for together in _together(waiting()):
        first = together[0]
        numbers = [each.pk for each in together]
        undecided = SecurityEvent.objects.filter(rule=first.rule, log=first.log.name, decided_at=None).first()
        if undecided is not None:
            join_detections(undecided, by=PRODUCT, detections=numbers)
        else:
            queue_detections(
                by=PRODUCT,
                what=f"{first.title}\n\nIn the log {first.log.name}: {first.line}".strip(),
                rule=first.rule,
                log=first.log.name,
                level=first.level or "unknown",
                noticed_at=first.found_at,
                detections=numbers,
            )
        done += len(numbers)
    return done


def _together(detections: list[Detection]) -> Iterator[list[Detection]]:
    """Yield detections of one rule in one log, so many at once as one entry of the ledger can name."""
    for _, some in groupby(detections, key=lambda each: (each.log_id, each.rule)):
        each = list(some)
        for begin in range(0, len(each), MOST_AT_ONCE):
            yield each[begin : begin + MOST_AT_ONCE]
