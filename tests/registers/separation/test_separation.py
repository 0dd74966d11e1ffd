"""Doors between environments, the function matrix, and test data."""

from datetime import UTC, date, datetime

import pytest
from tests.actors import person
from tests.registers.operations.test_systems import entered

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.registers.separation.data import approve_test_data, erase_test_data, extend_test_data, register_test_data
from upheld.registers.separation.doors import approve_door, ask_door, close_door
from upheld.registers.separation.duties import to_erase
from upheld.registers.separation.functions import change_function, confirm_function, end_function, enter_function
from upheld.registers.separation.kinds import Environment
from upheld.registers.separation.models import Origin
from upheld.registers.separation.rows import environment_doors, function_rules
from upheld.registers.separation.rows import test_data_sets as sets


@pytest.fixture
def dpo(lead: Person) -> Person:
    entered(lead)
    return person("dora", Role.DPO)


def test_a_door_is_opened_by_somebody_else(lead: Person, dpo: Person) -> None:
    said = {"title": "Deploy", "from_environment": Environment.TEST, "to_system": "crm", "port": 22, "why": "releases", "owner": "E-ada"}
    for wrong, why in (
        ({"to_system": "erp"}, "no system called erp"),
        ({"from_environment": Environment.PRODUCTION}, "crm is in production itself"),
        ({"until_on": date(2026, 5, 3)}, "This day is over"),
    ):
        with pytest.raises(Ill, match=why):
            ask_door(by=lead, **{**said, **wrong})
    door = ask_door(by=lead, **said)
    with pytest.raises(NotAllowed, match="that they asked for"):
        approve_door(door, by=lead)
    assert [row["approved_at"] for row in environment_doors()] == [None]
    door = approve_door(door, by=dpo)
    assert [(row["from_environment"], row["to_system_id"], row["port"]) for row in environment_doors()] == [("test", "crm", 22)]
    door = close_door(door, by=lead)
    assert list(environment_doors()) == []
    with pytest.raises(Refused, match="closed"):
        close_door(door, by=lead)


def test_a_line_of_the_matrix_counts_once_somebody_else_confirmed_it(lead: Person, dpo: Person) -> None:
    rule = enter_function(by=lead, system="crm", function="export", owner="E-ada", roles=["chief"])
    with pytest.raises(Ill, match="entered already"):
        enter_function(by=lead, system="crm", function="export", owner="E-ada")
    assert list(function_rules()) == []
    with pytest.raises(NotAllowed, match="that they wrote"):
        confirm_function(rule, by=lead)
    rule = confirm_function(rule, by=dpo)
    assert [(row["id"], row["roles"]) for row in function_rules()] == [("crm/export", ["chief"])]
    rule = change_function(rule, by=lead, owner="E-bob", roles=["chief"])
    assert len(list(function_rules())) == 1
    rule = change_function(rule, by=lead, owner="E-bob", roles=["chief", "clerk"])
    assert list(function_rules()) == []
    rule = end_function(rule, by=lead)
    with pytest.raises(Refused, match="no such function"):
        confirm_function(rule, by=dpo)


def test_test_data_are_approved_by_somebody_else_and_anew_when_they_stay(lead: Person, dpo: Person) -> None:
    said = {"title": "Orders", "system": "crm", "origin": Origin.MADE_UP, "how": "by a script", "owner": "E-ada"}
    with pytest.raises(Ill, match="This day is over"):
        register_test_data(by=lead, name="orders", **said, expires_on=date(2026, 5, 3))
    data = register_test_data(by=lead, name="orders", **said, expires_on=date(2026, 6, 1))
    with pytest.raises(NotAllowed, match="that they brought"):
        approve_test_data(data, by=lead)
    data = approve_test_data(data, by=dpo)
    assert [(row["id"], row["approved_at"], row["expires_on"]) for row in sets()] == [("orders", clock.now(), date(2026, 6, 1))]
    data = extend_test_data(data, by=lead, expires_on=date(2026, 7, 1))
    assert [row["approved_at"] for row in sets()] == [None]
    assert [(owing.owes, owing.begins_at + owing.first) for owing in to_erase(clock.now())] == [("E-ada", datetime(2026, 7, 2, tzinfo=UTC))]
    data = erase_test_data(data, by=lead)
    assert [owing.done for owing in to_erase(clock.now())] == [(clock.now(),)]
    assert list(sets()) == []
    with pytest.raises(Refused, match="erased"):
        extend_test_data(data, by=lead, expires_on=date(2026, 8, 1))
