"""Audits: who may not audit, samples that anybody can draw again, requests and findings, and what cannot be closed yet."""

import subprocess
from datetime import date, timedelta
from typing import Any

import pytest
from tests.actors import person

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused, SamePerson
from upheld.documents.document import CHAPTERS
from upheld.registers.compliance.audit_models import Audit, AuditFinding, AuditRequest, AuditState, Chapter, Grade, Kind, Sample, SampleItem
from upheld.registers.compliance.audit_rows import audit_auditors, audit_findings, audit_scopes, audits
from upheld.registers.compliance.audits import (
    add_body,
    check_independence,
    close_audit,
    plan_audit,
    record_audit,
    report_audit,
    start_audit,
)
from upheld.registers.compliance.drawing import draw, population_digest
from upheld.registers.compliance.requests import (
    accept_answer,
    answer_finding,
    answer_request,
    ask_auditee,
    check_effect,
    correct_finding,
    raise_finding,
    send_back_answer,
)
from upheld.registers.compliance.sampling import Result, draw_sample, judge_item
from upheld.registers.governance.models import Part
from upheld.registers.governance.policies import want_topic
from upheld.registers.governance.responsibilities import declare_responsibility, give_responsibility
from upheld.registers.source import REGISTERS
from upheld.sources import configured
from upheld.sources.collecting import collect

TODAY = date(2026, 5, 4)
PERIOD: dict[str, Any] = {
    "period_from_on": date(2025, 5, 1),
    "period_until_on": TODAY,
    "planned_from_on": TODAY,
    "planned_until_on": date(2026, 5, 20),
}


@pytest.fixture
def bob(lead: Person) -> Person:
    """Bob, who audits."""
    return person("bob", Role.EMPLOYEE)


def planned(by: Person, **more: Any) -> Audit:
    said = {
        "name": "iso",
        "title": "ISO",
        "kind": Kind.INTERNAL,
        "criteria": "ours",
        "chapters": [Chapter.BACKUP],
        "lead": "E-bob",
        **PERIOD,
    }
    return plan_audit(by=by, **{**said, **PERIOD, **more})


def running(by: Person, bob: Person, **more: Any) -> Audit:
    return start_audit(planned(by, **more), by=bob)


def test_the_chapters_are_those_of_documents() -> None:
    assert tuple(Chapter) == CHAPTERS


def test_nobody_audits_what_they_answered_for_in_the_period(lead: Person) -> None:
    operations = declare_responsibility(by=lead, name="it-operations", title="IT", purpose="it")
    part = {"part": Part.RESPONSIBLE, "from_on": date(2020, 1, 1)}
    give_responsibility(operations, by=lead, person="E-bob", until_on=date(2025, 5, 1), **part)
    give_responsibility(operations, by=lead, person="E-eve", until_on=date(2025, 4, 30), **part)
    with pytest.raises(Ill, match="E-bob had the responsibility it-operations in the period"):
        planned(lead)
    with pytest.raises(Ill, match="E-bob had the responsibility"):
        planned(lead, lead="E-eve", auditors=["E-bob"])
    assert planned(lead, lead="E-eve").auditors == ["E-eve"]
    assert planned(lead, name="hr", chapters=[], systems=["hr"]).lead == "E-bob"


def test_whoever_came_to_own_it_since_it_was_planned_does_not_start_it(lead: Person, bob: Person) -> None:
    audit = planned(lead)
    operations = declare_responsibility(by=lead, name="it-operations", title="IT", purpose="it")
    give_responsibility(operations, by=lead, person="E-bob", part=Part.ACCOUNTABLE, from_on=TODAY)
    with pytest.raises(Ill, match="somebody who owned nothing in scope"):
        start_audit(audit, by=bob)


def test_an_audit_says_what_and_by_whom(lead: Person) -> None:
    with pytest.raises(Ill, match="Say which chapters or systems"):
        planned(lead, chapters=[])
    with pytest.raises(Ill, match="Say who leads it"):
        planned(lead, lead=None)
    with pytest.raises(Ill, match="Say which body"):
        planned(lead, kind=Kind.SURVEILLANCE)
    with pytest.raises(Ill, match="lies before the first"):
        planned(lead, period_until_on=date(2025, 4, 30))
    planned(lead)
    with pytest.raises(Ill, match="an audit called iso already"):
        planned(lead)


def test_an_external_audit_from_before_is_recorded(lead: Person) -> None:
    body = check_independence(add_body(by=lead, name="tuev", title="TÜV"), by=lead, on=TODAY)
    said = {"period_from_on": date(2024, 1, 1), "period_until_on": date(2024, 12, 31), "conclusion": "certified", "criteria": "ISO"}
    said |= {"by": lead, "name": "a", "title": "A", "kind": Kind.CERTIFICATION, "body": body, "chapters": [Chapter.BACKUP]}
    with pytest.raises(Ill, match="plan the audit instead"):
        record_audit(ended_on=date(2026, 5, 5), **said)
    record_audit(ended_on=date(2025, 2, 1), **said)
    (row,) = audits()
    assert (row["is_external"], row["certifies"], row["body_id"], row["ended_on"]) == (True, True, "tuev", date(2025, 2, 1))
    assert (list(audit_auditors()), [row["name"] for row in audit_scopes()]) == ([], ["backup"])


def test_what_is_asked_is_answered_and_accepted_by_somebody_else(lead: Person, ada: Person, bob: Person) -> None:
    audit = running(lead, bob)
    with pytest.raises(NotAllowed, match="Only those who audit"):
        ask_auditee(audit, by=lead, person="E-ada", what="the restore log", due_on=TODAY)
    with pytest.raises(Ill, match="from today on"):
        ask_auditee(audit, by=bob, person="E-ada", what="the restore log", due_on=TODAY - timedelta(days=1))
    asked = ask_auditee(audit, by=bob, person="E-ada", what="the restore log", due_on=TODAY)
    with pytest.raises(Refused, match="not answered yet"):
        accept_answer(asked, by=bob)
    answered = answer_request(asked, by=ada, answer="here it is")
    with pytest.raises(SamePerson):
        accept_answer(answered, by=ada)
    again = send_back_answer(answered, by=bob, note="of which month?", due_on=TODAY)
    assert again.answered_at is None
    answer_request(AuditRequest.objects.get(), by=ada, answer="of May")
    with pytest.raises(Refused, match="1 of its requests"):
        report_audit(audit, by=bob, conclusion="good")
    accept_answer(AuditRequest.objects.get(), by=bob)
    assert report_audit(Audit.objects.get(), by=bob, conclusion="good").ended_on == TODAY


def found(audit: Audit, bob: Person, **more: Any) -> AuditFinding:
    said = {"grade": Grade.MAJOR, "what": "no restore was tried", "person": "E-ada", "due_on": TODAY + timedelta(days=30), **more}
    return raise_finding(audit, by=bob, **said)


def test_a_finding_is_closed_by_who_sees_that_the_mending_works(lead: Person, ada: Person, bob: Person) -> None:
    audit = running(lead, bob)
    with pytest.raises(Ill, match="does not mend"):
        found(audit, bob, person="E-bob")
    finding = found(audit, bob)
    with pytest.raises(Refused, match="Say first why"):
        correct_finding(finding, by=ada)
    with pytest.raises(NotAllowed, match="Somebody else mends"):
        answer_finding(finding, by=lead, cause="none", correction="none")
    answered = answer_finding(finding, by=ada, cause="no time", correction="each month")
    with pytest.raises(Refused, match="Nothing was said to be done"):
        check_effect(answered, by=bob, works=True, effect="saw it")
    corrected = correct_finding(AuditFinding.objects.get(), by=ada)
    with pytest.raises(NotAllowed):
        check_effect(corrected, by=ada, works=True, effect="it works")
    open_still = check_effect(corrected, by=bob, works=False, effect="one of three failed", due_on=TODAY + timedelta(days=60))
    assert (open_still.closed_at, open_still.corrected_at, open_still.due_on) == (None, None, TODAY + timedelta(days=60))
    correct_finding(AuditFinding.objects.get(), by=ada)
    check_effect(AuditFinding.objects.get(), by=bob, works=True, effect="three of three")
    (row,) = audit_findings()
    assert row["closed_at"] is not None and row["title"] == "ISO, major 1"


def test_an_audit_is_closed_by_somebody_else_once_its_findings_are_answered(lead: Person, ada: Person, bob: Person) -> None:
    audit = running(lead, bob)
    finding = found(audit, bob)
    reported = report_audit(Audit.objects.get(), by=bob, conclusion="one gap")
    with pytest.raises(NotAllowed):
        close_audit(reported, by=bob)
    with pytest.raises(SamePerson):
        close_audit(reported, by=person("bob", Role.SECURITY_LEAD))
    with pytest.raises(Refused, match="1 of its findings have no answer"):
        close_audit(reported, by=lead)
    answer_finding(finding, by=ada, cause="no time", correction="each month")
    assert close_audit(Audit.objects.get(), by=lead).state == AuditState.CLOSED


def test_a_sample_of_what_a_measure_looked_at_is_drawn_and_tested(lead: Person, bob: Person) -> None:
    for number in range(9):
        want_topic(by=lead, name=f"r{number}", title=f"R{number}")
    collect(configured.add("registers", REGISTERS.name, {}))
    audit = running(lead, bob)
    with pytest.raises(Ill, match="no measure called"):
        draw_sample(audit, by=bob, measure="backup/nothing", size=3)
    with pytest.raises(Ill, match="looks back on"):
        draw_sample(audit, by=bob, measure="governance/policy_set_complete", size=3, as_of_on=date(2024, 1, 1))
    with pytest.raises(Refused, match="could not be judged as of then"):
        draw_sample(audit, by=bob, measure="governance/policy_set_complete", size=3, as_of_on=date(2025, 6, 1))
    with pytest.raises(Ill, match="32 to 64 hex digits"):
        draw_sample(audit, by=bob, measure="governance/policy_set_complete", size=3, seed="42")
    sample = draw_sample(audit, by=bob, measure="governance/policy_set_complete", size=3, seed="0" * 32)
    subjects = [f"registers/r{number}" for number in range(9)]
    assert (sample.population, sample.digest) == (9, population_digest(subjects))
    items = list(SampleItem.objects.filter(sample=sample))
    assert [each.subject for each in items] == list(draw("0" * 32, sample.digest, subjects, 3))
    assert {each.measured for each in items} == {"fails"}
    with pytest.raises(Refused, match="3 items of its samples are not tested"):
        report_audit(audit, by=bob, conclusion="good")
    with pytest.raises(Ill, match="Say what deviates"):
        judge_item(items[0], by=bob, result=Result.DEVIATES)
    for each in items:
        judge_item(each, by=bob, result=Result.DEVIATES, note="there is no policy")
    assert report_audit(Audit.objects.get(), by=bob, conclusion="bad").state == AuditState.REPORTED
    assert str(Sample.objects.get()) == "3 of 9 of governance/policy_set_complete"


def test_anybody_draws_the_same_with_a_shell(tmp_path) -> None:
    subjects = ["ä/1", "z/2", "a b/3", "c\td/4", "e/5"]
    (tmp_path / "subjects").write_bytes(b"".join(each.encode() + b"\n" for each in sorted(subjects, key=str.encode)))
    digest = population_digest(subjects)
    counted = subprocess.run(["sha256sum", tmp_path / "subjects"], capture_output=True, text=True, check=True)
    assert counted.stdout.split()[0] == digest
    script = (
        'while IFS= read -r s; do printf "%s %s\\n" "$(printf "%s %s %s" "$1" "$2" "$s" | sha256sum | cut -c1-64)" "$s"; done <"$3"'
        " | LC_ALL=C sort | cut -c66- | head -n 3"
    )
    words = ["bash", "-c", script, "bash", "ab" * 16, digest, str(tmp_path / "subjects")]
    drawn = subprocess.run(words, capture_output=True, text=True, check=True)
    assert drawn.stdout.splitlines() == list(draw("ab" * 16, digest, subjects, 3))
    assert draw("ab" * 16, digest, subjects, 3) != draw("cd" * 16, digest, subjects, 3)
    assert population_digest(["a\nb"]) != population_digest(["a", "b"])
