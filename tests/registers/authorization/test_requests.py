"""Asking for access: who may ask, who decides, what is refused, and what stands as granted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.actors import person
from tests.measures import made
from tests.told import Telling, telling

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused, SamePerson
from upheld.registers.authorization.entitlements import (
    add_to_role,
    approve_grantor,
    declare_entitlement,
    declare_role,
    end_entitlement,
    end_grantor,
    keep_apart,
    review_role,
)
from upheld.registers.authorization.models import Entitlement
from upheld.registers.authorization.request_models import AccessRequest
from upheld.registers.authorization.requests import (
    agree_to_request,
    approve_privileged,
    end_access,
    reject_request,
    request_access,
    request_role,
    review_emergency,
    take_emergency_access,
    withdraw_request,
)
from upheld.registers.authorization.rows import (
    access_requests,
    approved_grantors,
    business_roles,
    emergency_accesses,
    granted_requests,
    role_entitlements,
)
from upheld.registers.operations.models import Criticality, Environment, System, SystemKind
from upheld.registers.operations.systems import enter_system
from upheld.workspace import Workspace

__all__ = ["telling"]
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SAID = {"criticality": Criticality.HIGH, "owner": "E-oda", "purpose": "customers"}
TODAY = NOW.date()
LATER = date(2026, 8, 1)


@pytest.fixture
def oda(ledger: Workspace) -> Person:
    """Oda, who answers for what is asked for."""
    return person("oda", Role.EMPLOYEE)


@pytest.fixture
def crm(lead: Person) -> System:
    return enter_system(by=lead, name="crm", title="CRM", kind=SystemKind.APPLICATION, environment=Environment.PRODUCTION, **SAID)


def entitled(lead: Person, name: str, **more: object) -> Entitlement:
    return declare_entitlement(by=lead, system="crm", entitlement=name, title=name.capitalize(), owner="E-oda", **more)  # type: ignore[arg-type]


def test_whoever_answers_for_it_decides_and_never_about_themself(lead: Person, ada: Person, oda: Person, crm: System) -> None:
    sales = entitled(lead, "sales")
    asked = request_access(by=ada, entitlement=sales, why="I sell")
    assert (asked.person, asked.owner, asked.state) == ("E-ada", "E-oda", "asked")
    with pytest.raises(Ill, match="asked for or granted already"):
        request_access(by=lead, entitlement=sales, why="she sells", person="E-ada")
    for other in (ada, person("bob", Role.EMPLOYEE)):
        with pytest.raises(NotAllowed):
            agree_to_request(AccessRequest.objects.get(), by=other)
    agree_to_request(AccessRequest.objects.get(), by=oda)
    assert [(row["person_id"], row["entitlement"], row["approved_by"]) for row in granted_requests()] == [("E-ada", "sales", "E-oda")]
    request_access(by=lead, entitlement=sales, why="he sells too", person="E-oda")
    with pytest.raises(NotAllowed, match="their own access"):
        agree_to_request(AccessRequest.objects.get(person="E-oda"), by=oda)
    end_access(AccessRequest.objects.get(person="E-ada"), by=ada, said="I no longer sell")
    assert list(granted_requests()) == []
    assert sorted(row["state"] for row in access_requests()) == ["asked", "ended"]


def test_privileged_access_takes_two_and_an_end(lead: Person, ada: Person, oda: Person, crm: System) -> None:
    admins = entitled(lead, "admins", privileged=True)
    for until in (None, date(2028, 1, 1)):
        with pytest.raises(Ill, match="name a last day, within a year"):
            request_access(by=ada, entitlement=admins, why="I help", until_on=until)
    request_access(by=ada, entitlement=admins, why="I help", until_on=LATER)
    with pytest.raises(Refused, match="has to agree first"):
        approve_privileged(AccessRequest.objects.get(), by=lead)
    agree_to_request(AccessRequest.objects.get(), by=oda)
    assert list(granted_requests()) == []
    with pytest.raises(SamePerson):
        approve_privileged(AccessRequest.objects.get(), by=person("oda", Role.MANAGER, Role.SECURITY_LEAD))
    approve_privileged(AccessRequest.objects.get(), by=lead)
    (row,) = access_requests()
    assert (row["state"], row["agreed_by_id"], row["approved_by_id"], row["until_on"]) == ("approved", "E-oda", "E-lea", LATER)


def test_a_request_is_refused_or_taken_back_and_then_over(lead: Person, ada: Person, oda: Person, crm: System) -> None:
    sales, mail = entitled(lead, "sales"), entitled(lead, "mail")
    request_access(by=ada, entitlement=sales, why="I sell")
    with pytest.raises(NotAllowed):
        reject_request(AccessRequest.objects.get(), by=person("bob", Role.EMPLOYEE), said="no")
    reject_request(AccessRequest.objects.get(), by=oda, said="You do not")
    with pytest.raises(Refused, match="It is rejected already"):
        agree_to_request(AccessRequest.objects.get(), by=oda)
    request_access(by=ada, entitlement=mail, why="I write")
    withdraw_request(AccessRequest.objects.get(state="asked"), by=ada)
    assert sorted(row["state"] for row in access_requests()) == ["rejected", "withdrawn"]


def test_a_role_asks_for_each_of_its_rights(lead: Person, ada: Person, oda: Person, crm: System) -> None:
    seller = declare_role(by=lead, name="Seller", title="Seller", owner="E-oda")
    with pytest.raises(Ill, match="gives nothing"):
        request_role(by=ada, role=seller, why="I stand in", until_on=LATER)
    sales, admins = entitled(lead, "sales"), entitled(lead, "admins", privileged=True)
    add_to_role(seller, by=lead, entitlement=sales)
    add_to_role(seller, by=lead, entitlement=entitled(lead, "mail"))
    with pytest.raises(Ill, match="It is privileged"):
        add_to_role(seller, by=lead, entitlement=admins)
    with pytest.raises(Refused, match="A role gives it still"):
        end_entitlement(sales, by=lead)
    request_role(by=ada, role=seller, why="I stand in", until_on=LATER)
    assert [(row["entitlement"], row["until_on"]) for row in access_requests()] == [("mail", LATER), ("sales", LATER)]
    with pytest.raises(Ill, match="asked for or granted already"):
        request_role(by=ada, role=seller, why="I stand in", until_on=LATER)
    assert sorted((row["role"], row["entitlement"]) for row in role_entitlements()) == [("Seller", "mail"), ("Seller", "sales")]
    with pytest.raises(NotAllowed):
        review_role(seller, by=lead, outcome="fine")
    review_role(seller, by=oda, outcome="all needed")
    assert [(row["id"], row["reviewed_by_id"]) for row in business_roles()] == [("Seller", "E-oda")]


def test_what_must_not_meet_is_refused_with_the_shortest_way(lead: Person, ada: Person, oda: Person, crm: System, telling: Telling) -> None:
    """Ada is in the group staff, which is in payers; whoever is in clerks is in makers, which makes payments."""
    telling.tell("hr", people=[made.person("ada"), made.person("oda")])
    telling.tell(
        "crm",
        accounts=[made.account("ada")],
        groups=[made.group(each) for each in ("staff", "payers", "clerks", "makers")],
        grants=[
            made.member("ada", "staff"),
            made.nested("staff", "payers"),
            made.nested("clerks", "makers"),
            made.grant("makers", "pay:make", holder_kind="group"),
            made.grant("payers", "pay:release", holder_kind="group"),
        ],
    )
    clerks, make, release = entitled(lead, "clerks"), entitled(lead, "pay:make"), entitled(lead, "pay:release")
    keep_apart(by=lead, name="pay", left=make, right=release, why="one person could make and release a payment")
    told = r"breaks the rule pay: one person could make.*leads to clerks > makers > pay:make on crm; E-ada has pay:release on crm"
    with pytest.raises(Ill, match=told + r" \(ada on crm: staff > payers\)"):
        request_access(by=ada, entitlement=clerks, why="I clerk")
    request_access(by=lead, entitlement=clerks, why="he clerks", person="E-oda")
    with pytest.raises(Ill, match=r"E-oda has pay:make on crm \(request 1, asked: clerks > makers > pay:make\)"):
        request_access(by=lead, entitlement=release, why="he releases", person="E-oda")


def test_an_emergency_ends_by_itself_and_is_looked_at_by_somebody_else(lead: Person, ada: Person, oda: Person, crm: System) -> None:
    taken = take_emergency_access(by=ada, entitlement=entitled(lead, "admins", privileged=True), why="all is down", hours=2)
    assert taken.ends_at == NOW + timedelta(hours=2)
    with pytest.raises(SamePerson):
        review_emergency(taken, by=ada, justified=True, outcome="I was right")
    assert [row["approved_by"] for row in granted_requests()] == ["E-ada"]
    with clock.at(NOW + timedelta(hours=25)):  # nobody looked at it: it approves nothing any more, and what was held is unapproved
        assert [row["approved_by"] for row in granted_requests()] == [None]
    review_emergency(taken, by=oda, justified=True, outcome="seen")
    with clock.at(NOW + timedelta(hours=25)):
        assert [row["approved_by"] for row in granted_requests()] == ["E-oda"]
    assert [(row["reviewed_by_id"], row["justified"]) for row in emergency_accesses()] == [("E-oda", True)]


def test_nobody_makes_themself_a_grantor(lead: Person, crm: System) -> None:
    with pytest.raises(Ill, match="Nobody approves themself"):
        approve_grantor(by=lead, person="E-lea", system="crm", why="x")
    given = approve_grantor(by=lead, person="E-oda", system="crm", why="answers for it")
    assert [(row["person_id"], row["approved_by"]) for row in approved_grantors()] == [("E-oda", "E-lea")]
    end_grantor(given, by=lead)
    assert list(approved_grantors()) == []


def test_what_ends_counts_no_more(lead: Person, ada: Person, oda: Person, crm: System) -> None:
    request_access(by=ada, entitlement=entitled(lead, "sales"), why="I sell", until_on=TODAY)
    agree_to_request(AccessRequest.objects.get(), by=oda)
    with clock.at(NOW + timedelta(days=2)):
        request_access(by=ada, entitlement=Entitlement.objects.get(), why="again")  # the first has ended by itself
    assert AccessRequest.objects.count() == 2
