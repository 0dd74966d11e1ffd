"""Channels by which information leaves, couriers, and media on their way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.actors import person
from tests.registers.operations.test_systems import entered

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.registers.transfer.channels import approve_channel, change_channel, end_channel, enter_channel
from upheld.registers.transfer.duties import to_receive
from upheld.registers.transfer.models import Content, TransferChannel, Way
from upheld.registers.transfer.rows import channel_addresses, shipments, transfer_channels
from upheld.registers.transfer.shipments import approve_courier, end_courier, propose_courier, receive_medium, send_medium

SAID = {"title": "Payroll", "system": "crm", "recipient": "Pay Ltd", "content": Content.PERSONAL, "way": Way.HTTPS, "owner": "E-ada"}

DISK = {"title": "Disk", "recipient": "Vault", "content": Content.PERSONAL, "encrypted": True, "seal": "S-1", "due_on": date(2026, 5, 6)}


@pytest.fixture
def dpo(ledger: object) -> Person:
    return person("dora", Role.DPO)


def channel(lead: Person, **more: object) -> TransferChannel:
    entered(lead)
    return enter_channel(by=lead, name="payroll", **{**SAID, "endpoint": "API.pay.example:443", "agreement": "a contract", **more})


def test_a_channel_counts_once_somebody_else_approved_it(lead: Person, dpo: Person) -> None:
    made = channel(lead, addresses=["10.1.*", "192.0.2.7:22", "[2001:db8::7]:22"])
    assert [(row["approved_at"], row["endpoint_id"]) for row in transfer_channels()] == [(None, "api.pay.example:443")]
    assert list(channel_addresses()) == []
    with pytest.raises(NotAllowed, match="that they entered"):
        approve_channel(made, by=lead)
    made = approve_channel(made, by=dpo)
    assert {(row["address"], row["begins"], row["port"]) for row in channel_addresses()} == {
        ("10.1.", True, None),
        ("192.0.2.7", False, 22),
        ("2001:db8::7", False, 22),
        ("api.pay.example", False, 443),
    }
    same = {"endpoint": "api.pay.example:443", "agreement": "a contract", "addresses": ["10.1.*", "192.0.2.7:22", "[2001:db8::7]:22"]}
    made = change_channel(made, by=lead, **{**SAID, "title": "Wages"}, **same)
    assert made.approved_at == clock.now()
    made = change_channel(made, by=lead, **SAID, **{**same, "addresses": ["10.*"]})
    assert made.approved_at is None
    end_channel(made, by=lead)
    assert list(transfer_channels()) == []


def test_personal_data_take_an_agreement_and_an_endpoint(lead: Person, dpo: Person) -> None:
    made = channel(lead, agreement=None)
    with pytest.raises(Refused, match="take an agreement"):
        approve_channel(made, by=dpo)
    for wrong, why in (
        ({"name": "payroll"}, "called payroll already"),
        ({"system": "erp"}, "no system called erp"),
        ({"endpoint": "api.pay.example"}, "Write host:port"),
        ({"addresses": ["10.1.0.0/16"]}, "beginning of an address"),
        ({"addresses": ["*"]}, "beginning of an address"),
    ):
        with pytest.raises(Ill, match=why):
            enter_channel(by=lead, **{"name": "other", **SAID, **wrong})


def test_a_medium_leaves_encrypted_and_sealed_with_an_approved_courier(lead: Person, ada: Person, dpo: Person) -> None:
    courier = propose_courier(by=lead, name="swift", title="Swift", owner="E-ada", why="known for years")
    with pytest.raises(Ill, match="not approved"):
        send_medium(courier=courier, by=ada, **DISK)
    with pytest.raises(NotAllowed, match="that they proposed"):
        approve_courier(courier, by=lead)
    courier = approve_courier(courier, by=dpo)
    wrongs = (
        ({"encrypted": False}, "leave encrypted"),
        ({"seal": None}, "which seal"),
        ({"due_on": date(2026, 5, 3)}, "before it is sent"),
    )
    for wrong, why in wrongs:
        with pytest.raises(Ill, match=why):
            send_medium(courier=courier, by=ada, **{**DISK, **wrong})
    sent = send_medium(courier=courier, by=ada, **DISK)
    assert [(row["courier_approved"], row["received_at"], row["due_on"]) for row in shipments()] == [(True, None, date(2026, 5, 6))]
    with pytest.raises(Ill, match="before it was sent"):
        receive_medium(sent, by=ada, received_by="Vault", seal_intact=True, undamaged=True, at=clock.now() - timedelta(days=1))
    with pytest.raises(Ill, match="what was wrong"):
        receive_medium(sent, by=ada, received_by="Vault", seal_intact=False, undamaged=True)
    assert [(owing.owes, owing.begins_at + owing.first, owing.done) for owing in to_receive(clock.now())] == [
        ("E-ada", datetime(2026, 5, 7, tzinfo=UTC), ())
    ]
    sent = receive_medium(sent, by=ada, received_by="Vault", seal_intact=False, undamaged=True, note="cut")
    assert [owing.done for owing in to_receive(clock.now())] == [(clock.now(),)]
    assert [(row["seal_intact"], row["undamaged"]) for row in shipments()] == [(False, True)]
    with pytest.raises(Refused, match="received already"):
        receive_medium(sent, by=ada, received_by="Vault", seal_intact=True, undamaged=True)


def test_what_left_before_the_courier_was_approved_or_after_they_ended_tells_so(lead: Person, dpo: Person) -> None:
    courier = approve_courier(propose_courier(by=lead, name="swift", title="Swift", owner="E-ada", why="known"), by=dpo)
    send_medium(courier=courier, by=lead, **DISK, sent_at=clock.now() - timedelta(hours=1))
    assert [row["courier_approved"] for row in shipments()] == [False]
    courier = end_courier(courier, by=lead, until_on=date(2026, 5, 3))
    with pytest.raises(Ill, match="no more"):
        send_medium(courier=courier, by=lead, **DISK)
