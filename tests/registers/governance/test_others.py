"""Responsibilities, contacts and projects: what the product refuses as it is tried."""

from datetime import date

import pytest
from tests.actors import person

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, Refused
from upheld.checks.span import Span
from upheld.registers.governance.contacts import add_contact, change_contact, enter_jurisdiction, note_participation, verify_contact
from upheld.registers.governance.models import Contact, ContactKind, Part, Project, Responsibility, Stage
from upheld.registers.governance.projects import advance_project, approve_assessment, assess_project, record_project, start_project
from upheld.registers.governance.responsibilities import declare_responsibility, end_responsibility, give_responsibility, note_activity
from upheld.registers.governance.rows import authority_contacts, group_memberships, projects, responsibility_holders

SINCE = date(2020, 1, 1)


def role(lead: Person, name: str, **more: object) -> Responsibility:
    return declare_responsibility(by=lead, name=name, title=name, purpose="as it says", **more)


def test_nobody_holds_two_that_conflict(lead: Person) -> None:
    officer, head = role(lead, "dpo", conflicts=["head-of-it"]), role(lead, "head-of-it")
    give_responsibility(officer, by=lead, person="E-ada", part=Part.ACCOUNTABLE, from_on=SINCE)
    with pytest.raises(Ill, match="which conflicts with"):
        give_responsibility(head, by=lead, person="E-ada", part=Part.RESPONSIBLE, from_on=SINCE)
    give_responsibility(head, by=lead, person="E-bob", part=Part.ACCOUNTABLE, from_on=SINCE)
    with pytest.raises(Ill, match="which conflicts with"):
        give_responsibility(officer, by=lead, person="E-bob", part=Part.ACCOUNTABLE, from_on=SINCE)
    assert [row["person_id"] for row in responsibility_holders()] == ["E-ada", "E-bob"]


def test_one_that_is_held_does_not_end(lead: Person) -> None:
    backups = role(lead, "backups")
    give_responsibility(backups, by=lead, person="E-ada", part=Part.ACCOUNTABLE, from_on=SINCE)
    with pytest.raises(Refused, match="Somebody holds it still"):
        end_responsibility(backups, by=lead)


def test_the_holder_notes_what_they_did_and_nobody_else(lead: Person, ada: Person) -> None:
    holding = give_responsibility(role(lead, "dpo"), by=lead, person="E-ada", part=Part.ACCOUNTABLE, from_on=SINCE)
    assert note_activity(holding, by=ada, note="trained sales").person == "E-ada"
    with pytest.raises(Refused, match="did not hold"):
        note_activity(holding, by=lead, note="nothing")


def test_a_contact_whose_number_changed_is_to_be_tried_again(lead: Person, ada: Person) -> None:
    germany = enter_jurisdiction(by=lead, code="de", title="Germany", from_on=SINCE)
    police = add_contact(by=lead, kind=ContactKind.POLICE, title="Police", how="110", holder="E-ada", jurisdiction=germany)
    verified = verify_contact(police, by=ada)
    said = {"title": "The police", "holder": "E-ada", "jurisdiction": germany}
    assert change_contact(verified, by=ada, how="110", **said).verified_at is not None
    assert change_contact(Contact.objects.get(), by=ada, how="112", **said).verified_at is None
    assert [row["verified_at"] for row in authority_contacts()] == [None]


def test_a_group_says_how_often_one_takes_part(lead: Person, ada: Person) -> None:
    said = {"title": "CERT", "how": "its list", "holder": "E-ada"}
    with pytest.raises(Ill, match="Say how often"):
        add_contact(by=lead, kind=ContactKind.CERT, **said)
    group = add_contact(by=lead, kind=ContactKind.CERT, active_every=Span(6, "month"), **said)
    participation = note_participation(group, by=ada, note="read an advisory")
    (row,) = group_memberships()
    assert (row["active_at"], row["active_until_at"].month) == (participation.at, 11)


def test_no_project_is_built_before_somebody_outside_approved_its_assessment(lead: Person, ada: Person) -> None:
    shop = start_project(by=ada, name="shop", title="Shop", owner="E-ada", members=["E-bob"])
    with pytest.raises(Refused, match="not approved yet"):
        advance_project(shop, by=ada, stage=Stage.BUILD)
    written = assess_project(shop, by=ada, risks="few", classification="internal", personal_data=True, dpia_needed=False)
    with pytest.raises(Refused, match="You work on this project"):
        approve_assessment(written, by=person("bob", Role.DPO))
    approve_assessment(written, by=lead)
    built = advance_project(shop, by=ada, stage=Stage.BUILD)
    assert built.build_at is not None and Project.objects.get().stage == "build"


def test_a_project_from_before_is_recorded_as_it_is(lead: Person) -> None:
    with pytest.raises(Ill, match="Say when it came into building"):
        record_project(by=lead, name="old", title="Old", owner="E-ada", stage=Stage.LIVE)
    record_project(by=lead, name="plan", title="Plan", owner="E-ada", stage=Stage.PLAN)
    assert [row["stage"] for row in projects()] == ["plan"]
