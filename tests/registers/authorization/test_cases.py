"""People who join, change jobs or leave: cases open by themselves, and close only when everything was seen as it must be."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.actors import person
from tests.measures import made
from tests.rows import Row
from tests.told import Telling, telling

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, Refused, SamePerson
from upheld.actions.files import keep_file
from upheld.registers.authorization.case_models import CaseThing, StaffCase
from upheld.registers.authorization.cases import (
    ORDERED,
    _taken,
    add_thing,
    carry_out_case,
    close_case,
    confirm_thing,
    look_at_case,
    open_case,
)
from upheld.registers.authorization.keeping_cases import keep_cases
from upheld.registers.authorization.kinds import CaseKind, Thing
from upheld.registers.authorization.review_rows import staff_cases
from upheld.sources.enforcing import Order, Verb

__all__ = ["telling"]
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LAST = date(2026, 5, 6)


@pytest.fixture
def crm(ledger: object, telling: Telling) -> Telling:
    """A CRM in which Ada sells, who leaves on 6 May, and another Ada, who stays; and the model."""
    telling.tell(
        "hr",
        people=[
            made.person("ada", role="seller", ended_on=LAST),
            {**made.person("ada2", role="seller"), "name": "Ada"},
            made.person("bob", role="clerk"),
        ],
    )
    telling.tell("model", role_entitlements=[{"role": "seller", "system_id": "crm", "entitlement": "sales"}], granted_requests=[])
    says(telling, "ada", "ada2", "bob")
    return telling


def says(telling: Telling, *names: str, grants: tuple[str, ...] | None = None) -> None:
    accounts: list[Row] = [made.account(name) for name in names]
    telling.tell("crm", accounts=accounts, groups=[], grants=[made.grant(name, "sales") for name in (names if grants is None else grants)])


def test_a_leaver_gets_a_case_that_closes_when_all_of_it_is_gone(crm: Telling) -> None:
    assert keep_cases(NOW) == "1 opened, 0 closed, 1 open"
    case = StaffCase.objects.get()
    assert (case.kind, case.person, case.due_on) == ("leaver", "E-ada", LAST)
    assert sorted(str(each) for each in CaseThing.objects.all()) == ["account: ada on crm", "grant: ada on crm: sales"]
    with clock.at(NOW + DAY):
        says(crm, "ada", "ada2", "bob", grants=("ada2", "bob"))
        assert keep_cases(clock.now()) == "0 opened, 0 closed, 1 open"
        assert [each.what for each in CaseThing.objects.filter(settled_at=None)] == ["account"]
    with clock.at(NOW + 2 * DAY):
        says(crm, "ada2", "bob")
        assert keep_cases(clock.now()) == "0 opened, 0 closed, 1 open"  # the last day is not over
    with clock.at(NOW + 3 * DAY):
        assert keep_cases(clock.now()) == "0 opened, 0 closed, 1 open"  # nobody has read anything since
        says(crm, "ada2", "bob")
        crm.tell("model")
        assert keep_cases(clock.now()) == "0 opened, 1 closed, 0 open"
    assert [(row["kind"], row["left_over"]) for row in staff_cases()] == [("leaver", 0)]


def test_a_right_that_comes_back_is_open_again(crm: Telling, lead: Person) -> None:
    keep_cases(NOW)
    with clock.at(NOW + DAY):
        says(crm, "ada2", "bob")
        look_at_case(StaffCase.objects.get(), by=lead)
        assert not CaseThing.objects.filter(settled_at=None).exists()
    with clock.at(NOW + 2 * DAY):
        says(crm, "ada", "ada2", "bob")
        look_at_case(StaffCase.objects.get(), by=lead)
        assert CaseThing.objects.filter(settled_at=None).count() == 2
        with pytest.raises(Refused, match="2 things are not as they must be"):
            close_case(StaffCase.objects.get(), by=lead)
        with pytest.raises(Refused, match="do the rest by hand"):
            carry_out_case(StaffCase.objects.get(), by=lead)  # this source only reads


def test_a_partial_reading_settles_nothing(crm: Telling, lead: Person) -> None:
    keep_cases(NOW)
    with clock.at(NOW + DAY):
        crm.cut("crm", accounts=[made.account("ada2")], groups=[], grants=[])
        look_at_case(StaffCase.objects.get(), by=lead)
    assert CaseThing.objects.filter(settled_at=None).count() == 2


def test_a_mover_loses_what_the_old_role_alone_gave(crm: Telling, lead: Person) -> None:
    with clock.at(NOW + DAY):
        crm.tell(
            "hr",
            people=[
                made.person("ada", role="seller", ended_on=LAST),
                {**made.person("ada2", role="clerk"), "name": "Ada"},
                made.person("bob", role="clerk"),
            ],
        )
        assert keep_cases(clock.now()) == "2 opened, 0 closed, 2 open"
        case = StaffCase.objects.get(kind="mover")
        assert (case.person, case.former_role) == ("E-ada2", "seller")
        assert [str(each) for each in case.things.all()] == ["grant: ada2 on crm: sales"]


def test_a_joiner_waits_for_what_the_role_gives(crm: Telling, lead: Person) -> None:
    open_case(by=lead, kind=CaseKind.JOINER, person="E-bob", due_on=NOW.date(), why="he sells from now on")
    with pytest.raises(Ill, match="open case of a joiner"):
        open_case(by=lead, kind=CaseKind.JOINER, person="E-bob", due_on=NOW.date(), why="again")
    with pytest.raises(Ill, match="which role they leave"):
        open_case(by=lead, kind=CaseKind.MOVER, person="E-bob", due_on=NOW.date(), why="again")
    with clock.at(NOW + DAY):
        crm.tell("model", role_entitlements=[{"role": "clerk", "system_id": "crm", "entitlement": "books"}])
        case = look_at_case(StaffCase.objects.get(), by=lead)
        assert [(str(each), each.wanted, each.settled_at) for each in case.things.all()] == [("grant: books on crm", True, None)]


def test_what_no_source_tells_of_is_confirmed_by_a_second_person(crm: Telling, lead: Person) -> None:
    case = open_case(by=lead, kind=CaseKind.LEAVER, person="E-ada", due_on=LAST, why="she leaves")
    thing = add_thing(case, by=lead, label="the mailbox sales@ goes to Bob")
    proof = keep_file(b"a ticket")
    with pytest.raises(SamePerson):
        confirm_thing(thing, by=lead, proof=proof)
    confirm_thing(thing, by=person("eve", Role.DPO), proof=proof)
    assert CaseThing.objects.get(pk=thing.pk).settled_at == NOW


def test_a_key_that_lets_in_to_several_accounts_is_taken_out_for_who_leaves(crm: Telling) -> None:
    print_ = "SHA256:ab/c+d"
    key: Row = {"id": f"crm/ssh-user/{print_}", "system_id": "crm", "fingerprint": print_, "purpose": "ssh-user", "algorithm": "ed25519"}
    with clock.at(NOW + timedelta(hours=1)):
        crm.tell("crm", keys=[{**key, "holder": "ada, root", "state": "active"}])
        keep_cases(clock.now())
    thing = CaseThing.objects.get(what="key")
    wanted = _taken(StaffCase.objects.get(), thing)
    assert (wanted.source, wanted.order) == ("crm", Order(Verb.REVOKE, "ada", f"ssh-key:{print_}"))


def test_a_leavers_sessions_are_ended_after_the_account_is_shut(crm: Telling) -> None:
    session: Row = {"id": "7@x", "system_id": "crm", "account_id": "ada", "identifier": "ada", "way": "database", "interactive": True}
    with clock.at(NOW + timedelta(hours=1)):
        crm.tell("crm", sessions=[session], accounts=[made.account("ada")], groups=[], grants=[made.grant("ada", "sales")])
        keep_cases(clock.now())
    case = StaffCase.objects.get()
    things = sorted(case.things.all(), key=lambda thing: ORDERED.index(Thing(thing.what)))
    assert [_taken(case, thing).order for thing in things] == [
        Order(Verb.DISABLE, "ada"), Order(Verb.REVOKE, "ada", "sales"), Order(Verb.END_SESSIONS, "ada"),
    ]  # fmt: skip


def says_hr(telling: Telling, ada_ends: date | None) -> None:
    ada, ada2 = ({**made.person(name, role="seller"), "name": "Ada"} for name in ("ada", "ada2"))
    telling.tell("hr", people=[{**ada, "ended_on": ada_ends}, ada2, made.person("bob", role="clerk")])


def test_a_last_day_that_moves_moves_the_case_and_one_that_falls_away_withdraws_it(crm: Telling, lead: Person) -> None:
    keep_cases(NOW)
    with clock.at(NOW + timedelta(hours=1)):
        says_hr(crm, LAST - DAY)  # earlier: waiting for the former day would leave her access
        keep_cases(clock.now())
        assert [(case.due_on, case.withdrawn_at) for case in StaffCase.objects.all()] == [(LAST - DAY, None)]
    with clock.at(NOW + timedelta(hours=2)):
        says_hr(crm, None)
        assert keep_cases(clock.now()) == "0 opened, 0 closed, 1 open"  # her former last day is not over; nothing is taken yet
    with clock.at(NOW + 4 * DAY):
        says_hr(crm, None)
        assert keep_cases(clock.now()) == "0 opened, 0 closed, 0 open"
        case = StaffCase.objects.get()
        assert (case.withdrawn_at is not None, case.closed_at, list(staff_cases())) == (True, None, [])
        with pytest.raises(Refused, match="It is withdrawn"):
            close_case(case, by=lead)
    with clock.at(NOW + 5 * DAY):
        says_hr(crm, LAST + 7 * DAY)  # and leaves after all
        assert keep_cases(clock.now()) == "1 opened, 0 closed, 1 open"


def test_somebody_who_came_back_keeps_what_they_have_and_a_case_by_hand_is_carried_out(crm: Telling, lead: Person) -> None:
    keep_cases(NOW)
    by_hand = open_case(by=lead, kind=CaseKind.LEAVER, person="E-bob", due_on=NOW.date(), why="he goes today; HR is told tomorrow")
    with clock.at(NOW + 4 * DAY):
        again = {**made.person("ada"), "id": "E-new", "role": "seller", "ended_on": None}
        crm.tell("hr", people=[made.person("ada", role="seller", ended_on=LAST), again, made.person("bob", role="clerk")])
        says(crm, "ada", "bob")
        keep_cases(clock.now())
    assert [case.person for case in StaffCase.objects.exclude(withdrawn_at=None)] == ["E-ada"]
    by_hand.refresh_from_db()
    assert (by_hand.withdrawn_at, by_hand.things.count() > 0) == (None, True)
