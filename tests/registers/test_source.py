"""Registers as evidence: what they bring, and that a change behind the product's back shows."""

from datetime import date

import pytest
from django.db import connection
from tests.actors import person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.models import Step
from upheld.evidence.collection import Collecting, Coverage
from upheld.registers.governance.contacts import add_contact, end_contact, enter_jurisdiction, verify_contact
from upheld.registers.governance.models import Contact, ContactKind, Jurisdiction
from upheld.registers.source import REGISTERS


def collected() -> Collecting:
    into = Collecting("registers", REGISTERS.tables, clock.now())
    REGISTERS.connect({}).collect(into)
    return into


def rows(into: Collecting, table: str) -> list[dict]:
    return list(into.seen[table].rows.values())


def wrong(into: Collecting) -> dict[str, str]:
    return {row["id"]: row["detail"] for row in rows(into, "register_states") if not row["as_recorded"] and ("/" in row["id"])}


@pytest.fixture
def police(lead: Person) -> Contact:
    germany = enter_jurisdiction(by=lead, code="de", title="Germany", from_on=date(2020, 1, 1))
    made = add_contact(by=lead, kind=ContactKind.POLICE, title="Police", how="110", holder="E-ada", jurisdiction=germany)
    return verify_contact(made, by=person("ada", Role.EMPLOYEE))


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_records_are_rows_of_tables(police: Contact) -> None:
    into = collected()
    assert into.coverage is Coverage.COMPLETE
    assert [(row["title"], row["jurisdiction_id"], row["verified_at"]) for row in rows(into, "authority_contacts")] == [
        ("Police", "de", police.verified_at)
    ]
    assert [row["action"] for row in rows(into, "record_steps")] == [
        "governance.enter-jurisdiction",
        "governance.add-contact",
        "governance.verify-contact",
    ]


def test_nothing_is_wrong_where_actions_alone_wrote(police: Contact) -> None:
    assert wrong(collected()) == {}


def test_what_an_action_deleted_or_ended_is_not_missed(police: Contact, lead: Person) -> None:
    end_contact(police, by=lead)
    into = collected()
    assert wrong(into) == {} and rows(into, "authority_contacts") == []


def test_a_changed_row_shows_and_nothing_counts_as_wholly_read(police: Contact) -> None:
    sql("UPDATE registers_contact SET how = '999' WHERE id = %s", police.pk)
    into = collected()
    assert wrong(into) == {f"governance.contact/{police.pk}": "was changed behind the product's back"}
    assert {seen.coverage for name, seen in into.seen.items() if name != "register_states"} == {Coverage.PARTIAL}
    assert into.seen["register_states"].coverage is Coverage.COMPLETE


def test_a_deleted_row_shows(police: Contact) -> None:
    sql("DELETE FROM registers_contact")
    assert wrong(collected()) == {f"governance.contact/{police.pk}": "was deleted behind the product's back"}


def test_an_added_row_shows(police: Contact) -> None:
    Jurisdiction(code="fr", title="France", from_on=date(2020, 1, 1), version=1, salt="00" * 16).save()
    assert list(wrong(collected()).values()) == ["was added behind the product's back"]


def test_an_old_row_put_back_shows(lead: Person, police: Contact) -> None:
    old = Contact.objects.get(pk=police.pk)
    verify_contact(police, by=lead)
    old.save()
    Step.objects.filter(register="governance.contact", version=old.version + 1).delete()
    assert wrong(collected()) == {
        f"governance.contact/{police.pk}": "was changed behind the product's back",
        f"step governance.contact/{police.pk}": "its steps are not those that the ledger holds",
    }


def test_a_forged_salt_does_not_help(police: Contact) -> None:
    sql("UPDATE registers_contact SET salt = 'zz' WHERE id = %s", police.pk)
    assert len(wrong(collected())) == 1
