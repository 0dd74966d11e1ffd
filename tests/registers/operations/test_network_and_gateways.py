"""Devices in networks, and gateways through which files come in."""

from datetime import date, timedelta

import pytest
from tests.actors import person
from tests.registers.operations.test_systems import entered

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.registers.operations.duties import to_test
from upheld.registers.operations.gateways import enter_gateway, note_gateway_test, retire_gateway
from upheld.registers.operations.models import GatewayKind
from upheld.registers.operations.network import admit_device, ask_admission, withdraw_device
from upheld.registers.operations.rows import malware_gateways, malware_tests, network_admissions


def test_a_device_is_admitted_by_somebody_else(lead: Person, ada: Person) -> None:
    for wrong, why in (
        ({"hardware_address": "printer"}, "twelve digits of one"),
        ({"hardware_address": "01:00:5e:00:00:01"}, "twelve digits of one"),
        ({"networks": []}, "Name a network"),
        ({"until_on": date(2026, 5, 3)}, "This day is over"),
    ):
        with pytest.raises(Ill, match=why):
            ask_admission(by=ada, **{"hardware_address": "02:00:00:00:00:11", "title": "Laptop", "networks": ["office"], **wrong})
    device = ask_admission(by=ada, hardware_address="02-00-00-00-00-AB", title="Laptop", networks=["office", "guests"])
    with pytest.raises(Ill, match="02:00:00:00:00:ab already"):
        ask_admission(by=ada, hardware_address="0200.0000.00ab", title="Laptop", networks=["office"])
    assert list(network_admissions()) == []
    with pytest.raises(NotAllowed):
        admit_device(device, by=ada)
    device = admit_device(device, by=lead)
    assert [(row["network_id"], row["owner_id"], row["admitted_at"]) for row in network_admissions()] == [
        ("guests", "E-ada", clock.now()),
        ("office", "E-ada", clock.now()),
    ]
    with pytest.raises(Refused, match="admitted already"):
        admit_device(device, by=lead)
    device = withdraw_device(device, by=lead)
    assert {row["withdrawn_at"] for row in network_admissions()} == {clock.now()}
    with pytest.raises(Refused, match="withdrawn"):
        withdraw_device(device, by=lead)


def test_nobody_admits_what_they_asked_for(lead: Person) -> None:
    device = ask_admission(by=lead, hardware_address="02:00:00:00:00:11", title="Laptop", networks=["office"])
    with pytest.raises(NotAllowed, match="what they asked for"):
        admit_device(device, by=lead)
    admit_device(device, by=person("dora", Role.DPO))


def test_a_gateway_is_tested_by_hand(lead: Person) -> None:
    said = {"title": "Mail", "kind": GatewayKind.MAIL, "owner": "E-lea"}
    with pytest.raises(Ill, match="no system called crm"):
        enter_gateway(by=lead, name="mx", system="crm", **said)
    entered(lead)
    mx = enter_gateway(by=lead, name="mx", system="crm", **said)
    with pytest.raises(Ill, match="called mx already"):
        enter_gateway(by=lead, name="mx", system="crm", **said)
    assert [(owing.owes, owing.done) for owing in to_test(clock.now())] == [("E-lea", ())]
    with pytest.raises(Ill, match="Say what happened"):
        note_gateway_test(mx, by=lead, caught=False, clean_passed=True)
    note_gateway_test(mx, by=lead, caught=False, clean_passed=True, note="it came through", at=clock.now() - timedelta(days=1))
    mx = note_gateway_test(mx, by=lead, caught=True, clean_passed=True).gateway
    assert [(row["gateway_id"], row["caught"], row["tested_at"]) for row in malware_tests()] == [("mx", True, clock.now())]
    assert [owing.done for owing in to_test(clock.now())] == [(clock.now(),)]
    mx = retire_gateway(mx, by=lead)
    assert list(malware_gateways()) == []
    with pytest.raises(Refused, match="any more"):
        retire_gateway(mx, by=lead)
