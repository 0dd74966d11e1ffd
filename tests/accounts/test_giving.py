"""Accounts and roles made and ended: rows, entries, and what is refused."""

from datetime import UTC, date, datetime

import pytest
from tests.accounts.entries import entries, everything
from tests.world import account, person, world

from upheld import clock
from upheld.accounts import giving, links, tokens
from upheld.accounts.giving import AccountError
from upheld.accounts.models import Account, RoleGiven
from upheld.accounts.role import Role
from upheld.ledger.entry import SYSTEM


def test_each_step_is_an_entry_and_names_nobody(ledger):
    olga = account("olga", Role.ADMINISTRATOR)
    giving.give(olga, Role.AUDITOR, by=SYSTEM, over=("chapter", "backup"), period=(date(2026, 1, 1), date(2026, 6, 30)))
    giving.take(olga, Role.AUDITOR, by=SYSTEM, over=("chapter", "backup"))
    account("ernst", Role.ADMINISTRATOR)
    giving.end(olga, by=SYSTEM)
    kinds = ["account.made", "role.given", "role.given", "role.taken", "account.made", "role.given", "role.taken", "account.ended"]
    made = entries()[-len(kinds) :]
    assert [each.kind for each in made] == kinds
    assert made[2].body == {"role": "auditor", "over_kind": "chapter", "over": "backup", "since_on": "2026-01-01", "until_on": "2026-06-30"}
    assert all(each.subject.tag and each.subject.id is None for each in made)
    assert "olga" not in everything() and "example.org" not in everything()


def test_who_is_in_no_list_of_people_acts_by_their_account_only_where_all_they_hold_is_from_outside(ledger):
    made = giving.make("zoe@shops.example", name="Zoe", by=SYSTEM)
    assert person(made).ref == ""  # no role: nobody yet
    giving.give(made, Role.CUSTOMER, by=SYSTEM, over=("customer", "shops"))
    assert person(made).ref == person(made).actor.id == str(made.pk)
    giving.give(made, Role.EMPLOYEE, by=SYSTEM)
    assert person(made).ref == ""  # works here: an administrator says who in the list it is


def test_an_account_that_ended_has_no_role_no_token_no_link_and_no_password(ledger):
    world()
    ada = account("ada", Role.SECURITY_LEAD)
    token = tokens.make(ada, name="ci", only_reads=True, lasts=tokens.LONGEST, by=SYSTEM)
    secret = links.make(ada, by=SYSTEM)
    assert tokens.bearer(f"Bearer {token}") and links.look(secret)
    giving.end(ada, by=SYSTEM)
    ada.refresh_from_db()
    assert person(ada).roles == frozenset() and not ada.has_usable_password()
    assert tokens.bearer(f"Bearer {token}") is None and links.look(secret) is None and links.use(secret) is None


def test_the_only_administrator_stays(ledger):
    ada = account("ada", Role.ADMINISTRATOR)
    for refused in (lambda: giving.end(ada, by=SYSTEM), lambda: giving.take(ada, Role.ADMINISTRATOR, by=SYSTEM)):
        with pytest.raises(AccountError, match="only administrator"):
            refused()
    assert person(ada).roles == {Role.ADMINISTRATOR}
    eve = account("eve")
    giving.give(eve, Role.ADMINISTRATOR, by=SYSTEM, ends_at=clock.now())
    with pytest.raises(AccountError, match="only administrator"):
        giving.end(ada, by=SYSTEM)
    giving.give(eve, Role.ADMINISTRATOR, by=SYSTEM)
    giving.end(ada, by=SYSTEM)


@pytest.mark.parametrize(
    ("role", "named", "why"),
    [
        (Role.CUSTOMER, {}, "is given for a customer"),
        (Role.DPO, {"over": ("chapter", "backup")}, "is given for everything"),
        (Role.OWNER, {"over": ("document", "iso")}, "for everything or for a owner"),
        (Role.EMPLOYEE, {"period": (date(2026, 1, 1), None)}, "only auditors have a period"),
        (Role.AUDITOR, {"period": (date(2026, 2, 1), date(2026, 1, 1))}, "ends before it begins"),
    ],
)
def test_a_role_is_given_only_for_what_it_can_be_for(ledger, role, named, why):
    with pytest.raises(AccountError, match=why):
        giving.give(account("ada"), role, by=SYSTEM, **named)
    assert RoleGiven.objects.count() == 0


def test_a_role_is_given_once_and_again_after_it_ran_out(ledger):
    ada = account("ada")
    giving.give(ada, Role.DPO, by=SYSTEM, ends_at=datetime(2026, 6, 1, tzinfo=UTC))
    with pytest.raises(AccountError, match="already"):
        giving.give(ada, Role.DPO, by=SYSTEM)
    with clock.at(datetime(2026, 7, 1, tzinfo=UTC)):
        giving.give(ada, Role.DPO, by=SYSTEM)
        assert person(ada).roles == {Role.DPO}


def test_an_address_has_one_account_whatever_its_case_and_a_person_one_too(ledger):
    giving.make("Ada@Example.org", person="P1", by=SYSTEM)
    for mail, person_id in (("ada@example.ORG", ""), ("other@example.org", "P1")):
        with pytest.raises(AccountError, match="already"):
            giving.make(mail, person=person_id, by=SYSTEM)
    with pytest.raises(AccountError, match="no mail address"):
        giving.make("ada", by=SYSTEM)
    assert Account.objects.count() == 1


def test_links_let_in_once_and_only_the_newest_and_not_for_long(ledger):
    ada = account("ada")
    first, second = links.make(ada, by=SYSTEM), links.make(ada, by=SYSTEM)
    assert links.look(first) is None and links.look(second) == ada
    assert links.use(second) == ada and links.use(second) is None
    third = links.make(ada, by=SYSTEM)
    with clock.at(clock.now() + links.LASTS):
        assert links.look(third) is None and links.use(third) is None
    assert links.use("") is None and links.use("x" * 10_000) is None
    said = everything()
    assert not any(secret in said for secret in (first, second, third))
    assert [each.kind for each in entries("link.made", "link.used")] == ["link.made", "link.made", "link.used", "link.made"]


def test_tokens_read_or_change_end_and_are_told_from_noise(ledger, noon):
    ada = account("ada", Role.ADMINISTRATOR)
    reads = tokens.make(ada, name="dashboard", only_reads=True, lasts=tokens.LONGEST, by=SYSTEM)
    changes = tokens.make(ada, name="script", only_reads=False, lasts=tokens.LONGEST, by=SYSTEM)
    assert [giving.may_manage(tokens.bearer(f"Bearer {each}")) for each in (reads, changes)] == [False, True]
    assert tokens.bearer(f"bearer {reads}").via == "api"
    forged = reads[:20] + ("a" if reads[20] != "a" else "b") + reads[21:]
    assert tokens.well_formed(reads) and not tokens.well_formed(forged)
    for header in (f"Bearer {forged}", f"Basic {reads}", reads, "", "Bearer ", f"Bearer {reads} x", f"Bearer {reads}\n{reads}"):
        assert tokens.bearer(header) is None, header
    tokens.revoke(ada.tokens.get(name="script"), by=SYSTEM)
    assert tokens.bearer(f"Bearer {changes}") is None
    with clock.at(noon + tokens.LONGEST):
        assert tokens.bearer(f"Bearer {reads}") is None
    assert reads not in everything() and [each.kind for each in entries("token.made", "token.revoked")] == [
        "token.made",
        "token.made",
        "token.revoked",
    ]


def test_a_token_needs_a_name_and_an_end(ledger):
    for name, lasts, why in ((" ", tokens.LONGEST, "needs a name"), ("x", tokens.LONGEST * 2, "a year"), ("x", -tokens.LONGEST, "a year")):
        with pytest.raises(AccountError, match=why):
            tokens.make(account(f"a{abs(hash((name, lasts)))}"), name=name, only_reads=True, lasts=lasts, by=SYSTEM)
