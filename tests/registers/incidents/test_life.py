"""The life of an incident: reported, decided about, handled by the playbook, told of, closed, and learned from."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.actors import person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, OutOfScope, Refused
from upheld.registers.governance.models import Responsibility
from upheld.registers.governance.policies import approve_policy, declare_policy, draft_policy, publish_policy, submit_policy
from upheld.registers.governance.policy_models import Audience, PolicyKind, PolicyVersion
from upheld.registers.governance.responsibilities import declare_responsibility, give_responsibility
from upheld.registers.incidents import handling, learning
from upheld.registers.incidents.categories import declare_category, end_category, put_on_call
from upheld.registers.incidents.deciding import answer_reporter, decide_event, open_incident
from upheld.registers.incidents.handling import StillOpen
from upheld.registers.incidents.models import Decision, EventKind, Incident, IncidentCategory, IncidentStep, SecurityEvent
from upheld.registers.incidents.reporting import note_report, report_event
from upheld.registers.incidents.rows import incident_categories, incident_follow_ups, incident_steps, incidents, security_events

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
TEXT = "# Malware\n\n- [ ] incident-lead: Unplug it\n- [ ] Look further\n- [ ] Tell the press (optional)\n"


@pytest.fixture
def category(lead: Person) -> IncidentCategory:
    """Malware, with a published playbook; Ida leads incidents."""
    for name, who in (("board", "E-max"), ("incident-lead", "E-ida")):
        made = declare_responsibility(by=lead, name=name, title=name, purpose="all", management=name == "board")
        give_responsibility(made, by=lead, person=who, part="accountable", from_on=date(2020, 1, 1))
    assert Responsibility.objects.count() == 2
    said = {"kind": PolicyKind.PLAYBOOK, "title": "Malware playbook", "owner": "E-lea", "audience": Audience.NOBODY}
    draft = draft_policy(declare_policy(by=lead, name="malware-playbook", **said), by=lead, text=TEXT, summary="first")
    approve_policy(submit_policy(draft, by=lead), by=person("max", Role.MANAGER))
    publish_policy(PolicyVersion.objects.get(pk=draft.pk), by=lead)
    return declare_category(by=lead, name="malware", title="Malware", playbook="malware-playbook")


def new(event: SecurityEvent | Incident) -> SecurityEvent | Incident:
    return type(event).objects.get(pk=event.pk)


def opened(by: Person, category: IncidentCategory, **more: object) -> Incident:
    return open_incident(by=by, title="A strange program", category=category, severity="high", **more)


TOLD = ("personal data breached", "notified", "closed")
IDA = person("ida", Role.EMPLOYEE)


def test_what_somebody_reports_becomes_an_incident_with_the_playbooks_steps(lead: Person, ada: Person, category: IncidentCategory) -> None:
    event = report_event(by=ada, what="A strange program\nruns on my laptop.", noticed_at=NOW - timedelta(hours=1))
    with pytest.raises(Ill, match="Say how bad it is"):
        decide_event(event, by=lead, decision=Decision.INCIDENT, reason="Malware.", category=category)
    decided = decide_event(event, by=lead, decision=Decision.INCIDENT, reason="Malware.", category=category, severity="high")
    incident = decided.incident
    assert (incident.title, incident.lead, incident.noticed_at) == ("A strange program", "E-ida", NOW - timedelta(hours=1))
    assert list(incident.steps.values_list("words", "role", "person", "mandatory")) == [
        ("Unplug it", "incident-lead", "E-ida", True),
        ("Look further", "", "E-ida", True),
        ("Tell the press", "", "E-ida", False),
    ]
    with pytest.raises(Refused, match="was decided about already"):
        decide_event(new(event), by=lead, decision=Decision.NONE, reason="No.")
    answer_reporter(new(event), by=lead, words="Thank you; it was malware.")
    assert next(iter(security_events()))["told_at"] == NOW


def test_whoever_is_on_call_handles_it(lead: Person, category: IncidentCategory) -> None:
    put_on_call(by=lead, person="E-bob", from_at=NOW - timedelta(days=1), until_at=NOW + timedelta(days=1))
    put_on_call(by=lead, person="E-eve", from_at=NOW + timedelta(days=1), until_at=NOW + timedelta(days=2))
    assert opened(lead, category).lead == "E-bob"
    assert opened(lead, category, lead="E-eve").lead == "E-eve"
    with clock.at(NOW + timedelta(days=3)):
        assert opened(lead, category).lead == "E-ida"


def test_it_is_resolved_only_by_the_playbook_and_closed_only_with_its_record(lead: Person, category: IncidentCategory) -> None:
    incident = opened(lead, category, noticed_at=NOW - timedelta(hours=2))
    handling.acknowledge_incident(incident, by=IDA)
    first, second, _optional = IncidentStep.objects.all()
    with pytest.raises(StillOpen, match="2 of the playbook's steps are neither done nor excused"):
        handling.resolve_incident(new(incident), by=IDA, words="over")
    handling.do_step(first, by=IDA)
    handling.excuse_step(second, by=IDA, reason="it reached nothing: it had no network")
    with pytest.raises(StillOpen, match="Say first that it is contained"):
        handling.resolve_incident(new(incident), by=IDA, words="over")
    handling.contain_incident(new(incident), by=IDA, how="unplugged")
    handling.resolve_incident(new(incident), by=IDA, words="new disk")
    said = {"happened_at": NOW - timedelta(days=1), "consequences": "one laptop", "measures": "patched"}
    with pytest.raises(StillOpen, match="whether personal data were breached"):
        handling.close_incident(new(incident), by=IDA, **said)
    handling.declare_breach(new(incident), by=IDA, known_at=NOW - timedelta(hours=1), affected="40 customers' addresses")
    with pytest.raises(StillOpen, match="The supervisory authority was not told"):
        handling.close_incident(new(incident), by=IDA, **said)
    handling.record_notice(new(incident), by=IDA, to="supervisory-authority", how="by their form, number 77")
    with pytest.raises(Ill, match="cannot have happened after it was noticed"):
        handling.close_incident(new(incident), by=IDA, **{**said, "happened_at": NOW})
    closed = handling.close_incident(new(incident), by=IDA, **said)
    assert (closed.state, closed.personal_data, closed.known_at) == ("closed", True, NOW - timedelta(hours=1))
    with pytest.raises(Refused, match="is closed"):
        handling.note_on_incident(new(incident), by=IDA, words="late")
    row = next(iter(incidents()))
    assert (row["has_consequences"], row["has_measures"], row["known_at"]) == (True, True, NOW - timedelta(hours=1))
    assert [(each["done_at"], each["excused_at"], each["has_reason"]) for each in incident_steps()] == [
        (NOW, None, False),
        (None, NOW, True),
        (None, None, False),
    ]
    told = list(incident.notes.order_by("id").values_list("kind", flat=True))
    assert told == ["opened", "acknowledged", "step done", "step excused", "contained", "resolved", *TOLD]


def test_only_the_lead_decides_that_an_authority_need_not_be_told(lead: Person, category: IncidentCategory) -> None:
    incident = opened(lead, category)
    with pytest.raises(Refused, match="takes the role dpo or security-lead"):
        handling.waive_notice(incident, by=IDA, to="supervisory-authority", reason="encrypted")
    handling.waive_notice(incident, by=person("dee", Role.DPO), to="supervisory-authority", reason="encrypted, the key is safe")
    assert incident.notices.get().waived


def test_what_it_teaches_is_somebodys_to_do(lead: Person, ada: Person, category: IncidentCategory) -> None:
    incident = opened(lead, category)
    with pytest.raises(Refused, match="Resolve it first"):
        learning.review_incident(incident, by=IDA, cause="no patch", lesson="patch")
    for step in IncidentStep.objects.filter(mandatory=True):
        handling.do_step(step, by=IDA)
    handling.contain_incident(new(incident), by=IDA, how="unplugged")
    handling.resolve_incident(new(incident), by=IDA, words="new disk")
    lesson = learning.review_incident(new(incident), by=IDA, cause="no patch", lesson="patch weekly", strengthens="assets/patched")
    follow_up = learning.plan_follow_up(lesson, by=IDA, what="Patch weekly", owner="E-ada", due_on=date(2026, 5, 20))
    with pytest.raises(OutOfScope):
        learning.finish_follow_up(follow_up, by=person("eve", Role.EMPLOYEE), note="done")
    learning.finish_follow_up(follow_up, by=ada, note="every Monday")
    assert next(iter(incident_follow_ups()))["done_at"] == NOW


def test_handed_over_it_is_somebody_elses(lead: Person, ada: Person, category: IncidentCategory) -> None:
    incident = opened(lead, category)
    with pytest.raises(OutOfScope):
        handling.acknowledge_incident(incident, by=ada)
    handling.hand_over_incident(incident, by=IDA, lead="E-ada", second="E-eve")
    assert set(IncidentStep.objects.values_list("person", flat=True)) == {"E-ada"}
    handling.do_step(IncidentStep.objects.first(), by=person("eve", Role.EMPLOYEE))
    handling.acknowledge_incident(new(incident), by=ada)


def test_what_people_outside_tell_is_entered_with_how_to_answer(lead: Person, category: IncidentCategory) -> None:
    weakness = note_report(by=lead, what="XSS", contact="rita@example.net", kind=EventKind.WEAKNESS, reported_at=NOW - timedelta(days=1))
    with pytest.raises(Refused, match="Decide about it first"):
        answer_reporter(weakness, by=lead, words="Thanks.")
    answer_reporter(decide_event(weakness, by=lead, decision=Decision.MEND, reason="true"), by=lead, words="Thanks; mended.")
    row = next(iter(security_events()))
    assert (row["can_be_told"], row["reporter_id"], row["decision"]) == (True, None, "weakness-to-mend")
    incident = opened(lead, category)
    part = report_event(by=IDA, what="The same on mine")
    assert decide_event(part, by=lead, decision=Decision.PART, reason="same file", incident=incident).incident_id == incident.pk


@pytest.mark.parametrize("ahead", ["noticed_at"])
def test_nothing_is_noticed_before_it_happens(ada: Person, ahead: str) -> None:
    with pytest.raises(Ill, match="lies in the future"):
        report_event(by=ada, what="x", **{ahead: NOW + timedelta(minutes=1)})


def test_a_category_needs_a_playbook_that_there_is(lead: Person, category: IncidentCategory) -> None:
    with pytest.raises(Ill, match="no playbook called nonsense"):
        declare_category(by=lead, name="theft", title="Theft", playbook="nonsense")
    assert list(incident_categories()) == [
        {"id": "malware", "title": "Malware", "playbook_id": "malware-playbook", "steps": 3, "roles": ["incident-lead"]}
    ]
    end_category(category, by=lead)
    with pytest.raises(Ill, match="no longer used"):
        opened(lead, new(category))
    assert list(incident_categories()) == []
