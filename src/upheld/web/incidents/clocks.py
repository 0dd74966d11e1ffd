"""The clocks of an incident: by when each thing is due, by the company's own times or by law, and whether it was done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from upheld.due import by_law_hours
from upheld.registers.incidents.incident_models import Severity, Told
from upheld.registers.incidents.models import Incident, IncidentNotice
from upheld.registers.owing import interval
from upheld.web import wording

NOTIFY_HOURS = 72
MOST_HOURS = 100  # beyond which days will do
GDPR = gettext_noop("GDPR 33(1): 72 hours from knowing of it, the first hour not counted (Regulation 1182/71, Article 3(1))")


class Stand(StrEnum):
    """How a clock stands."""

    DONE = "done"
    LATE = "done late"
    WAIVED = "not needed"
    RUNNING = "running"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Clock:
    """One thing that is due: `what` in words, by when, when it was done, how it stands, what says so, and how long is left."""

    what: str
    due_at: datetime
    done_at: datetime | None
    stand: Stand
    why: str = ""
    left: str = ""

    @property
    def css(self) -> str:
        """The class by which it is coloured; the word stands beside it."""
        return {Stand.DONE: "upheld", Stand.WAIVED: "excepted", Stand.RUNNING: "at-risk"}.get(self.stand, "broken")


def clocks(incident: Incident, notices: list[IncidentNotice], reviewed_at: datetime | None, now: datetime) -> Iterator[Clock]:
    """Yield the clocks of `incident` in the order in which they fall due, for most incidents."""
    taken_on = min(filter(None, (incident.acknowledged_at, incident.contained_at)), default=None)
    yield _clock(_("Take it on"), _by(incident, "acknowledge"), taken_on, now)
    yield _clock(_("Contain it"), _by(incident, "contain"), incident.contained_at, now)
    if incident.known_at is not None:
        yield _authority(incident.known_at, [each for each in notices if each.to == Told.AUTHORITY], now)
    if incident.resolved_at is not None and incident.severity != Severity.LOW:
        window = interval("incidents", "review_window")
        yield _clock(_("Learn from it"), window.after(incident.resolved_at), reviewed_at, now)


def _by(incident: Incident, what: str) -> datetime:
    return interval("incidents", f"{what}_{incident.severity}").after(incident.opened_at)


def _authority(known_at: datetime, notices: list[IncidentNotice], now: datetime) -> Clock:
    due_at = by_law_hours(known_at, NOTIFY_HOURS)
    sent_at = min((each.sent_at for each in notices if each.sent_at), default=None)
    what, why = _("Tell the supervisory authority"), _(GDPR)
    if sent_at is None and any(each.waived for each in notices):
        return Clock(str(what), due_at, None, Stand.WAIVED, str(why))
    return _clock(what, due_at, sent_at, now, str(why))


def _clock(what: object, due_at: datetime, done_at: datetime | None, now: datetime, why: str = "") -> Clock:
    late = due_at < (done_at or now)
    stand = (Stand.LATE if late else Stand.DONE) if done_at else Stand.OVERDUE if late else Stand.RUNNING
    return Clock(str(what), due_at, done_at, stand, why, hours(due_at, now))


def hours(due_at: datetime, now: datetime) -> str:
    """Return how long there is until `due_at`, or how long it is past, to the minute while it is a matter of hours."""
    minutes = int(abs(due_at - now).total_seconds()) // 60
    if minutes >= MOST_HOURS * 60:
        return wording.ago(due_at, now)
    said = f"{minutes // 60} h {minutes % 60:02} min"
    return f"in {said}" if due_at >= now else f"{said} ago"
