"""Systems, runbooks and orders of capacity."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.errors import Ill, Refused
from upheld.checks.span import Span
from upheld.registers.operations.capacity import end_order, order_capacity
from upheld.registers.operations.models import Criticality, Environment, Looked, System, SystemKind
from upheld.registers.operations.rows import capacity_orders, runbooks, systems
from upheld.registers.operations.runbooks import add_runbook, check_runbook, retire_runbook
from upheld.registers.operations.systems import change_system, enter_system, retire_system
from upheld.registers.privacy.categories import enter_data_category
from upheld.registers.rules import names_of
from upheld.sources import configured
from upheld.sources.collecting import collect


def entered(lead: Person, **more: object) -> System:
    said = {"name": "crm", "title": "CRM", "kind": SystemKind.DATABASE, "environment": Environment.PRODUCTION, "owner": "E-lea"}
    return enter_system(by=lead, **{**said, "criticality": Criticality.HIGH, "purpose": "selling", **more})


def category(lead: Person, name: str, *, personal: bool) -> None:
    said = {"title": name, "what": "as it says", "owner": "E-lea", "of_customers": True}
    enter_data_category(by=lead, name=name, personal=personal, **said)


def test_a_system_is_a_row_with_what_was_agreed_for_it(lead: Person) -> None:
    entered(lead, recovery_time=Span(4, "hour"), backup_interval=Span(1, "day"), mfa_required=True)
    row = next(iter(systems()))
    assert (row["id"], row["recovery_time"], row["backup_interval"]) == ("crm", timedelta(hours=4), timedelta(days=1))
    assert (row["mfa_required"], row["keys_required"], row["in_operation"], row["supplier_id"]) == (True, None, True, None)
    with pytest.raises(Ill, match="There is a system called crm already"):
        entered(lead)


def test_whether_personal_data_are_on_it_follows_from_their_categories(lead: Person) -> None:
    category(lead, "orders", personal=False)
    category(lead, "contacts", personal=True)
    for name, on_it, expected in (("a", [], None), ("b", ["orders"], False), ("c", ["orders", "contacts"], True)):
        entered(lead, name=name, data_categories=on_it)
        assert next(row for row in systems() if row["id"] == name)["holds_personal_data"] is expected
    with pytest.raises(Ill, match="There is no data category called health"):
        entered(lead, name="d", data_categories=["health"])
    with pytest.raises(Ill, match="There is no supplier called host"):
        entered(lead, name="d", supplier="host")


def test_a_retired_system_serves_nobody_and_changes_no_more(lead: Person) -> None:
    crm = retire_system(entered(lead), by=lead)
    assert [row["in_operation"] for row in systems()] == [False]
    with pytest.raises(Refused, match="This system is retired"):
        change_system(
            crm,
            by=lead,
            title="CRM",
            kind=SystemKind.HOST,
            environment=Environment.TEST,
            criticality=Criticality.LOW,
            owner="E-lea",
            purpose="none",
        )


def test_a_runbook_counts_from_when_it_was_last_found_right(lead: Person) -> None:
    crm = entered(lead)
    with pytest.raises(Ill, match="Name the procedure, or say where"):
        add_runbook(crm, by=lead, title="Restart", owner="E-lea")
    with pytest.raises(Ill, match="There is no policy called restart"):
        add_runbook(crm, by=lead, title="Restart", owner="E-lea", document="restart")
    book = add_runbook(crm, by=lead, title="Restart", owner="E-lea", place="wiki/restart")
    with pytest.raises(Ill, match="Say what is wrong"):
        check_runbook(book, by=lead, how=Looked.EXERCISED, good=False)
    check_runbook(book, by=lead, how=Looked.EXERCISED, good=False, note="the command is gone")
    assert [row["looked_at"] for row in runbooks()] == [None]
    book = check_runbook(book, by=lead, how=Looked.REVIEWED, good=True).runbook
    check_runbook(book, by=lead, how=Looked.REVIEWED, good=True, at=clock.now() - timedelta(days=9))
    assert [row["looked_at"] for row in runbooks()] == [clock.now()]
    retire_runbook(book, by=lead)
    assert list(runbooks()) == []


def test_an_order_of_capacity_lies_ahead_until_it_came(lead: Person) -> None:
    crm = entered(lead)
    with pytest.raises(Ill, match="This day is over"):
        order_capacity(crm, by=lead, resource="disk:/var", what="1 TB", owner="E-lea", ready_on=date(2026, 5, 3))
    order = order_capacity(crm, by=lead, resource="disk:/var", what="1 TB", owner="E-lea", ready_on=date(2026, 6, 1))
    assert [(row["system_id"], row["resource"]) for row in capacity_orders()] == [("crm", "disk:/var")]
    end_order(order, by=lead)
    assert list(capacity_orders()) == []


def test_a_system_of_somebody_elses_list_is_known_too(lead: Person, tmp_path: Path) -> None:
    assert names_of("System") == set()
    entered(lead)
    listed = tmp_path / "systems.csv"
    listed.write_text("id,name\nerp,ERP\n")
    collect(configured.add("inventory", "list", {"table": "systems", "file": str(listed)}))
    assert names_of("System") == {"crm", "erp"}
