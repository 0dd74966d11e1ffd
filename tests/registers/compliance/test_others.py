"""Licences, requirements, certificates, reviews and windows: what is refused as it is tried, and the rows that come of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.actors import person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused, SamePerson
from upheld.registers.compliance.audit_models import Chapter
from upheld.registers.compliance.audit_rows import area_reviews, audit_activities, audit_windows, managed_areas, technical_reviews
from upheld.registers.compliance.audits import add_body
from upheld.registers.compliance.certificates import add_certificate, claim_certification, stop_claiming, withdraw_certificate
from upheld.registers.compliance.licences import add_licence, drop_rule, rule_licence
from upheld.registers.compliance.models import Counted, Decision, RequiredBy
from upheld.registers.compliance.requirements import add_requirement, end_requirement, map_requirement
from upheld.registers.compliance.reviews import agree_window, ask_window, end_area, name_area, record_activity, review_system, sign_review
from upheld.registers.compliance.rows import certificates, certifications, licence_rules, licences, requirement_promises

SINCE = date(2020, 1, 1)
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_a_licence_says_what_is_counted_and_where(lead: Person) -> None:
    said = {"by": lead, "product": "cad", "title": "CAD", "terms": "two", "owner": "E-ada", "from_on": SINCE}
    with pytest.raises(Ill, match="what its packages are called"):
        add_licence(counted=Counted.HOSTS, **said)
    with pytest.raises(Ill, match="on which system"):
        add_licence(counted=Counted.USERS, **said)
    with pytest.raises(Ill, match="before the first"):
        add_licence(counted=Counted.USERS, system="crm", until_on=date(2019, 1, 1), **said)
    add_licence(counted=Counted.HOSTS, packages=["cad"], **said)
    assert [(row["packages"], row["seats"]) for row in licences()] == [(["cad"], None)]


def test_the_policy_says_one_thing_of_a_licence(lead: Person) -> None:
    with pytest.raises(Ill, match="one SPDX identifier"):
        rule_licence(by=lead, spdx="MIT OR Apache-2.0", decision=Decision.ALLOWED)
    rule_licence(by=lead, spdx="MIT", decision=Decision.REVIEW)
    rule = rule_licence(by=lead, spdx="mit", decision=Decision.ALLOWED)
    assert [(row["id"], row["decision"]) for row in licence_rules()] == [("MIT", "allowed")]
    drop_rule(rule, by=lead)
    assert list(licence_rules()) == []


def test_a_requirement_is_answered_by_promises_that_there_are(lead: Person) -> None:
    said = {"by": lead, "name": "gdpr-33", "title": "Tell of breaches", "citation": "GDPR 33", "owner": "E-ada", "from_on": SINCE}
    with pytest.raises(Ill, match="whose law"):
        add_requirement(kind=RequiredBy.LAW, **said)
    with pytest.raises(Ill, match=r"no promise iso:9\.9\.9"):
        add_requirement(kind=RequiredBy.OTHER, promises=["iso:9.9.9"], **said)
    made = add_requirement(kind=RequiredBy.LAW, jurisdiction="de", **said)
    assert list(requirement_promises()) == []
    mapped = map_requirement(made, by=lead, promises=["iso:1.3.5"])
    assert [row["promise_id"] for row in requirement_promises()] == ["iso:1.3.5"]
    with pytest.raises(Ill, match="before the first"):
        end_requirement(mapped, by=lead, until_on=date(2019, 1, 1))


def test_a_certificate_proves_what_is_claimed(lead: Person) -> None:
    body = add_body(by=lead, name="tuev", title="TÜV")
    claim = claim_certification(by=lead, name="iso", standard="ISO/IEC 27001", scope="all", owner="E-ada", from_on=SINCE)
    said = {"by": lead, "body": body, "serial": "C-1", "scope_agrees": True}
    with pytest.raises(Ill, match="before the first"):
        add_certificate(claim, issued_on=SINCE, until_on=date(2019, 1, 1), **said)
    with pytest.raises(Ill, match="in the future"):
        add_certificate(claim, issued_on=date(2027, 1, 1), until_on=date(2028, 1, 1), **said)
    made = add_certificate(claim, issued_on=SINCE, until_on=date(2028, 1, 1), **said)
    withdraw_certificate(made, by=lead, withdrawn_on=date(2026, 5, 1))
    assert [(row["certification_id"], row["withdrawn_on"]) for row in certificates()] == [("iso", date(2026, 5, 1))]
    ended = stop_claiming(claim, by=lead)
    assert list(certifications()) == []
    with pytest.raises(Refused, match="claimed no longer"):
        add_certificate(ended, issued_on=SINCE, until_on=date(2028, 1, 1), **said)


def test_a_manager_alone_signs_their_review(lead: Person, ada: Person) -> None:
    area = name_area(by=lead, name="it", title="IT", manager="E-ada", chapters=[Chapter.BACKUP], from_on=SINCE)
    with pytest.raises(NotAllowed, match="Only the manager"):
        sign_review(area, by=lead, complies=True, conclusion="good")
    sign_review(area, by=ada, complies=False, conclusion="restores are late", figures="1 broken")
    assert [(row["area_id"], row["complies"]) for row in area_reviews()] == [("it", False)]
    end_area(area, by=lead)
    assert list(managed_areas()) == []


def test_a_window_is_agreed_before_by_somebody_else(lead: Person, ada: Person) -> None:
    said = {"by": lead, "system": "crm", "what": "a scan"}
    soon, later = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    with pytest.raises(Ill, match="ends before it begins"):
        ask_window(from_at=later, until_at=soon, **said)
    with pytest.raises(Ill, match="at most 31 days"):
        ask_window(from_at=soon, until_at=soon + timedelta(days=32), **said)
    window = ask_window(from_at=soon, until_at=later, **said)
    other = ask_window(from_at=soon, until_at=later, **said)
    with pytest.raises(SamePerson):
        agree_window(window, by=lead)
    max_ = person("max", Role.SECURITY_LEAD)
    agree_window(window, by=max_)
    with clock.at(later):
        with pytest.raises(Ill, match="has begun already"):
            agree_window(other, by=max_)
        record_activity(by=ada, system="crm", what="a scan", from_at=soon, until_at=later, read_only=True)
    with pytest.raises(Ill, match="lies in the future"):
        record_activity(by=ada, system="crm", what="a scan", from_at=soon, until_at=later, read_only=True)
    assert [row["agreed_by_id"] for row in audit_windows()] == [None, "E-max"]
    assert [row["person_id"] for row in audit_activities()] == ["E-ada"]


def test_a_review_by_hand_is_recorded(ada: Person) -> None:
    review_system(by=ada, system="crm", what="against our standard: all is well")
    assert [(row["system_id"], row["reviewed_at"]) for row in technical_reviews()] == [("crm", NOW)]
