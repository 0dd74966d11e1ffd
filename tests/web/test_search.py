"""Search: what contains the words, and only as far as whoever asks may see it."""

from datetime import date
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.conftest import HOSTILE
from tests.world import World, account, browser, person, world

from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.checks.verdict import Outcome, State
from upheld.registers.governance.contacts import add_contact, enter_jurisdiction
from upheld.registers.governance.models import ContactKind, Jurisdiction


@pytest.fixture
def people(ledger: object) -> World:
    return world()


@pytest.fixture
def lea(people: World) -> Account:
    return account("lea", Role.SECURITY_LEAD)


def contact(lea: Account, title: str, holder: str = "P-eve") -> None:
    by = person(lea)
    place = Jurisdiction.objects.first() or enter_jurisdiction(by=by, code="de", title="Germany", from_on=date(2020, 1, 1))
    add_contact(by=by, kind=ContactKind.POLICE, title=title, how="110", holder=holder, jurisdiction=place)


def found(who: Account | None, words: str) -> str:
    answer = browser(who).get(f"/search/?q={quote(words)}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_records_are_found_by_all_words_however_they_are_written(people, lea):
    contact(lea, "Police of Nordhaven")
    contact(lea, "Fire brigade")
    page = found(lea, "nordHAVEN poli")
    assert "Police of Nordhaven" in page and "Fire brigade" not in page
    assert "/registers/governance/contact/?q=nordHAVEN+poli" in page
    assert "Nothing that you may see" in found(lea, "nordhaven fire")


def test_only_what_may_be_seen_is_found(people, lea):
    contact(lea, "Hers of Nordhaven", holder="P-alice")
    contact(lea, "Another's of Nordhaven")
    assert "Hers of Nordhaven" in found(people.alice, "nordhaven") and "Another's" not in found(people.alice, "nordhaven")
    assert browser(people.charlie).get("/search/?q=nordhaven").status_code == 403
    assert browser(None).get("/search/?q=nordhaven").status_code == 302


def test_promises_measures_tables_and_findings_are_found(people, lea, judged):
    judged(State.BROKEN, Outcome("a-1", "piotr on CRM", False, "left long ago"))
    assert "/promises/iso:4.1.4/" in found(lea, "employment contract over")
    assert "/measures/authorization/leavers_removed/" in found(lea, "leavers removed")
    assert "/evidence/tables/accounts/" in found(lea, "accounts")
    assert "left long ago" in found(lea, "piotr") and "left long ago" in found(people.alice, "piotr")
    assert "left long ago" not in found(account("erin", Role.EMPLOYEE), "piotr")
    assert "evidence/tables" not in found(account("finn", Role.EMPLOYEE), "accounts")


@pytest.mark.parametrize("words", ["", " ", "x", "\0", "%", "_", "__", "%%", "\\\\", "' OR 1=1 --", HOSTILE, "a" * 5000, "ab " * 400])
def test_any_words_are_only_words(people, lea, words):
    contact(lea, "Police")
    page = found(lea, words)
    assert "<script>" not in browser(lea).get(f"/search/?q={quote(words)}").content.decode()
    assert "/registers/governance/contact/1/" not in page


def test_search_asks_as_much_for_many_as_for_few(people, lea):
    asked = []
    for number in (1, 3):
        for each in range(number):
            contact(lea, f"Nordhaven {number} {each}")
        client = browser(lea)
        client.get("/search/?q=nordhaven")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/search/?q=nordhaven")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 15
