"""Changes are approved by somebody else, and designs that touch personal data are reviewed first."""

from datetime import timedelta
from typing import Any

import pytest

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.registers.change.changes import (
    approve_change,
    end_change,
    propose_change,
    record_deployment,
    refuse_change,
    review_design,
    withdraw_change,
)
from upheld.registers.change.models import Change, ChangeKind
from upheld.registers.change.rows import changes, deployments, design_reviews
from upheld.registers.operations.models import Criticality, Environment, SystemKind
from upheld.registers.operations.systems import enter_system

GOOD = {"as_little_as_needed": True, "private_by_default": True, "erased_in_time": True, "said": "little is kept"}


@pytest.fixture
def shop(lead: Person) -> None:
    said: dict[str, Any] = {"kind": SystemKind.SERVICE, "environment": Environment.PRODUCTION, "criticality": Criticality.HIGH}
    enter_system(by=lead, name="shop", title="Shop", owner="E-lea", purpose="selling", **said)


def proposed(by: Person, name: str = "shop-1", **more: Any) -> Change:
    now = clock.now()
    said = {"title": "Newsletter", "kind": ChangeKind.NORMAL, "what": "asks for mail addresses", "systems": ["shop"], "back_out": "v1"}
    days = {"from_at": now, "until_at": now + timedelta(days=2)}
    return propose_change(by=by, name=name, **{**said, **days, "personal_data": False, "carried_out_by": ["E-ada"], **more})


@pytest.mark.usefixtures("shop")
def test_a_change_is_approved_by_somebody_else(lead: Person, ada: Person) -> None:
    change = proposed(ada)
    assert [(row["state"], row["approved_at"]) for row in changes()] == [("proposed", None)]
    with pytest.raises(NotAllowed):
        approve_change(change, by=ada)
    approve_change(change, by=lead)
    row = next(iter(changes()))
    assert (row["requested_by_id"], row["approved_by_id"], row["approved_at"]) == ("E-ada", "E-lea", clock.now())
    own = proposed(lead, "shop-2")
    with pytest.raises(Refused, match="somebody who did not propose it"):
        approve_change(own, by=lead)


@pytest.mark.usefixtures("shop")
def test_what_touches_personal_data_is_reviewed_first(lead: Person, ada: Person) -> None:
    change = proposed(ada, personal_data=True)
    with pytest.raises(Refused, match="its design was not reviewed"):
        approve_change(change, by=lead)
    with pytest.raises(Refused, match="by somebody who did not make it"):
        review_design(change, by=ada, **GOOD)
    review_design(change, by=lead, **{**GOOD, "private_by_default": False})
    change.refresh_from_db()
    with pytest.raises(Refused, match="did not pass"):
        approve_change(change, by=lead)
    with clock.at(clock.now() + timedelta(hours=1)):
        review_design(change, by=lead, **GOOD)
        change.refresh_from_db()
        approve_change(change, by=lead)
    assert [row["passed"] for row in design_reviews()] == [True, False]


@pytest.mark.usefixtures("shop")
def test_what_is_missing_is_said(lead: Person, ada: Person) -> None:
    now = clock.now()
    for more, said in (
        ({"systems": []}, "Say which systems"),
        ({"systems": ["crm"]}, "There is no system called crm"),
        ({"until_at": now - timedelta(days=1)}, "ended before it begins"),
        ({"carried_out_by": []}, "Say who carries it out"),
    ):
        with pytest.raises(Ill, match=said):
            proposed(ada, **more)
    proposed(ada, carried_out_by=[], unattended=True)
    with pytest.raises(Ill, match="There is a change called shop-1 already"):
        proposed(ada)


@pytest.mark.usefixtures("shop")
def test_only_an_emergency_is_approved_afterwards(lead: Person, ada: Person) -> None:
    normal, emergency = proposed(ada), proposed(ada, "shop-2", kind=ChangeKind.EMERGENCY)
    with clock.at(clock.now() + timedelta(days=3)):
        with pytest.raises(Refused, match="Its time is over"):
            approve_change(normal, by=lead)
        approve_change(emergency, by=lead)


@pytest.mark.usefixtures("shop")
def test_what_was_refused_or_ended_is_not_decided_again(lead: Person, ada: Person) -> None:
    refused = refuse_change(proposed(ada), by=lead, reason="not now")
    with pytest.raises(Refused, match="This change is refused"):
        approve_change(refused, by=lead)
    done = end_change(approve_change(proposed(ada, "shop-2"), by=lead), by=ada, outcome="went well")
    with pytest.raises(Refused, match="This change is done"):
        withdraw_change(done, by=ada, reason="late")
    assert {row["id"]: row["approved_at"] is not None for row in changes()} == {"shop-1": False, "shop-2": True}


@pytest.mark.usefixtures("shop")
def test_a_withdrawn_change_covers_what_was_done_before(lead: Person, ada: Person) -> None:
    change = approve_change(proposed(ada), by=lead)
    with clock.at(clock.now() + timedelta(hours=5)) as later:
        withdraw_change(change, by=ada, reason="not needed")
        row = next(iter(changes()))
        assert (row["state"], row["until_at"], row["approved_by_id"]) == ("withdrawn", later, "E-lea")
    withdraw_change(proposed(ada, "shop-2"), by=ada, reason="not needed")
    assert [row["approved_at"] for row in changes() if row["id"] == "shop-2"] == [None]


@pytest.mark.usefixtures("shop")
def test_a_deployment_is_kept_also_without_a_change(lead: Person, ada: Person) -> None:
    record_deployment(by=ada, system="shop", release="shop/v2")
    with pytest.raises(Ill, match="There is no change called shop-1"):
        record_deployment(by=ada, system="shop", change="shop-1")
    proposed(ada)
    record_deployment(by=ada, system="shop", change="shop-1", environment=Environment.TEST)
    assert {(row["release_id"], row["change_id"], row["environment"]) for row in deployments()} == {
        ("shop/v2", None, "production"),
        (None, "shop-1", "test"),
    }
    with pytest.raises(Ill, match="lies in the future"):
        record_deployment(by=ada, system="shop", at=clock.now() + timedelta(hours=1))
