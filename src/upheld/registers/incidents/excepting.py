"""Actions by which detections are expected for a time: exceptions with reason and end, by which events are decided about at once."""

from datetime import date, timedelta
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Text
from upheld.logs.models import Detection
from upheld.registers.incidents.models import DetectionException
from upheld.registers.rules import LEADS
from upheld.registers.words import Name, Prose

LONGEST = timedelta(days=180)


@action(by=LEADS, makes=DetectionException)
def except_detections(
    *,
    by: Person,
    rule: Annotated[str, Text(200), "the rule whose detections are expected, by its number"],
    reason: Annotated[Prose, "why they are; whoever reads it next year must understand"],
    until_on: Annotated[date, "the last day on which they are"],
    log: Annotated[Name | None, "only in this log"] = None,
    only: Annotated[str | None, Text(200), "only where the line or the group has this text, as in 192.0.2.7"] = None,
) -> DetectionException:
    """Ask that detections of a rule be expected for a time, as of a scanner of your own. Somebody else must agree."""
    today = clock.now().date()
    if not today <= until_on <= today + LONGEST:
        raise ill(until_on=f"An exception ends within {LONGEST.days} days; it can be asked for again.")
    return keep(DetectionException(rule=rule, log=log or "", only=only or "", reason=reason, until_on=until_on, asked_by=by.ref))


def _open(exception: DetectionException) -> str:
    if exception.ended_at:
        return "It was ended."
    return "It was agreed to already." if exception.agreed_at else ""


@action(by=LEADS, when=_open, apart_from=["except-detections"], why_apart="nobody agrees to an exception that they asked for")
def agree_to_detections(exception: DetectionException, *, by: Person) -> DetectionException:
    """Agree that such detections are expected: from now on they are decided about as they come, until the last day."""
    exception.agreed_at, exception.agreed_by = clock.now(), by.ref
    return keep(exception)


def _ended(exception: DetectionException) -> str:
    return "It was ended already." if exception.ended_at else ""


@action(by=LEADS, when=_ended)
def end_detection_exception(exception: DetectionException, *, by: Person) -> DetectionException:
    """End `exception` before its last day, or refuse it: detections go to the queue again."""
    exception.ended_at = clock.now()
    return keep(exception)


def expected(detection: Detection) -> DetectionException | None:
    """Return the exception in force under which `detection` falls, if there is one."""
    today = clock.now().date()
    said = f"{detection.line}\n{' '.join(detection.group.values())}"
    for each in DetectionException.objects.filter(rule=detection.rule, ended_at=None, until_on__gte=today).exclude(agreed_at=None):
        if each.log in ("", detection.log.name) and each.only in said:
            return each
    return None
