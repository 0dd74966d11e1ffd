"""Actions by which events are reported: by whoever works here, by a link without an account, and by rules over logs."""

from datetime import date, datetime, timedelta
from ipaddress import ip_network
from secrets import token_hex
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.kinds import Text
from upheld.registers.incidents.models import EventKind, ReportLink, SecurityEvent
from upheld.registers.rules import LEADS, STAFF, not_ahead
from upheld.registers.words import Line, Name, Prose

MOST_BY_LINK = 60  # reports an hour, so that whoever has a link cannot drown what others report


@action(by=STAFF, makes=SecurityEvent)
def report_event(
    *,
    by: Person,
    what: Annotated[Prose, "what you saw or suspect, in your own words; never write down a password"],
    kind: Annotated[EventKind, "event: it happened; weakness: it could be used"] = EventKind.EVENT,
    noticed_at: Annotated[datetime | None, "when you noticed it; now if not given"] = None,
) -> SecurityEvent:
    """Report something that happened, or a weakness. A suspicion is enough."""
    return keep(
        SecurityEvent(
            kind=kind, what=what, noticed_at=not_ahead(noticed_at, "noticed_at"), reported_at=clock.now(), reporter=by.ref, contact=""
        )
    )


@action(by=LEADS, makes=SecurityEvent)
def note_report(
    *,
    by: Person,
    what: Prose,
    contact: Annotated[Line, "who told us, and how to answer them"],
    kind: EventKind = EventKind.EVENT,
    noticed_at: Annotated[datetime | None, "when they noticed it"] = None,
    reported_at: Annotated[datetime | None, "when it reached us; now if not given"] = None,
) -> SecurityEvent:
    """Enter what somebody outside told us: a supplier, a researcher by the address in security.txt, a customer."""
    reached = not_ahead(reported_at, "reported_at")
    noticed = noticed_at or reached
    if noticed > reached:
        raise ill(noticed_at="They cannot have noticed it after they told us.")
    return keep(SecurityEvent(kind=kind, what=what, noticed_at=noticed, reported_at=reached, contact=contact))


@action(by=LEADS, makes=ReportLink)
def open_report_link(
    *,
    by: Person,
    title: Annotated[Line, "where it is put, as in intranet"],
    until_on: date,
    networks: Annotated[list[Annotated[str, Text(60)]], "from which networks alone, as in 10.0.0.0/8; anywhere if none"] = [],  # noqa: B006  never changed
) -> ReportLink:
    """Make an address where whoever has it reports without an account, until a day."""
    if until_on < clock.now().date():
        raise ill(until_on="This day is past.")
    for each in networks:
        try:
            ip_network(each)
        except ValueError as error:
            raise ill(networks=f"{each} is no network; write it as in 10.0.0.0/8.") from error
    return keep(ReportLink(title=title, networks=list(networks), until_on=until_on, visitor=f"link-{token_hex(8)}"))


def why_shut(link: ReportLink) -> str:
    """Return why nobody can report by `link` now; "" where they can."""
    if link.ended_at or link.until_on < clock.now().date():
        return "This link is no longer open."
    return ""


@action(by=LEADS, when=why_shut)
def end_report_link(link: ReportLink, *, by: Person) -> ReportLink:
    """Shut `link`: nobody can report by it any more."""
    link.ended_at = clock.now()
    return keep(link)


@action(by=STAFF, makes=SecurityEvent, when=why_shut)
def report_by_link(
    link: ReportLink,
    *,
    by: Person,
    what: Prose,
    kind: EventKind = EventKind.EVENT,
    contact: Annotated[Line | None, "how to answer you; without it nobody can"] = None,
) -> SecurityEvent:
    """Report something by `link`, without saying who you are unless you want to."""
    now = clock.now()
    if link.events.filter(reported_at__gt=now - timedelta(hours=1)).count() >= MOST_BY_LINK:
        raise Refused("Too much was reported by this link within the hour. Tell somebody in person, or sign in and report it.")
    return keep(SecurityEvent(kind=kind, what=what, noticed_at=now, reported_at=now, contact=contact or "", link=link))


@action(by=LEADS, makes=SecurityEvent)
def queue_detections(
    *,
    by: Person,
    what: Prose,
    rule: Annotated[str, Text(200), "the rule that found them"],
    log: Annotated[Name, "the log that they were found in"],
    level: Annotated[Name, "how bad the rule says that is"],
    noticed_at: Annotated[datetime, "when they were found first"],
    detections: Annotated[list[int], "their numbers"],
) -> SecurityEvent:
    """Put what a rule found in a log into the queue. The product does this by itself, within a minute."""
    now = clock.now()
    return keep(
        SecurityEvent(
            kind=EventKind.EVENT,
            what=what,
            rule=rule,
            log=log,
            level=level,
            detections=sorted(detections),
            noticed_at=not_ahead(noticed_at, "noticed_at"),
            reported_at=now,
        )
    )


def _undecided(event: SecurityEvent) -> str:
    if not event.rule:
        return "Somebody reported this; detections go with what a rule found."
    return "It was decided about already." if event.decided_at else ""


@action(by=LEADS, when=_undecided)
def join_detections(event: SecurityEvent, *, by: Person, detections: list[int]) -> SecurityEvent:
    """Add more of what the same rule found in the same log to `event`, while nobody has decided about it."""
    event.detections = sorted({*event.detections, *detections})
    return keep(event)
