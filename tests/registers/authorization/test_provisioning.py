"""What was approved is given on a real directory, what is over is taken back, and a first secret is set there; refusals are said."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import NAMESPACE_DNS, uuid5

import pytest
from django.test import Client
from tests.labs import start
from tests.sources.ordering import Company

from upheld import clock
from upheld.accounts.person import Held, Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.jobs.carrying_out import _carry_out
from upheld.jobs.chore import Unsuccessful
from upheld.lab.slapd import ADMIN, BASE, WRITER_RULES, Slapd
from upheld.registers.access import secrets
from upheld.registers.access.disclosing import report_disclosure, reset_disclosed
from upheld.registers.access.models import SecretLink
from upheld.registers.authorization.case_models import CaseThing, StaffCase
from upheld.registers.authorization.cases import carry_out_case, withdraw_case
from upheld.registers.authorization.entitlements import change_entitlement, declare_entitlement, declare_role
from upheld.registers.authorization.keeping_cases import keep_cases
from upheld.registers.authorization.kinds import Risk
from upheld.registers.authorization.making import make_account, make_account_for_case
from upheld.registers.authorization.models import Entitlement
from upheld.registers.authorization.naming import issue_name, remember
from upheld.registers.authorization.naming_models import RememberedName
from upheld.registers.authorization.places import Place, chosen
from upheld.registers.authorization.provisioning import carry_out_request, provision
from upheld.registers.authorization.request_models import AccessRequest, EmergencyAccess
from upheld.registers.authorization.requests import (
    agree_to_request,
    end_access,
    end_emergency,
    request_access,
    review_emergency,
    take_emergency_access,
)
from upheld.registers.compliance.audit_rows import audit_activities, audit_windows
from upheld.registers.incidents.queueing import PRODUCT
from upheld.registers.operations.models import Criticality, Environment, SystemKind
from upheld.registers.operations.systems import enter_system
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.sources.models import Enforcement
from upheld.sources.timing import timings
from upheld.workspace import Workspace

pytestmark = pytest.mark.lab
PASSWORD = "Correct-horse-7-battery"
PEOPLE = "id,name,mail,role,started_on\n1,Oda,oda@example.org,lead,2024-01-01\n2,Ada,ada@example.org,clerk,2024-01-01\n"
MODEL = '[roles.clerk.entitlements]\ndirectory = "books"\n'


def who(number: str, role: Role) -> Person:
    return Person(uuid5(NAMESPACE_DNS, number), number, number, (Held(role),), "web")


LEAD, ODA, ADA = who("lea", Role.SECURITY_LEAD), who("1", Role.OWNER), who("2", Role.EMPLOYEE)


@pytest.fixture(scope="module")
def slapd() -> Iterator[Slapd]:
    """A directory with Ada, Oda, and groups of which Oda is the only member."""
    with start(Slapd, rules=WRITER_RULES) as running:
        for uid, number in (("oda", "1"), ("ada", "2")):
            running.add_person(uid, number=number, password=PASSWORD)
        for group in ("sales", "books"):
            running.add_group(group, [running.dn("oda")])
        running.writes = running.let_write()
        yield running


@pytest.fixture
def company(slapd: Slapd, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Company:
    """A company with that directory, where Oda answers for the right to sell."""
    found = Company(monkeypatch)
    said = {"criticality": Criticality.HIGH, "owner": "1", "purpose": "who is who"}
    enter_system(by=LEAD, name="directory", title="Directory", kind=SystemKind.APPLICATION, environment=Environment.PRODUCTION, **said)
    for name, text in (("people.csv", PEOPLE), ("model.toml", MODEL)):
        (workspace.root / name).write_text(text, encoding="utf-8")
    found.add("hr", "people", {"file": str(workspace.root / "people.csv")})
    found.add("model", "access_model", {"file": str(workspace.root / "model.toml")})
    found.add("directory", "ldap", slapd.settings | slapd.writes | {"system": "directory"})
    declare_entitlement(by=LEAD, system="directory", entitlement="sales", title="Sales", owner="1")
    return found


def read() -> None:
    assert collect(configured.named("directory")).error == ""


def orders() -> None:
    """Carry out what waits, as the worker does."""
    with suppress(Unsuccessful):
        _carry_out(clock.now())


def asked(**more: object) -> AccessRequest:
    request = request_access(by=ADA, entitlement=Entitlement.objects.get(), why="she sells", **more)
    return agree_to_request(request, by=ODA)


def stands() -> list[tuple[str, str]]:
    """Carry on with requests as the worker does, and return how each stands."""
    provision(PRODUCT)
    return list(AccessRequest.objects.order_by("pk").values_list("provision", "provision_said"))


def test_an_approved_request_is_given_and_its_end_taken_back(company: Company) -> None:
    request = asked(until_on=clock.now().date() + timedelta(days=1))
    assert stands() == [("ordered", "directory is asked")]
    assert provision(PRODUCT) == "0 requests carried on"  # nothing is new
    orders()
    assert [how for how, _ in stands()] == ["given"]
    read()
    with clock.at(clock.now() + timedelta(days=3)):
        assert [how for how, _ in stands()] == ["being taken"]
        orders()
        assert [how for how, _ in stands()] == ["taken"]
        assert not stands()[0][1].startswith("directory is asked")
    assert [(row.verb, row.outcome, row.reason) for row in Enforcement.objects.all()] == [
        (verb, "carried_out", f"access-request:{request.pk}") for verb in ("grant", "revoke")
    ]
    times = timings(clock.now() - timedelta(days=1))
    assert [(each.source, each.verb, each.asked, each.carried_out, each.waiting) for each in times] == [
        ("directory", "grant", 1, 1, 0),
        ("directory", "revoke", 1, 1, 0),
    ]
    assert all(0 <= each.median_minutes <= each.longest_minutes < 1 for each in times)
    assert "Everything that was ordered was seen to be so." in Client().get("/orders/").content.decode()


def test_what_the_directory_refuses_stays_open_and_says_so_until_it_is_tried_anew(company: Company, slapd: Slapd) -> None:
    before = slapd.rules
    slapd.rules = [rule for rule in WRITER_RULES if "member" not in rule]
    slapd.restart()
    try:
        request = asked()
        stands()
        orders()
        ((how, said),) = stands()
        assert (how, "was refused" in said) == ("refused", True)
        assert stands() == [(how, said)]  # nobody tries the same again and again
        shown = Client().get("/orders/").content.decode()
        assert f"access-request:{request.pk}" in shown and "was refused" in shown
    finally:
        slapd.rules = before
        slapd.restart()
    request.refresh_from_db()
    carry_out_request(request, by=LEAD)
    orders()
    assert [how for how, _ in stands()] == ["given"]
    read()
    request.refresh_from_db()
    end_access(request, by=ADA, said="not needed")
    assert [how for how, _ in stands()] == ["being taken"]
    orders()
    assert [how for how, _ in stands()] == ["taken"]


def sells(slapd: Slapd, uid: str) -> bool:
    with slapd._admin() as admin:
        admin.search(f"cn=sales,ou=groups,{BASE}", f"(member={slapd.dn(uid)})")
        return bool(admin.entries)


def taken(hours: int = 2) -> EmergencyAccess:
    right = Entitlement.objects.get()
    if right.in_emergency is None:
        clerks = declare_role(by=LEAD, name="clerk", title="Clerks", owner="1")
        change_entitlement(right, by=LEAD, title="Sales", owner="1", privileged=False, risk=Risk.HIGH, in_emergency=clerks)
    return take_emergency_access(by=ADA, entitlement=Entitlement.objects.get(), why="nobody answers", hours=hours)


def test_what_is_taken_in_an_emergency_is_given_at_once_and_taken_back_when_it_ends(company: Company, slapd: Slapd) -> None:
    emergency = taken()
    assert (emergency.provision, emergency.provision_said) == ("ordered", "directory is asked")
    orders()
    assert sells(slapd, "ada")
    provision(PRODUCT)
    assert EmergencyAccess.objects.get().provision == "given"
    with clock.at(clock.now() + timedelta(hours=3)):  # nobody read the directory since
        assert provision(PRODUCT) == "1 requests carried on"
        assert EmergencyAccess.objects.get().provision == "being taken"
        orders()
        provision(PRODUCT)
        assert EmergencyAccess.objects.get().provision == "taken"
        assert not sells(slapd, "ada")
        read()
        assert provision(PRODUCT) == "0 requests carried on"
    assert {row.reason for row in Enforcement.objects.all()} == {f"emergency-access:{emergency.pk}"}


def test_an_emergency_that_is_over_before_anything_was_given_calls_it_off(company: Company, slapd: Slapd) -> None:
    end_emergency(taken(), by=ADA)
    orders()
    assert [(row.outcome, row.said) for row in Enforcement.objects.all()] == [("refused", "called off: it is over")]
    assert EmergencyAccess.objects.get().provision == "taken"
    assert not sells(slapd, "ada")


def test_what_was_there_before_an_emergency_stays_and_what_nobody_may_take_is_not_given(company: Company, slapd: Slapd) -> None:
    given_by_nobody = take_emergency_access(by=ADA, entitlement=Entitlement.objects.get(), why="nobody answers")
    assert (given_by_nobody.provision, "give it by hand" in given_by_nobody.provision_said) == ("by hand", True)
    end_emergency(given_by_nobody, by=ADA)
    slapd.put(f"cn=sales,ou=groups,{BASE}", {"member": [slapd.dn("oda"), slapd.dn("ada")]})
    read()
    emergency = taken()
    assert (emergency.provision, emergency.provision_said) == ("kept", "it was there before the emergency")
    review_emergency(emergency, by=ODA, justified=False, outcome="there was another way")
    over = EmergencyAccess.objects.get(pk=emergency.pk)
    assert (over.provision, over.ends_at <= clock.now()) == ("kept", True)
    assert not Enforcement.objects.exists()
    slapd.put(f"cn=sales,ou=groups,{BASE}", {"member": [slapd.dn("oda")]})
    with pytest.raises(NotAllowed, match="whoever has the role Clerks"):
        take_emergency_access(by=ODA, entitlement=Entitlement.objects.get(), why="nobody answers")


def test_what_another_list_grants_is_not_taken_back(company: Company, workspace: Workspace, slapd: Slapd) -> None:
    slapd.put(f"cn=sales,ou=groups,{BASE}", {"member": [slapd.dn("oda"), slapd.dn("ada")]})
    read()
    request = asked()
    assert stands() == [("given", "it is there, as the system tells")]
    listed = '[[requests]]\nid = "R1"\nperson = "2"\nsystem = "directory"\nentitlement = "sales"\napproved_by = "1"\n'
    (workspace.root / "model.toml").write_text(MODEL + listed, encoding="utf-8")
    assert collect(configured.named("model")).error == ""
    request.refresh_from_db()
    end_access(request, by=ADA, said="not needed")
    assert stands() == [("kept", "model tells of a request that was granted")]
    assert not Enforcement.objects.exists()
    slapd.put(f"cn=sales,ou=groups,{BASE}", {"member": [slapd.dn("oda")]})


def test_administrative_rights_are_given_to_administrators_accounts_alone() -> None:
    daily, admin = (Place("directory", name, name, True, kind, "", False) for name, kind in (("ada", "person"), ("adm-ada", "admin")))
    assert chosen([daily, admin], privileged=True) == admin
    assert chosen([daily, admin]) == daily
    assert chosen([daily], privileged=True) is None
    assert chosen([daily, replace(daily, account="ada2")]) is None
    assert chosen([replace(daily, enabled=False)]) is None
    assert chosen([replace(daily, enabled=False)], off=True) is not None


def test_who_joins_is_given_what_the_role_gives(company: Company, slapd: Slapd, workspace: Workspace) -> None:
    people = PEOPLE + f"3,Bea,bea@example.org,clerk,{clock.now().date()}\n"
    (workspace.root / "people.csv").write_text(people, encoding="utf-8")
    slapd.add_person("bea", number="3", password=PASSWORD)
    slapd.put(slapd.dn("bea"), {"pwdAccountLockedTime": ["000001010000Z"]})  # made ready before the first day
    assert collect(configured.named("hr")).error == ""
    read()
    keep_cases(clock.now())
    assert [(row.verb, row.entitlement) for row in Enforcement.objects.all()] == [("enable", ""), ("grant", "books")]
    orders()
    read()
    keep_cases(clock.now())
    case = StaffCase.objects.get(kind="joiner")
    assert (case.closed_at is not None, slapd.sign_in(slapd.dn("bea"), PASSWORD)) == (True, True)


def test_what_our_own_account_may_no_longer_see_does_not_close_a_leavers_case(company: Company, slapd: Slapd, workspace: Workspace) -> None:
    leaver = f"4,Lou,lou@example.org,lead,2024-01-01,{clock.now().date() - timedelta(days=2)}\n"
    people = PEOPLE.replace("started_on\n", "started_on,ended_on\n").replace("-01-01\n", "-01-01,\n")
    (workspace.root / "people.csv").write_text(people + leaver, encoding="utf-8")
    slapd.add_person("lou", number="4", password=PASSWORD)
    slapd.add_group("leads", [slapd.dn("lou"), slapd.dn("oda")])
    assert collect(configured.named("hr")).error == ""
    read()
    keep_cases(clock.now())
    things = sorted(str(each) for each in CaseThing.objects.filter(settled_at=None))
    assert things == ["account: lou on directory", "grant: lou on directory: leads"]
    before = slapd.rules
    slapd.rules = [f'access to dn.exact="{slapd.dn("lou")}" by dn.exact="{ADMIN}" manage by * none', *WRITER_RULES]
    slapd.restart()
    try:
        assert collect(configured.named("directory")).coverage == "partial"
        keep_cases(clock.now())
        assert sorted(str(each) for each in CaseThing.objects.filter(settled_at=None)) == things
        orders()
        assert {row.outcome for row in Enforcement.objects.all()} == {"refused"}  # nor is what we do not see taken for done
        _withdrawn_before_it_was_done(company)
    finally:
        slapd.rules = before
        slapd.restart()


def _withdrawn_before_it_was_done(company: Company) -> None:
    """What a case ordered and nobody carried out yet is called off with it."""
    case = StaffCase.objects.get()
    carry_out_case(case, by=LEAD)
    assert [row.settled_at for row in Enforcement.objects.filter(outcome="")] == [None, None]
    case.refresh_from_db()
    withdraw_case(case, by=LEAD, why="Lou stays")
    orders()
    assert [row.said for row in Enforcement.objects.order_by("-asked_at")][:2] == ["called off: the case was withdrawn"] * 2


def test_a_first_secret_is_set_on_the_system_and_opens_only_then(company: Company, slapd: Slapd) -> None:
    link = secrets.hand_over_secret(by=LEAD, person="2", system="directory", account="ada")
    with pytest.raises(Refused, match="It is being set on its system"):
        secrets.open_secret(link, by=ADA)
    orders()
    assert not slapd.sign_in(slapd.dn("ada"), PASSWORD)
    link = secrets.open_secret(SecretLink.objects.get(), by=ADA)
    assert slapd.sign_in(slapd.dn("ada"), secrets.shown(link, "2"))  # and must change it: pwdReset
    case = report_disclosure(by=ADA, system="directory", account="ada", how="it stood in a mail", person="2")
    first = secrets.shown(link, "2")
    with pytest.raises(Refused, match="reset it by hand"):
        reset_disclosed(report_disclosure(by=ADA, system="directory", account="nobody", how="as above"), by=LEAD)
    reset_disclosed(case, by=LEAD)
    orders()
    assert not slapd.sign_in(slapd.dn("ada"), first)
    second = secrets.open_secret(SecretLink.objects.get(opened_at=None), by=ADA)
    assert slapd.sign_in(slapd.dn("ada"), secrets.shown(second, "2"))
    said = {(row.verb, row.outcome) for row in Enforcement.objects.filter(reason=f"disclosure:{case.pk}")}
    assert said == {("end_sessions", "refused")}  # a directory has no sessions of its own, and says so


def test_a_name_that_ever_stood_for_somebody_is_given_to_nobody_else(company: Company, slapd: Slapd) -> None:
    slapd.add_person("cleo", number="2", password=PASSWORD)
    read()
    slapd.remove(slapd.dn("cleo"))
    read()
    assert remember() > 0
    with pytest.raises(Ill, match="stood for somebody else"):
        issue_name(by=LEAD, person="1", system="directory", account="Cleo")
    assert str(issue_name(by=LEAD, person="2", system="directory", account="cleo")) == "cleo on directory"
    assert str(issue_name(by=LEAD, person="1", system="directory", account="dora")) == "dora on directory"
    with pytest.raises(Ill, match="never given to a second person"):
        issue_name(by=LEAD, person="2", system="directory", account="dora")
    assert not RememberedName.objects.filter(name__contains="cleo").exists()


def test_who_was_approved_something_and_has_no_account_gets_one(company: Company, slapd: Slapd, workspace: Workspace) -> None:
    """From the approval to the right: an account of a new name, a first secret that its person alone opens, then what was asked for."""
    (workspace.root / "people.csv").write_text(PEOPLE + "5,Eve Stone,eve@example.org,lead,2024-01-01\n", encoding="utf-8")
    assert collect(configured.named("hr")).error == ""
    request = request_access(by=ADA, entitlement=Entitlement.objects.get(), why="she sells", person="5")
    with pytest.raises(Refused, match="only what is approved"):
        make_account(request, by=LEAD, account="eve")
    request = agree_to_request(request, by=ODA)
    assert stands() == [("by hand", "they have no account there yet")]
    request.refresh_from_db()
    with pytest.raises(Ill, match="stood for somebody else"):
        make_account(request, by=LEAD, account="Ada")
    assert not Enforcement.objects.exists() and not SecretLink.objects.exists(), "nothing is left of what was refused"
    request.refresh_from_db()
    make_account(request, by=LEAD, account="eve")
    request.refresh_from_db()
    with pytest.raises(Ill, match="It is being made"):
        secrets.hand_over_secret(by=LEAD, person="5", system="directory", account="eve")
    with pytest.raises(Refused, match="eve is being made for them"):
        make_account(request, by=LEAD, account="eve.stone")
    orders()
    with pytest.raises(Refused, match="directory is to be read first"):
        make_account(request, by=LEAD, account="eve.stone")
    eve, link = who("5", Role.EMPLOYEE), SecretLink.objects.get()
    first = secrets.shown(secrets.open_secret(link, by=eve), "5")
    assert slapd.sign_in(slapd.dn("eve"), first)
    kept = [path for path in workspace.root.rglob("*") if path.is_file() and first.encode() in path.read_bytes()]
    assert kept == [], "the secret lies nowhere in the clear"
    read()
    assert [how for how, _ in stands()] == ["ordered"]
    orders()
    assert [how for how, _ in stands()] == ["given"]
    done = [(row.verb, row.outcome) for row in Enforcement.objects.order_by("asked_at")]
    assert done == [("create", "carried_out"), ("grant", "carried_out")]
    request.refresh_from_db()
    with pytest.raises(Refused, match="They have eve on directory already"):
        make_account(request, by=LEAD, account="eve2")


def test_what_is_tried_on_a_directory_is_an_audit_activity_in_a_window_that_was_agreed(company: Company, slapd: Slapd) -> None:
    slapd.add_person("canary", password=PASSWORD)
    read()
    assert (list(audit_windows()), list(audit_activities())) == ([], []), "reading alone tries nothing"
    company.add("tried", "ldap", slapd.settings | {"system": "directory", "probe_dn": slapd.dn("canary"), "probe_password": PASSWORD})
    (window,), (activity,) = audit_windows(), audit_activities()
    assert activity["system_id"] == window["system_id"] == "directory"
    assert window["agreed_at"] <= window["from_at"] <= activity["from_at"] <= activity["until_at"] <= window["until_at"]
    assert (activity["person_id"], window["agreed_by_id"]) == ("upheld", "operator")


def test_a_joiners_case_makes_the_account_and_then_gives_what_the_role_gives(company: Company, slapd: Slapd, workspace: Workspace) -> None:
    (workspace.root / "people.csv").write_text(PEOPLE + f"6,Fay,fay@example.org,clerk,{clock.now().date()}\n", encoding="utf-8")
    assert collect(configured.named("hr")).error == ""
    keep_cases(clock.now())
    case = StaffCase.objects.get(kind="joiner")
    with pytest.raises(Ill, match="wants nothing there"):
        make_account_for_case(case, by=LEAD, system="crm", account="fay")
    slapd.rules = [rule for rule in WRITER_RULES if "ou=people" not in rule]
    slapd.restart()
    try:
        make_account_for_case(case, by=LEAD, system="directory", account="fay")
        orders()
    finally:
        slapd.rules = list(WRITER_RULES)
        slapd.restart()
    with pytest.raises(Refused, match=r"directory refused to set it: .* may not"):
        secrets.open_secret(SecretLink.objects.get(), by=who("6", Role.EMPLOYEE))
    case.refresh_from_db()
    make_account_for_case(case, by=LEAD, system="directory", account="fay")  # the name is hers still
    orders()
    read()
    keep_cases(clock.now())
    orders()
    read()
    keep_cases(clock.now())
    case.refresh_from_db()
    assert case.closed_at is not None
    assert [(row.verb, row.outcome) for row in Enforcement.objects.order_by("asked_at")] == [
        ("create", "refused"), ("create", "carried_out"), ("grant", "carried_out"),
    ]  # fmt: skip
