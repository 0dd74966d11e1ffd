"""What rules find in logs comes into the queue of events by itself: the product reports it, by the same actions as people do."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from uuid import NAMESPACE_URL, uuid5

from upheld.accounts.person import Held, Person
from upheld.accounts.role import Role
from upheld.logs.models import Detection
from upheld.registers.incidents.deciding import decide_event
from upheld.registers.incidents.excepting import expected
from upheld.registers.incidents.models import Decision, DetectionException, SecurityEvent
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
    """Put what waits into the queue, and return how many detections that were. What an undecided event is about joins that one.

    What was agreed to be expected is an event too, and is decided about at once, with the exception's reason.
    """
    found, exceptions = waiting(), dict[int, DetectionException | None]()
    for each in found:
        exceptions[each.pk] = expected(each)
    done = 0
    for exception, together in _together(found, exceptions):
        numbers = [each.pk for each in together]
        if exception is not None:
            reason = f"Expected until {exception.until_on} (exception {exception.pk}): {exception.reason}"
            decide_event(_queued(together), by=PRODUCT, decision=Decision.NONE, reason=reason)
        else:
            undecided = SecurityEvent.objects.filter(rule=together[0].rule, log=together[0].log.name, decided_at=None).first()
            if undecided is not None:
                join_detections(undecided, by=PRODUCT, detections=numbers)
            else:
                _queued(together)
        done += len(numbers)
    return done


def _queued(together: list[Detection]) -> SecurityEvent:
    first = together[0]
    return queue_detections(
        by=PRODUCT,
        what=f"{first.title}\n\nIn the log {first.log.name}: {first.line}".strip(),
        rule=first.rule,
        log=first.log.name,
        level=first.level or "unknown",
        noticed_at=first.found_at,
        detections=[each.pk for each in together],
    )


def _together(
    detections: list[Detection], exceptions: Mapping[int, DetectionException | None]
) -> Iterator[tuple[DetectionException | None, list[Detection]]]:
    """Yield detections of one rule in one log under one exception or none, so many at once as one entry of the ledger can name."""

    def key(each: Detection) -> tuple[int, str, int]:
        exception = exceptions[each.pk]
        return each.log_id, each.rule, exception.pk if exception is not None else 0

    for _, some in groupby(sorted(detections, key=key), key=key):
        each = list(some)
        for begin in range(0, len(each), MOST_AT_ONCE):
            yield exceptions[each[0].pk], each[begin : begin + MOST_AT_ONCE]
