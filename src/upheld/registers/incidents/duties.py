"""What incidents ask of people: decide about what is reported, handle, tell, learn, and do what follows."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from upheld.registers.incidents.incident_models import Severity, Told
from upheld.registers.incidents.models import FollowUp, Incident, IncidentNotice, IncidentStep, Lesson, SecurityEvent
from upheld.registers.owing import KNOWN_FOR, LONG_AGO, Duty, Owing, done, interval, made_at, until

LEAD = "security-lead"
BY_LAW = timedelta(hours=72)  # GDPR 33(1), counted to the minute: never later than the law's own count ends


def to_decide(now: datetime) -> Iterator[Owing]:
    """Yield each reported event: whoever leads security decides about it."""
    window = interval("incidents", "triage_window").about
    for each in SecurityEvent.objects.filter(Q(decided_at=None) | Q(decided_at__gt=now - KNOWN_FOR)):
        yield Owing(each.reference, str(each), each.reported_at, role=LEAD, first=window, done=done(each.decided_at))


def to_answer(now: datetime) -> Iterator[Owing]:
    """Yield each event that was decided about and whose reporter can be told."""
    window = interval("incidents", "answer_window").about
    decided = SecurityEvent.objects.filter(decided_at__gt=now - KNOWN_FOR).exclude(reporter="", contact="")
    for each in decided:
        assert each.decided_at is not None
        yield Owing(each.reference, str(each), each.decided_at, role=LEAD, first=window, done=done(each.told_at))


def to_take_on(now: datetime) -> Iterator[Owing]:
    """Yield each incident: whoever leads it takes it on."""
    for each in _recent(now):
        within = interval("incidents", f"acknowledge_{each.severity}").about
        yield Owing(each.reference, str(each), each.opened_at, each.lead, first=within, done=done(each.acknowledged_at))


def to_contain(now: datetime) -> Iterator[Owing]:
    """Yield each incident: whoever leads it contains it."""
    for each in _recent(now):
        within = interval("incidents", f"contain_{each.severity}").about
        yield Owing(each.reference, str(each), each.opened_at, each.lead, first=within, done=done(each.contained_at))


def to_do(now: datetime) -> Iterator[Owing]:
    """Yield each mandatory step of incidents: who holds its role does it while the incident is to be contained."""
    steps = IncidentStep.objects.filter(mandatory=True, incident__in=_recent(now)).select_related("incident")
    for each in steps:
        within = interval("incidents", f"contain_{each.incident.severity}").about
        about, who, ended = f"{each.incident}: {each}", each.person or each.incident.lead, done(each.done_at or each.excused_at)
        yield Owing(each.reference, about, each.incident.opened_at, who, first=within, done=ended)


def to_notify(now: datetime) -> Iterator[Owing]:
    """Yield each breach of personal data: whoever leads the incident tells the supervisory authority."""
    told = dict(IncidentNotice.objects.filter(to=Told.AUTHORITY).order_by("-at").values_list("incident_id", "at"))
    for each in _recent(now):
        if each.known_at is not None:
            yield Owing(each.reference, str(each), each.known_at, each.lead, first=BY_LAW, done=done(told.get(each.pk)))


def to_learn(now: datetime) -> Iterator[Owing]:
    """Yield each incident that is over and was not slight: whoever led it writes down what it taught."""
    learned = dict(Lesson.objects.order_by("-at").values_list("incident_id", "at"))
    window = interval("incidents", "review_window").about
    for each in _recent(now).exclude(severity=Severity.LOW):
        if each.resolved_at is not None:
            yield Owing(each.reference, str(each), each.resolved_at, each.lead, first=window, done=done(learned.get(each.pk)))


def to_follow_up(now: datetime) -> Iterator[Owing]:
    """Yield what follows from incidents: its owner does it by its day."""
    made = made_at(FollowUp)
    for each in FollowUp.objects.filter(Q(done_at=None) | Q(done_at__gt=now - KNOWN_FOR)):
        begins_at = made.get(each.pk, LONG_AGO)
        yield Owing(each.reference, str(each), begins_at, each.owner, first=until(each.due_on, begins_at), done=done(each.done_at))


def _recent(now: datetime) -> QuerySet[Incident]:
    """Return incidents that are open, or were closed lately."""
    return Incident.objects.filter(Q(closed_at=None) | Q(closed_at__gt=now - KNOWN_FOR))


DUTIES = (
    Duty("incidents.decide-event", gettext_noop("Decide about what was reported"), to_decide),
    Duty("incidents.answer-reporter", gettext_noop("Tell whoever reported it what came of it"), to_answer),
    Duty("incidents.acknowledge-incident", gettext_noop("Take on the incident"), to_take_on),
    Duty("incidents.contain-incident", gettext_noop("Contain the incident"), to_contain),
    Duty("incidents.do-step", gettext_noop("Do a step of the playbook"), to_do),
    Duty("incidents.record-notice", gettext_noop("Tell the supervisory authority"), to_notify),
    Duty("incidents.review-incident", gettext_noop("Write down what the incident taught"), to_learn),
    Duty("incidents.finish-follow-up", gettext_noop("Do what follows from an incident"), to_follow_up),
)
