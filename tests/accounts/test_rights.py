"""The table of rights, and the scope it gives as a query: behaviour, matrix, stranger."""

import importlib.util
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import account, person, world

from upheld import clock
from upheld.accounts import giving
from upheld.accounts.models import Account, ReportingLine, RoleGiven
from upheld.accounts.person import ANYBODY_HERE, STRANGER, Held
from upheld.accounts.role import FILE, Reach, Role, Verb, changes_something, right, rights
from upheld.accounts.scope import Refused, Ties, authorize, scope
from upheld.ledger.entry import SYSTEM

# The matrix, once more and by hand: who may what, and how far. A change of rights.toml must be meant twice.
MATRIX = {
    ("see", "promises"): "administrator:all security-lead:all dpo:all manager:all owner:all employee:all auditor:scope",
    ("see", "measures"): "administrator:all security-lead:all dpo:all manager:all owner:all auditor:scope",
    ("see", "subjects"): "administrator:all security-lead:all dpo:all owner:own auditor:scope",
    ("see", "evidence"): "administrator:all security-lead:all dpo:all auditor:all",
    ("see", "ledger"): "administrator:all security-lead:all dpo:all manager:all owner:all auditor:all",
    ("see", "registers"): "security-lead:all dpo:all manager:team owner:own employee:own auditor:scope",
    ("see", "policies"): "security-lead:all dpo:all manager:all owner:all employee:all auditor:scope",
    ("do", "policies"): "security-lead:all dpo:all manager:all owner:all employee:all",
    ("see", "accounts"): "administrator:all security-lead:all dpo:all auditor:all",
    ("do", "registers"): "administrator:own security-lead:all dpo:all manager:team owner:own employee:own",
    ("do", "accounts"): "administrator:all",
    ("see", "training"): "security-lead:all dpo:all manager:all owner:all employee:all auditor:scope",
    ("do", "training"): "security-lead:all dpo:all manager:all owner:all employee:all",
    ("see", "facilities"): "security-lead:all dpo:all manager:all owner:all employee:all auditor:scope",
    ("do", "facilities"): "security-lead:all dpo:all manager:all owner:all employee:all",
    ("see", "assets"): "security-lead:all dpo:all manager:all owner:all employee:all auditor:scope",
    ("do", "assets"): "security-lead:all dpo:all manager:all owner:all employee:all",
    ("see", "customer-space"): "security-lead:all dpo:all manager:team owner:own auditor:scope customer:scope",
    ("do", "customer-space"): "security-lead:all dpo:all manager:team owner:own customer:scope",
    ("see", "access-model"): "security-lead:all dpo:all manager:all owner:all employee:all auditor:scope",
    ("do", "access-model"): "security-lead:all dpo:all manager:own owner:own employee:own",
    ("see", "audit-space"): "security-lead:all dpo:all auditor:own",
    ("do", "audit-space"): "security-lead:all dpo:all auditor:own",
    ("see", "access-reviews"): "security-lead:all dpo:all manager:all owner:all employee:all auditor:scope",
    ("do", "access-reviews"): "security-lead:all dpo:all manager:all owner:all employee:all",
    ("see", "logs"): "security-lead:all dpo:all",
    ("see", "changes"): "security-lead:all dpo:all manager:all owner:all employee:all auditor:scope",
    ("see", "software-requests"): "security-lead:all dpo:all manager:team owner:own employee:own auditor:scope",
    ("see", "backups"): "security-lead:all dpo:all manager:all owner:own employee:own auditor:scope",
    ("do", "changes"): "security-lead:all dpo:all manager:all owner:all employee:all",
    ("do", "software-requests"): "security-lead:all dpo:all manager:team owner:own employee:own",
    ("do", "backups"): "security-lead:all dpo:all manager:all owner:own employee:own",
    ("see", "sanctions"): "owner:own",
    ("do", "sanctions"): "owner:own",
}

# The rows of one table stand for records: owned by the account's person, given to it, in one chapter, at an instant.
TIES = Ties(chapter="backup", owner="account__person", document="over", team="role", at="given_at")


def far(said: str) -> dict[Role, Reach]:
    return {Role(role): Reach(reach) for role, _, reach in (each.partition(":") for each in said.split())}


@pytest.mark.parametrize("row", sorted(MATRIX), ids="-".join)
def test_the_matrix_is_as_meant(row):
    verb, thing = row
    assert dict(right(Verb(verb), thing).reach) == far(MATRIX[row])


def test_no_row_of_the_table_is_missing_from_the_matrix():
    general = {(verb.value, thing) for verb, thing in rights() if "/" not in thing}
    assert general == set(MATRIX), f"{FILE.name} and this test say different things"


def test_the_table_in_the_documentation_is_fresh():
    docs = Path(__file__).parents[2] / "docs"
    spec = importlib.util.spec_from_file_location("make_rights", docs / "make_rights.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (docs / "design" / "accounts.md").read_text().endswith("\n\n" + module.table()), "put in what python docs/make_rights.py prints"


def test_auditors_change_nothing():
    assert {role for role in Role if not changes_something(role)} == {Role.AUDITOR}
    assert {thing for (verb, thing), row in rights().items() if verb is Verb.DO and Role.AUDITOR in row.reach} == {"audit-space"}


def test_a_chapter_without_a_row_of_its_own_has_that_of_registers():
    assert right(Verb.SEE, "registers/no-such-chapter") is right(Verb.SEE, "registers")


@pytest.fixture
def records(ledger):
    """Records owned by ann, ben and cas; ben reports to ann."""
    for number, name in enumerate(("ann", "ben", "cas")):
        owner = account(name)
        with clock.at(datetime(2026, 1 + number, 15, tzinfo=UTC)):
            giving.give(owner, Role.EMPLOYEE, by=SYSTEM)
    ReportingLine.objects.create(person="P-ben", manager="P-ann")
    return RoleGiven.objects.all()


def seen(who, records, verb=Verb.SEE, **ties) -> set[str]:
    return {each.account.name for each in scope(who, verb, records, replace(TIES, **ties))}


def holding(name: str, role: Role, **held) -> object:
    return replace(person(Account.objects.get(name=name)), held=(Held(role, **held),))


def test_own_is_what_one_owns(records):
    assert seen(holding("Ben", Role.EMPLOYEE), records) == {"Ben"}
    assert seen(holding("Ben", Role.OWNER), records, Verb.DO) == {"Ben"}


def test_team_is_what_one_and_ones_people_own(records):
    assert seen(holding("Ann", Role.MANAGER), records) == {"Ann", "Ben"}
    assert seen(holding("Ben", Role.MANAGER), records) == {"Ben"}


def test_all_is_everything(records):
    assert seen(holding("Cas", Role.SECURITY_LEAD), records) == {"Ann", "Ben", "Cas"}


def test_an_auditor_sees_the_scope_within_the_period_and_nothing_else(records):
    everywhere = holding("Cas", Role.AUDITOR)
    assert seen(everywhere, records) == {"Ann", "Ben", "Cas"}
    assert seen(holding("Cas", Role.AUDITOR, over=("chapter", "backup")), records) == {"Ann", "Ben", "Cas"}
    assert seen(holding("Cas", Role.AUDITOR, over=("chapter", "people")), records) == set()
    period = {"since_on": date(2026, 2, 15), "until_on": date(2026, 2, 15)}
    assert seen(holding("Cas", Role.AUDITOR, **period), records) == {"Ben"}
    assert seen(holding("Cas", Role.AUDITOR, **period), records, at="") == set()
    assert seen(everywhere, records, Verb.DO) == set()


def test_an_owner_by_word_sees_what_belongs_to_the_word(records):
    assert seen(holding("Cas", Role.OWNER, over=("owner", "employee")), records) == {"Ann", "Ben", "Cas"}
    assert seen(holding("Cas", Role.OWNER, over=("owner", "it-operations")), records) == {"Cas"}


def test_nobody_sees_anything_and_the_database_is_not_even_asked(records):
    somebody_untied = replace(holding("Cas", Role.EMPLOYEE), ref="")
    with CaptureQueriesContext(connection) as asked:
        assert list(scope(STRANGER, Verb.SEE, records, TIES)) == []
        assert list(scope(person_without_role(), Verb.SEE, records, TIES)) == []
        assert list(scope(somebody_untied, Verb.SEE, records, TIES)) == []
    assert len(asked) == 0


def person_without_role():
    return replace(STRANGER, ref="P-cas", only_reads=False)


def test_scope_is_one_query_however_many_records_there_are(records):
    with CaptureQueriesContext(connection) as asked:
        assert len(list(scope(holding_manager(), Verb.SEE, records, TIES))) == 2
    assert len(asked) == 1 and "IN (SELECT" in asked.captured_queries[0]["sql"]


def holding_manager():
    return replace(STRANGER, ref="P-ann", only_reads=False, held=(Held(Role.MANAGER),))


def test_rights_of_several_roles_add_up(records):
    both = replace(holding("Cas", Role.EMPLOYEE), held=(Held(Role.EMPLOYEE), Held(Role.MANAGER)))
    assert seen(both, records) == {"Cas"}
    assert seen(replace(both, ref="P-ann"), records) == {"Ann", "Ben"}


def test_what_may_not_be_done_is_refused_in_the_same_words_whether_it_exists_or_not(records):
    bens = records.get(account__name="Ben")
    assert authorize(holding("Ben", Role.EMPLOYEE), Verb.DO, bens, TIES) == bens
    with pytest.raises(Refused) as not_theirs:
        authorize(holding("Cas", Role.EMPLOYEE), Verb.DO, bens, TIES)
    with pytest.raises(Refused) as not_there:
        authorize(holding("Cas", Role.EMPLOYEE), Verb.DO, RoleGiven(pk=10**6), TIES)
    assert str(not_theirs.value) == str(not_there.value)
    with pytest.raises(Refused, match="takes the role dpo"):
        authorize(holding("Ben", Role.EMPLOYEE), Verb.DO, bens, TIES, by=frozenset({Role.DPO}))


def test_whoever_only_reads_does_nothing_whatever_their_role():
    assert ANYBODY_HERE.may(Verb.SEE, "subjects") and not ANYBODY_HERE.may(Verb.DO, "accounts")


def test_roles_end_by_themselves_and_by_being_taken(ledger, noon):
    alice = world().alice
    giving.give(alice, Role.DPO, by=SYSTEM, ends_at=datetime(2026, 6, 1, tzinfo=UTC))
    assert person(alice).roles == {Role.OWNER, Role.DPO}
    with clock.at(datetime(2026, 6, 1, tzinfo=UTC)):
        assert person(alice).roles == {Role.OWNER}
    giving.take(alice, Role.OWNER, over=("owner", "it-operations"), by=SYSTEM)
    assert person(alice).roles == {Role.DPO}
