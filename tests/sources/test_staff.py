"""Accounts tied to the people of the HR list, and who reports to whom, whenever the list is read."""

from datetime import UTC, datetime

import pytest
from tests.accounts.entries import entries, everything

from upheld import clock
from upheld.accounts import giving
from upheld.accounts.models import Account, ReportingLine
from upheld.ledger import sequencer
from upheld.ledger.entry import SYSTEM
from upheld.registers.staff import known
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.sources.staff import Tied, tie

HEAD = "id,name,mail,manager_id,ended_on\n"


@pytest.fixture
def company(workspace):
    sequencer.init("test.example/ledger/main/1")
    return workspace


def read(space, *people: str) -> None:
    (space.root / "people.csv").write_text(HEAD + "\n".join(people) + "\n")
    found = [each for each in configured.in_use() if each.name == "hr"]
    collect(found[0] if found else configured.add("hr", "people", {"file": str(space.root / "people.csv")}))


def tied() -> dict[str, str]:
    return dict(Account.objects.values_list("mail", "person"))


def test_an_address_ties_and_two_people_of_one_address_tie_nobody(company):
    for mail in ("ada@example.org", "bo@example.org", "gone@example.org", "else@example.org"):
        giving.make(mail, by=SYSTEM)
    people = ["1,Ada,ADA@example.org,2,", "2,Bo,bo@example.org,,", "3,Bob,bo@example.org,2,", "4,Gone,gone@example.org,2,2020-01-01"]
    read(company, *people)
    assert tied() == {"ada@example.org": "1", "bo@example.org": "", "gone@example.org": "", "else@example.org": ""}
    assert len(entries("account.tied")) == 1 and "ada@example.org" not in everything()
    assert dict(ReportingLine.objects.values_list("person", "manager")) == {"1": "2", "3": "2", "4": "2"}


def test_reading_again_follows_the_list_and_keeps_what_was_tied(company):
    giving.make("ada@example.org", by=SYSTEM)
    read(company, "1,Ada,ada@example.org,2,", "2,Bo,bo@example.org,,")
    read(company, "1,Ada,other@example.org,3,", "2,Bo,bo@example.org,,", "3,Cy,cy@example.org,,")
    assert tied() == {"ada@example.org": "1"}
    assert dict(ReportingLine.objects.values_list("person", "manager")) == {"1": "3"}
    assert tie() == Tied(tied=1, untied=0, lines=1) and len(entries("account.tied")) == 1


def test_an_address_that_moves_to_somebody_else_does_not_move_the_account(company):
    giving.make("desk@example.org", by=SYSTEM)
    read(company, "1,Ada,desk@example.org,,")
    read(company, "1,Ada,ada@example.org,,", "2,Bo,desk@example.org,,")
    assert tied() == {"desk@example.org": "1"}


def test_without_accounts_nothing_is_kept_of_anybody(company):
    read(company, "1,Ada,ada@example.org,2,")
    assert ReportingLine.objects.count() == 0 and tie() == Tied(0, 0, 0)


def test_who_is_known_is_who_was_known_at_the_clock(company):
    with clock.at(datetime(2026, 5, 1, 9, tzinfo=UTC)):
        read(company, "1,Ada,ada@example.org,,")
    with clock.at(datetime(2026, 5, 3, 9, tzinfo=UTC)):
        read(company, "1,Ada Able,ada@example.org,,", "2,Bo,bo@example.org,,")
        assert set(known()) == {"1", "2"}
    for day, expected in ((1, {}), (2, {"1": "Ada"}), (4, {"1": "Ada Able", "2": "Bo"})):
        with clock.at(datetime(2026, 5, day, 8, tzinfo=UTC)):
            assert {person: each.name for person, each in known().items()} == expected
