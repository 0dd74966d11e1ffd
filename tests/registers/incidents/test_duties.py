"""What incidents and training ask of people, and until when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.actors import person

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.registers.incidents import duties, handling, learning
from upheld.registers.incidents.categories import declare_category
from upheld.registers.incidents.deciding import answer_reporter, decide_event, open_incident
from upheld.registers.incidents.models import Decision, Incident, SecurityEvent
from upheld.registers.incidents.reporting import report_event
from upheld.registers.owing import Owing
from upheld.registers.people import duties as training
from upheld.registers.people.models import Course, Provider
from upheld.registers.people.training import declare_course, record_completion
from upheld.registers.staff import Known

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
IDA = person("ida", Role.EMPLOYEE)


def owed(each: Owing) -> tuple[str, timedelta, bool]:
    """Whose it is, how long they have, and whether it is done."""
    return each.owes or each.role, each.first, bool(each.done)


def test_what_is_reported_is_decided_about_and_answered(lead: Person, ada: Person) -> None:
    report_event(by=ada, what="odd")
    assert [owed(each) for each in duties.to_decide(NOW)] == [("security-lead", timedelta(days=2), False)]
    decide_event(SecurityEvent.objects.get(), by=lead, decision=Decision.NONE, reason="a test")
    assert [owed(each) for each in duties.to_decide(NOW)] == [("security-lead", timedelta(days=2), True)]
    assert [owed(each) for each in duties.to_answer(NOW)] == [("security-lead", timedelta(days=7), False)]
    answer_reporter(SecurityEvent.objects.get(), by=lead, words="Thank you.")
    assert [owed(each) for each in duties.to_answer(NOW)] == [("security-lead", timedelta(days=7), True)]


def test_whoever_leads_an_incident_owes_it(lead: Person) -> None:
    category = declare_category(by=lead, name="malware", title="Malware")
    incident = open_incident(by=lead, title="x", category=category, severity="critical", lead="E-ida")
    assert [owed(each) for each in duties.to_take_on(NOW)] == [("E-ida", timedelta(hours=1), False)]
    assert [owed(each) for each in duties.to_contain(NOW)] == [("E-ida", timedelta(hours=24), False)]
    assert list(duties.to_notify(NOW)) == list(duties.to_learn(NOW)) == []
    handling.declare_breach(incident, by=IDA, known_at=NOW, affected="all")
    assert [owed(each) for each in duties.to_notify(NOW)] == [("E-ida", timedelta(hours=72), False)]
    handling.record_notice(Incident.objects.get(), by=IDA, to="supervisory-authority", how="form")
    assert [owed(each) for each in duties.to_notify(NOW)] == [("E-ida", timedelta(hours=72), True)]
    handling.contain_incident(Incident.objects.get(), by=IDA, how="off")
    handling.resolve_incident(Incident.objects.get(), by=IDA, words="over")
    assert [owed(each) for each in duties.to_learn(NOW)] == [("E-ida", timedelta(days=14), False)]
    lesson = learning.review_incident(Incident.objects.get(), by=IDA, cause="c", lesson="l")
    learning.plan_follow_up(lesson, by=IDA, what="patch", owner="E-ada", due_on=date(2026, 5, 10))
    assert [owed(each) for each in duties.to_learn(NOW)] == [("E-ida", timedelta(days=14), True)]
    assert [(each.owes, each.begins_at + each.first) for each in duties.to_follow_up(NOW)] == [("E-ada", datetime(2026, 5, 11, tzinfo=UTC))]


def test_courses_are_taken_again_and_again(lead: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = {
        "E-ada": Known("Ada", "sales", "clerk", date(2026, 5, 1), None),
        "E-bob": Known("Bob", "it", "boss", date(2020, 1, 1), None),
        "E-old": Known("Old", "sales", "clerk", date(2020, 1, 1), date(2026, 5, 3)),
    }
    monkeypatch.setattr(training, "known", lambda: staff)
    monkeypatch.setattr("upheld.registers.staff.known", lambda: staff)
    common = {"provider": Provider.INSIDE, "subjects": ["data-protection"]}
    declare_course(by=lead, name="basics", title="Basics", mandatory=True, **common)
    declare_course(by=lead, name="clerks", title="For clerks", mandatory=True, roles=["clerk"], **common)
    declare_course(by=lead, name="yoga", title="Yoga", mandatory=False, **common)
    record_completion(Course.objects.get(name="basics"), by=lead, person="E-bob", completed_on=date(2026, 5, 4))
    assert [(each.about, each.owes, str(each.every), len(each.done)) for each in training.to_take(NOW)] == [
        ("Basics", "E-ada", "12 months", 0),
        ("Basics", "E-bob", "12 months", 1),
        ("For clerks", "E-ada", "12 months", 0),
    ]
