"""Work from afar, devices that are carried, secrets that came out, and first secrets."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from tests.actors import person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.ledger.models import Entry, Outbox
from upheld.registers.access import secrets
from upheld.registers.access.devices import (
    approve_remote_work,
    confirm_wipe,
    enrol_device,
    report_lost,
    retire_device,
    withdraw_remote_work,
)
from upheld.registers.access.disclosing import close_disclosure, report_disclosure
from upheld.registers.access.kinds import DeviceKind
from upheld.registers.access.models import FirstSecret, SecretLink
from upheld.registers.access.rows import disclosed_credentials, enrolled_devices, remote_work_approvals, secret_links
from upheld.registers.operations.models import Criticality, Environment, SystemKind
from upheld.registers.operations.systems import enter_system

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SAID = {"criticality": Criticality.HIGH, "owner": "E-oda", "purpose": "customers"}


@pytest.fixture
def crm(lead: Person) -> None:
    enter_system(by=lead, name="crm", title="CRM", kind=SystemKind.APPLICATION, environment=Environment.PRODUCTION, **SAID)


def test_somebody_else_approves_work_from_afar(lead: Person) -> None:
    with pytest.raises(Ill, match="Nobody approves this for themself"):
        approve_remote_work(by=lead, person="E-lea", conditions="alone in the room", from_on=NOW.date())
    given = approve_remote_work(by=lead, person="E-ada", conditions="alone in the room", from_on=NOW.date())
    withdraw_remote_work(given, by=lead)
    assert [(row["person_id"], row["withdrawn_at"]) for row in remote_work_approvals()] == [("E-ada", NOW)]


def test_a_lost_device_is_wiped(lead: Person, ada: Person) -> None:
    phone = enrol_device(by=lead, device="SN-1", kind=DeviceKind.PHONE, person="E-ada")
    with pytest.raises(Ill, match="enrolled already"):
        enrol_device(by=lead, device="SN-1", kind=DeviceKind.PHONE, person="E-bob")
    with pytest.raises(Refused, match="Nothing waits"):
        confirm_wipe(phone, by=lead)
    with pytest.raises(NotAllowed):
        report_lost(phone, by=person("bob", Role.EMPLOYEE), how="in a train")
    confirm_wipe(report_lost(phone, by=ada, how="in a train"), by=lead)
    phone.refresh_from_db()
    retire_device(phone, by=lead)
    assert [(row["lost_at"], row["wiped_at"], row["retired_at"]) for row in enrolled_devices()] == [(NOW, NOW, NOW)]


def test_what_came_out_is_reported_by_anybody_and_closed_by_who_leads(lead: Person, ada: Person, crm: None) -> None:
    case = report_disclosure(by=ada, system="crm", account="Ada", how="I pasted it into a chat")
    with pytest.raises(NotAllowed):
        close_disclosure(case, by=ada, outcome="reset")
    close_disclosure(case, by=lead, outcome="reset; unused until then")
    assert [(row["identifier"], row["closed_at"]) for row in disclosed_credentials()] == [("ada", NOW)]


def test_a_first_secret_is_shown_to_its_addressee_alone_and_for_ten_minutes(lead: Person, ada: Person, crm: None) -> None:
    link = secrets.hand_over_secret(by=lead, person="E-ada", system="crm", account="ada")
    with pytest.raises(Refused, match="not shown to you"):
        secrets.shown(link, "E-ada")
    with pytest.raises(NotAllowed):
        secrets.open_secret(link, by=lead)
    link = secrets.open_secret(SecretLink.objects.get(), by=ada)
    clear = secrets.shown(link, "E-ada")
    assert len(clear) == 24 and secrets.shown(link, "E-ada") == clear
    with pytest.raises(Refused, match="not shown to you"):
        secrets.shown(link, "E-lea")
    for data in (*Entry.objects.values_list("data", flat=True), *Outbox.objects.values_list("data", flat=True)):
        assert clear.encode() not in bytes(data)
    with connection.cursor() as cursor:
        cursor.execute("SELECT box FROM registers_firstsecret")
        assert clear.encode() not in bytes(cursor.fetchone()[0])
    with clock.at(NOW + timedelta(minutes=11)), pytest.raises(Refused, match="not any more"):
        secrets.shown(link, "E-ada")
    assert not FirstSecret.objects.exists()
    assert [(row["opened_by_id"], row["opened_at"]) for row in secret_links()] == [("E-ada", NOW)]


def test_a_second_link_withdraws_the_first_and_what_ran_out_is_swept(lead: Person, ada: Person, crm: None) -> None:
    first = secrets.hand_over_secret(by=lead, person="E-ada", system="crm", account="ada")
    secrets.hand_over_secret(by=lead, person="E-ada", system="crm", account="ada")
    first.refresh_from_db()
    with pytest.raises(Refused, match="withdrawn"):
        secrets.open_secret(first, by=ada)
    with clock.at(NOW + timedelta(days=4)):
        assert secrets.sweep() == 2
        with pytest.raises(Refused, match="time is over"):
            secrets.open_secret(SecretLink.objects.get(withdrawn_at=None), by=ada)
