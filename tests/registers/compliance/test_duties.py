"""What auditors' requests, findings and managers' areas ask of whom, by when."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.actors import person

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.registers.compliance.audit_models import AuditFinding, Chapter, Grade, Kind
from upheld.registers.compliance.audits import plan_audit, start_audit
from upheld.registers.compliance.duties import to_answer, to_check, to_mend, to_review
from upheld.registers.compliance.requests import answer_finding, ask_auditee, correct_finding, raise_finding
from upheld.registers.compliance.reviews import name_area, sign_review

TODAY, NOW = date(2026, 5, 4), datetime(2026, 5, 4, 12, tzinfo=UTC)
TOMORROW = datetime(2026, 5, 5, tzinfo=UTC)


def test_who_owes_what_about_an_audit(lead: Person, ada: Person) -> None:
    bob = person("bob", Role.EMPLOYEE)
    period: dict[str, Any] = dict.fromkeys(("period_from_on", "period_until_on", "planned_from_on", "planned_until_on"), TODAY)
    said = {"title": "ISO", "kind": Kind.INTERNAL, "criteria": "ours", "chapters": [Chapter.BACKUP], "lead": "E-bob"}
    audit = start_audit(plan_audit(by=lead, name="iso", **said, **period), by=bob)
    ask_auditee(audit, by=bob, person="E-ada", what="the log", due_on=TODAY)
    raise_finding(audit, by=bob, grade=Grade.MINOR, what="late", person="E-ada", due_on=TODAY)
    for owing in (*to_answer(NOW), *to_mend(NOW)):
        assert (owing.owes, owing.begins_at + owing.first, owing.done) == ("E-ada", TOMORROW, ())
    assert list(to_check(NOW)) == []
    answer_finding(AuditFinding.objects.get(), by=ada, cause="no time", correction="more time")
    correct_finding(AuditFinding.objects.get(), by=ada)
    assert [each.done for each in to_mend(NOW)] == [(NOW,)]
    assert [(each.owes, each.done) for each in to_check(NOW)] == [("E-bob", ())]


def test_a_manager_owes_a_review_each_quarter(lead: Person, ada: Person) -> None:
    area = name_area(by=lead, name="it", title="IT", manager="E-ada", chapters=[Chapter.BACKUP], from_on=TODAY - timedelta(days=10))
    (owing,) = to_review(NOW)
    assert (owing.owes, str(owing.every), owing.done) == ("E-ada", "3 months", ())
    sign_review(area, by=ada, complies=True, conclusion="good")
    assert [each.done for each in to_review(NOW)] == [(NOW,)]
