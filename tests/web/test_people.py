"""The pages of accounts: what an administrator does, what others see, and what nobody else can do."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.accounts.entries import entries
from tests.web.test_pages import assert_well_made, text
from tests.world import account, browser, world

from upheld import clock
from upheld.accounts import attempts, links, passwords
from upheld.accounts.models import Account, RoleGiven
from upheld.accounts.role import Role
from upheld.ledger.entry import SYSTEM


@pytest.fixture
def people(ledger):
    return world()


def page_of(who: Account) -> str:
    return f"/accounts/{who.pk}/"


def test_an_administrator_makes_an_account_gives_a_role_and_hands_over_a_link(people):
    dana = browser(people.dana)
    assert_well_made(dana.get("/accounts/").content.decode())
    made = dana.post("/accounts/", {"mail": "Eva@example.org", "name": "Eva", "person": "P7"})
    eva = Account.objects.get(mail="eva@example.org")
    assert made.headers["Location"] == page_of(eva)
    given = {"step": "give", "role": "auditor/chapter", "over": "backup", "since_on": "2026-01-01", "until_on": "2026-06-30"}
    assert dana.post(page_of(eva), given).status_code == 302
    role = RoleGiven.objects.get(account=eva)
    assert (role.role, role.for_what, role.given_by) == ("auditor", ("chapter", "backup"), people.dana)
    shown = dana.post(page_of(eva), {"step": "link"}).content.decode()
    (secret,) = re.findall(r"http://testserver/sign-in/link/([\w-]+)/", shown)
    assert secret not in dana.get(page_of(eva)).content.decode() and links.look(secret) == eva
    assert_well_made(dana.get(page_of(eva)).content.decode())
    assert {each.actor.tag is not None for each in entries("account.made", "role.given")[-2:]} == {True}


def test_roles_are_taken_locks_lifted_factors_reset_and_accounts_ended(people, ledger):
    ledger.parameters.write_text("[access]\nlock_after = 1\n")
    dana = browser(people.dana)
    (given,) = people.alice.roles_given.all()
    assert dana.post(page_of(people.alice), {"step": "take", "given": str(given.pk)}).status_code == 302
    attempts.failed(people.alice.mail, method="password", account=people.alice)
    assert "after too many failed attempts" in text(dana.get(page_of(people.alice)))
    for step in ("unlock", "reset", "sessions", "end"):
        assert dana.post(page_of(people.alice), {"step": step}).status_code == 302, step
    page = text(dana.get(page_of(people.alice)))
    assert "after too many failed attempts" not in page and "Roles of the past" in page and "(ended)" in page
    assert {"role.taken", "sign-in.unlocked", "account.ended"} <= {each.kind for each in entries()}


def test_what_cannot_be_done_is_said_in_words_and_nothing_is_half_done(people):
    dana = browser(people.dana)
    for asked, why in (
        ({"step": "end"}, "only administrator"),
        ({"step": "give", "role": "customer/customer"}, "Say what this role is for"),
        ({"step": "give", "role": "king"}, "There is no such role"),
        ({"step": "give", "role": "auditor", "since_on": "soon"}, "A day is written as"),
        ({"step": "take", "given": "999"}, "taken already"),
        ({"step": "explode"}, "nothing that can be done"),
        ({}, "nothing that can be done"),
    ):
        answer = dana.post(page_of(people.dana), asked)
        assert answer.status_code == 422 and why in text(answer), asked
    assert dana.post("/accounts/", {"mail": "dana@example.org"}).status_code == 422
    assert dana.post("/accounts/", {"mail": "no address"}).status_code == 422
    assert Account.objects.count() == 4 and people.dana.roles_given.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.CUSTOMER)])
def test_nobody_else_changes_an_account_whether_they_may_see_it_or_not(people, role):
    other = browser(account("other", role))
    for step in ("give", "take", "link", "reset", "unlock", "sessions", "end"):
        assert other.post(page_of(people.alice), {"step": step, "role": "administrator"}).status_code == 403, step
    assert other.post("/accounts/", {"mail": "new@example.org"}).status_code == 403
    assert people.alice.roles_given.count() == 1 and Account.objects.count() == 5


def test_a_role_that_sees_accounts_is_shown_no_button(people):
    lead = browser(account("lead", Role.SECURITY_LEAD))
    for path in ("/accounts/", page_of(people.alice)):
        page = lead.get(path).content.decode()
        assert "alice@example.org" in page and 'name="step"' not in page and 'id="mail"' not in page


def test_an_administrator_who_signed_in_long_ago_proves_it_first(people, noon):
    passwords.change(people.dana, "cousin ferry plinth ozone", by=SYSTEM)
    dana = browser(people.dana)
    with clock.at(noon + timedelta(minutes=6)):
        asked = dana.post(page_of(people.alice), {"step": "end"})
    assert asked.headers["Location"].startswith("/account/again/")
    people.alice.refresh_from_db()
    assert people.alice.is_active


def test_the_list_costs_the_same_however_long_it_is(people):
    dana = browser(people.dana)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert dana.get("/accounts/").status_code == 200
        return len(asked)

    few = queries()
    for number in range(40):
        account(f"more{number}", Role.EMPLOYEE)
    assert queries() == few <= 15
    page = text(dana.get("/accounts/"))
    assert "44 accounts" in page and "more39@" not in page
    assert "more39@example.org" in text(dana.get("/accounts/?page=2")) or "more39@example.org" in text(dana.get("/accounts/?q=more39"))
    assert "No account fits." in text(dana.get("/accounts/?q=%3Cscript%3E"))


def test_hostile_names_stay_text(people):
    account("x")
    Account.objects.filter(mail="x@example.org").update(name="<script>alert(1)</script>")
    page = browser(people.dana).get("/accounts/").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page
