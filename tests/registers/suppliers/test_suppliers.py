"""The life of a supplier: proposed, assessed, approved by somebody else, agreed with, engaged, looked at again, changed, ended."""

from datetime import date, timedelta

import pytest
from tests.actors import person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused, SamePerson
from upheld.actions.files import keep_file
from upheld.registers.suppliers.agreements import check_agreement, end_agreement, enter_agreement, set_requirement
from upheld.registers.suppliers.chains import note_disclosure
from upheld.registers.suppliers.changes import decide_change, note_change, reassess_change
from upheld.registers.suppliers.looking_models import AssuranceKind, Decision, ReviewKind, ReviewOutcome, ServiceChange
from upheld.registers.suppliers.models import Provides, Supplier, SupplierAssessment, Tier
from upheld.registers.suppliers.onboarding import approve_supplier, assess_supplier, end_supplier, engage_supplier, propose_supplier
from upheld.registers.suppliers.reviews import add_assurance, raise_issue, read_assurance, review_supplier, settle_issue
from upheld.registers.suppliers.rows import assurance_reports, supplier_changes, supplier_issues, suppliers

TODAY = date(2026, 5, 4)


@pytest.fixture
def dora(lead: Person) -> Person:
    """Dora, the data protection officer."""
    return person("dora", Role.DPO)


def proposed(by: Person, **more: object) -> Supplier:
    said = {"name": "host", "title": "Host", "owner": "E-lea", "provides": [Provides.HOSTING], "what": "machines", **more}
    return propose_supplier(by=by, **{"tier": Tier.HIGH, "touches": True, **said})


def approved(supplier: Supplier, lead: Person, dora: Person) -> SupplierAssessment:
    return approve_supplier(assess_supplier(supplier, by=lead, risks="few"), by=dora)


def signed(supplier: Supplier, lead: Person, *requirements: str, **more: object) -> object:
    said = {"title": "Terms", "signed_on": TODAY, "from_on": TODAY, "document": keep_file(b"signed"), "requirements": list(requirements)}
    return enter_agreement(supplier, by=lead, **said, **more)


def test_none_is_engaged_without_approval_and_all_that_its_class_requires(lead: Person, dora: Person) -> None:
    set_requirement(by=lead, name="audit", title="Audits", text="We may look.", tiers=[Tier.HIGH])
    host = proposed(person("ada", Role.EMPLOYEE))
    with pytest.raises(Refused, match="assessment is not approved"):
        engage_supplier(host, by=lead, from_on=TODAY)
    approved(host, lead, dora)
    with pytest.raises(Refused, match="contains: anything at all"):
        engage_supplier(host, by=lead, from_on=TODAY)
    check_agreement(signed(host, lead), by=dora)
    with pytest.raises(Refused, match="contains: Audits"):
        engage_supplier(host, by=lead, from_on=TODAY)
    whole = signed(host, lead, "audit")
    with pytest.raises(Refused, match="contains: Audits"):
        engage_supplier(host, by=lead, from_on=TODAY)
    check_agreement(whole, by=dora)
    with pytest.raises(Refused, match="contains: anything at all"):
        engage_supplier(host, by=lead, from_on=date(2026, 5, 3))
    assert engage_supplier(host, by=lead, from_on=TODAY).from_on == TODAY
    with pytest.raises(Refused, match="engaged already"):
        engage_supplier(Supplier.objects.get(), by=lead, from_on=TODAY)


def test_what_touches_nothing_needs_no_agreement(lead: Person, dora: Person) -> None:
    host = proposed(lead, touches=False)
    approved(host, lead, dora)
    assert engage_supplier(host, by=lead, from_on=TODAY).from_on == TODAY


def test_nobody_approves_what_they_assessed_or_own(lead: Person, dora: Person) -> None:
    assessment = assess_supplier(proposed(lead), by=dora, risks="few")
    with pytest.raises(SamePerson, match="did not assess it"):
        approve_supplier(assessment, by=dora)
    with pytest.raises(Refused, match="You answer for this supplier"):
        approve_supplier(assessment, by=lead)
    with pytest.raises(NotAllowed):
        approve_supplier(assessment, by=person("ada", Role.EMPLOYEE))


def test_nobody_checks_what_they_entered(lead: Person, dora: Person) -> None:
    agreement = signed(proposed(lead), lead)
    with pytest.raises(SamePerson, match="checked by somebody else"):
        check_agreement(agreement, by=lead)
    with pytest.raises(Ill, match=r"There is no requirement of suppliers called escrow"):
        signed(Supplier.objects.get(), lead, "escrow")
    with pytest.raises(Ill, match="lies before the first"):
        end_agreement(agreement, by=lead, until_on=date(2026, 5, 3))


def test_the_last_look_counts_and_the_approval_is_one(lead: Person, dora: Person) -> None:
    host = proposed(lead)
    assert next(iter(suppliers()))["reviewed_at"] is None
    approved(host, lead, dora)
    assert next(iter(suppliers()))["reviewed_at"] == clock.now()
    with clock.at(clock.now() + timedelta(days=40)):
        review_supplier(host, by=lead, kind=ReviewKind.REVIEW, outcome=ReviewOutcome.GOOD, note="all well")
        note_disclosure(host, by=lead, document=keep_file(b"none"))
        row = next(iter(suppliers()))
        assert (row["reviewed_at"], row["chain_disclosed_at"]) == (clock.now(), clock.now())


def test_an_audit_leaves_issues_that_somebody_else_settles(lead: Person, dora: Person) -> None:
    audit = review_supplier(proposed(lead), by=lead, kind=ReviewKind.AUDIT, outcome=ReviewOutcome.CONDITIONS, note="no tests of restores")
    issue = raise_issue(audit, by=lead, what="Test restores.", due_on=date(2026, 6, 1))
    with pytest.raises(SamePerson):
        settle_issue(issue, by=lead, how="they say so")
    settle_issue(issue, by=dora, how="saw the report")
    assert [(row["supplier_id"], row["settled_at"]) for row in supplier_issues()] == [("host", clock.now())]
    with pytest.raises(Ill, match="lies before the first"):
        raise_issue(audit, by=lead, what="Late.", due_on=date(2026, 5, 3))


def test_a_change_is_assessed_anew_and_decided_by_somebody_else(lead: Person, dora: Person) -> None:
    host = proposed(lead, tier=Tier.LOW)
    change = note_change(host, by=lead, what="New hall", takes_effect_at=clock.now() + timedelta(days=30))
    with pytest.raises(Refused, match="not assessed anew yet"):
        decide_change(change, by=dora, decision=Decision.ACCEPT)
    change = reassess_change(change, by=lead, risks="another country", tier=Tier.CRITICAL)
    with pytest.raises(SamePerson):
        decide_change(change, by=lead, decision=Decision.ACCEPT)
    decide_change(change, by=dora, decision=Decision.ACCEPT)
    assert Supplier.objects.get().tier == Tier.CRITICAL
    with pytest.raises(Refused, match="decided already"):
        reassess_change(ServiceChange.objects.get(), by=lead, risks="none", tier=Tier.LOW)
    assert [(row["decision"], row["reassessed_by_id"]) for row in supplier_changes()] == [("accept", "E-lea")]


def test_a_system_that_a_change_touches_must_be_known(lead: Person) -> None:
    with pytest.raises(Ill, match="There is no system called crm"):
        note_change(proposed(lead), by=lead, what="New hall", takes_effect_at=clock.now(), systems=["crm"])


def test_a_report_of_somebody_else_is_read_by_somebody(lead: Person) -> None:
    report = add_assurance(
        proposed(lead),
        by=lead,
        kind=AssuranceKind.SOC2,
        title="SOC 2",
        from_on=TODAY,
        until_on=date(2027, 5, 3),
        document=keep_file(b"report"),
    )
    assert [row["read_at"] for row in assurance_reports()] == [None]
    read_assurance(report, by=lead, good=True, note="covers the hall")
    assert [(row["read_at"], row["good"]) for row in assurance_reports()] == [(clock.now(), True)]


def test_a_supplier_that_is_over_is_changed_no_more(lead: Person) -> None:
    host = end_supplier(proposed(lead), by=lead, until_on=date(2026, 5, 3))
    with pytest.raises(Refused, match="no supplier of ours any more"):
        assess_supplier(host, by=lead, risks="few")
