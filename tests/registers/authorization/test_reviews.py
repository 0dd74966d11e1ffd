"""Reviews of rights: what is frozen, who decides about what, what is refused, and what follows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from tests.actors import person
from tests.measures import made
from tests.rows import Row
from tests.told import Telling, telling

from upheld import clock
from upheld.accounts import giving
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.duties.tell import tell_all
from upheld.ledger.entry import SYSTEM
from upheld.notices.models import Notice
from upheld.registers.authorization.campaigns import keep_campaigns, settle_unused, wait
from upheld.registers.authorization.duties import reviews
from upheld.registers.authorization.entitlements import declare_entitlement
from upheld.registers.authorization.kinds import Decision, ReviewKind, Risk
from upheld.registers.authorization.review_models import AccessReview, ReviewDecision, ReviewItem, reseal
from upheld.registers.authorization.review_rows import access_reviews, review_items
from upheld.registers.authorization.reviews import decide_items, finish_review, hand_over_items, open_review
from upheld.registers.operations.models import Criticality, Environment, SystemKind
from upheld.registers.operations.systems import enter_system
from upheld.registers.recorded import register_states
from upheld.vault.fence import token

__all__ = ["telling"]
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DUE = date(2026, 6, 1)


@pytest.fixture
def oda(lead: Person, telling: Telling) -> Person:
    """Oda, who answers for the CRM: Ada sells there, Bob has not signed in for a year, Oda herself administers it, nobody owns zed."""
    enter_system(
        by=lead,
        name="crm",
        title="CRM",
        kind=SystemKind.APPLICATION,
        environment=Environment.PRODUCTION,
        criticality=Criticality.HIGH,
        owner="E-oda",
        purpose="customers",
    )
    declare_entitlement(by=lead, system="crm", entitlement="sales", title="Sales", owner="E-oda", risk=Risk.LOW)
    telling.tell("hr", people=[made.person("ada", role="seller", manager_id="E-oda"), made.person("bob"), made.person("oda")])
    telling.tell("systems", systems=[made.system("crm", owner_id="E-oda")])
    telling.tell("model", role_entitlements=[{"role": "seller", "system_id": "crm", "entitlement": "sales"}])
    telling.tell(
        "crm",
        accounts=[
            made.account("ada"),
            made.account("bob", last_login_at=made.at("2025-05-01")),
            made.account("oda"),
            made.account("zed", person_ref=None),
        ],
        groups=[],
        grants=[
            made.grant("ada", "sales"),
            made.grant("bob", "sales"),
            made.grant("oda", "admin", privileged=True),
        ],
    )
    return person("oda", Role.OWNER)


def opened(oda: Person) -> AccessReview:
    return open_review(by=oda, title="CRM, spring", kind=ReviewKind.SYSTEM, due_on=DUE, system="crm")


def test_the_population_is_frozen_with_what_is_to_be_looked_at_twice(oda: Person) -> None:
    review = opened(oda)
    assert [(item.account, item.entitlement, item.reviewer, item.risk, item.flags) for item in review.items_of.all()] == [
        ("bob", "", "E-oda", "medium", ["dormant"]),  # where it is the account that is in question, it is asked about too
        ("zed", "", "E-oda", "medium", ["orphan"]),
        ("oda", "admin", "E-oda", "high", ["privileged", "outside role"]),
        ("ada", "sales", "E-oda", "low", []),
        ("bob", "sales", "E-oda", "low", ["dormant", "outside role"]),
    ]
    assert [row["as_frozen"] for row in access_reviews()] == [True]
    ada = ReviewItem.objects.get(account="ada")
    with transaction.atomic():
        reseal({ada.pk: {"account_name": token(b"secret", "ada")}}, SYSTEM)  # as an erasure does
    assert [row["as_frozen"] for row in access_reviews()] == [True]
    assert not [row for row in register_states() if not row["as_recorded"]]  # the ledger has the new digest
    fresh = ReviewItem.objects.get(pk=ada.pk)
    assert (fresh.salt != ada.salt, fresh.digest != ada.digest) == (True, True)
    ReviewItem.objects.filter(pk=ada.pk).update(risk="high")  # an item that names somebody erased, altered afterwards
    assert [row["as_frozen"] for row in access_reviews()] == [False]
    with transaction.atomic():
        reseal({ada.pk: {"entitlement": token(b"secret", "ada")}}, SYSTEM)  # an erasure heals nothing that was altered before
    assert [row["as_frozen"] for row in access_reviews()] == [False]


def test_items_that_are_altered_or_missing_are_not_those_that_were_frozen(oda: Person) -> None:
    opened(oda)
    ReviewItem.objects.filter(account="ada").update(account_name=token(b"secret", "ada"))  # as if an erasure had
    assert [row["as_frozen"] for row in access_reviews()] == [False]
    ReviewItem.objects.filter(account="ada").update(account_name="ada")
    assert [row["as_frozen"] for row in access_reviews()] == [True]
    zed = ReviewItem.objects.filter(account="zed")
    zed.update(entitlement="all")
    assert [row["as_frozen"] for row in access_reviews()] == [False]
    zed.delete()
    assert [row["as_frozen"] for row in access_reviews()] == [False]


def test_each_item_is_decided_by_whom_it_is_with_and_never_about_oneself(oda: Person, lead: Person) -> None:
    review = opened(oda)
    number = {item.account: item.number for item in review.items_of.all()}
    with pytest.raises(NotAllowed, match="with somebody else"):
        decide_items(review, by=lead, numbers=[number["ada"]], decision=Decision.KEEP)
    with pytest.raises(NotAllowed, match="their own access"):
        decide_items(review, by=oda, numbers=[number["oda"]], decision=Decision.KEEP, reason="I need it")
    with pytest.raises(Ill, match="Say why it is kept: dormant, outside role"):
        decide_items(review, by=oda, numbers=[number["bob"]], decision=Decision.KEEP)
    with pytest.raises(Ill, match="Only what is of low risk"):
        decide_items(review, by=oda, numbers=[number["ada"], number["bob"]], decision=Decision.KEEP, reason="all fine")
    with pytest.raises(Ill, match="no such items"):
        decide_items(review, by=oda, numbers=[99], decision=Decision.KEEP)
    decide_items(review, by=oda, numbers=[number["ada"]], decision=Decision.KEEP)
    decide_items(review, by=oda, numbers=[1, number["bob"], number["zed"]], decision=Decision.REVOKE)
    with pytest.raises(Refused, match="1 items are not decided yet"):
        finish_review(review, by=oda)
    hand_over_items(review, by=oda, to="E-bob", why="it is my own")
    bob = person("bob", Role.EMPLOYEE)
    decide_items(review, by=bob, numbers=[number["oda"]], decision=Decision.KEEP, reason="she runs it")
    finish_review(review, by=oda)
    with pytest.raises(Refused, match="It is finished"):
        decide_items(AccessReview.objects.get(), by=oda, numbers=[number["ada"]], decision=Decision.REVOKE)
    assert [(row["items"], row["undecided"], row["finished_at"]) for row in access_reviews()] == [(5, 0, NOW)]
    assert {row["account_id"]: row["decision"] for row in review_items()} == {
        "ada": "keep",
        "bob": "revoke",
        "oda": "keep",
        "zed": "revoke",
    }


def test_what_was_kept_last_time_and_has_no_flag_is_kept_together(oda: Person, telling: Telling) -> None:
    review = opened(oda)
    hand_over_items(review, by=oda, to="E-bob", why="I am away")
    bob = person("bob", Role.EMPLOYEE)
    for item in review.items_of.exclude(person="E-bob"):
        decide_items(review, by=bob, numbers=[item.number], decision=Decision.KEEP, reason="as ever")
    for item in review.items_of.filter(person="E-bob"):
        decide_items(review, by=oda, numbers=[item.number], decision=Decision.REVOKE)
    finish_review(review, by=oda)
    with clock.at(NOW + timedelta(days=30)):
        telling.tell("crm", grants=[made.grant("ada", "sales"), made.grant("ada", "new")])
        again = open_review(
            by=oda, title="CRM, summer", kind=ReviewKind.SYSTEM, due_on=date(2026, 9, 1), system="crm"
        )  # fmt: skip
    found = {item.entitlement: (item.routine, item.flags) for item in again.items_of.filter(account="ada")}
    assert found == {"sales": (True, []), "new": (False, ["outside role", "new"])}


def test_unused_accounts_are_looked_for_and_may_be_none(oda: Person) -> None:
    review = open_review(by=oda, title="Unused, second quarter", kind=ReviewKind.UNUSED, due_on=DUE)
    assert {item.account for item in review.items_of.all()} == {"bob"}
    with pytest.raises(Ill, match="Name the system"):
        open_review(by=oda, title="x", kind=ReviewKind.SYSTEM, due_on=DUE)


def unused(name: str) -> Row:
    return made.account(name, last_login_at=made.at("2025-05-01"))


def test_a_campaign_warns_and_then_switches_off_what_is_still_unused(oda: Person, lead: Person, telling: Telling) -> None:
    with clock.at(NOW + timedelta(minutes=1)):
        telling.tell("crm", accounts=[made.account("ada"), unused("bob"), unused("cleo")])
        telling.tell("hr", people=[made.person(name) for name in ("ada", "bob", "cleo", "oda")])
        open_review(by=oda, title="Unused, second quarter", kind=ReviewKind.UNUSED, due_on=DUE)
    giving.make("bob@example.org", name="Bob", person="E-bob", by=SYSTEM)
    assert wait() and keep_campaigns(lead) == "1 campaigns warn, 0 settled"
    assert not wait() and keep_campaigns(lead) == "0 campaigns warn, 0 settled"
    assert tell_all(clock.now()) >= 1
    told = [(each.title, each.text) for each in Notice.objects.filter(kind="access.unused")]
    assert [title for title, _ in told] == ["Your account bob on crm will be switched off"] and "1 June 2026" in told[0][1]
    tell_all(clock.now())
    assert Notice.objects.filter(kind="access.unused").count() == 1
    with pytest.raises(Refused, match="Its time is not over yet"):
        settle_unused(AccessReview.objects.get(), by=lead)
    with clock.at(NOW + timedelta(days=30)):
        used = made.account("bob", last_login_at=clock.now() - timedelta(days=2))
        telling.tell("crm", accounts=[made.account("ada"), used, unused("cleo")])
        assert keep_campaigns(lead) == "0 campaigns warn, 1 settled"
    assert {row["account_id"]: row["decision"] for row in review_items()} == {"bob": "keep", "cleo": "revoke"}
    assert ReviewDecision.objects.get(decision="revoke").reason == "it was not used until the time was over"
    assert [row["finished_at"] is not None for row in access_reviews()] == [True]


def test_a_review_of_what_changed_asks_about_nothing_else(oda: Person, lead: Person, telling: Telling) -> None:
    with pytest.raises(Refused, match="Nobody reviewed all of this system yet"):
        open_review(by=oda, title="changes", kind=ReviewKind.CHANGED, due_on=DUE, system="crm")
    review = opened(oda)
    hand_over_items(review, by=oda, to="E-bob", why="I am away")
    for item in review.items_of.all():
        by = oda if item.person == "E-bob" else person("bob", Role.EMPLOYEE)
        decide_items(review, by=by, numbers=[item.number], decision=Decision.KEEP, reason="as ever")
    finish_review(review, by=oda)
    assert open_review(by=oda, title="changes", kind=ReviewKind.CHANGED, due_on=DUE, system="crm").size == 0
    with clock.at(NOW + timedelta(days=1)):
        telling.tell("hr", people=[made.person("ada", role="clerk", manager_id="E-oda"), made.person("bob"), made.person("oda")])
        grants = [made.grant("ada", "sales"), made.grant("bob", "sales"), made.grant("oda", "admin", privileged=True)]
        telling.tell("crm", grants=[*grants, made.grant("bob", "books")])
        found = open_review(by=oda, title="changes", kind=ReviewKind.CHANGED, due_on=DUE, system="crm")
    assert [(item.number, item.account, item.entitlement, item.flags) for item in found.items_of.all()] == [
        (1, "bob", "books", ["dormant", "outside role", "new"]),
        (2, "ada", "sales", ["outside role"]),  # kept, and no longer explained by what she does
    ]


def test_an_exit_review_is_about_all_that_one_person_has(oda: Person) -> None:
    with pytest.raises(Ill, match="Name who leaves"):
        open_review(by=oda, title="Ada leaves", kind=ReviewKind.EXIT, due_on=DUE)
    with pytest.raises(Ill, match="Only an exit review"):
        open_review(by=oda, title="x", kind=ReviewKind.OWNER, due_on=DUE, person="E-ada")
    review = open_review(by=oda, title="Ada leaves", kind=ReviewKind.EXIT, due_on=DUE, person="E-ada")
    assert [(item.account, item.entitlement, item.reviewer) for item in review.items_of.all()] == [("ada", "sales", "E-oda")]


def test_whoever_has_undecided_items_owes_them(oda: Person) -> None:
    review = opened(oda)
    assert [(each.subject, each.owes) for each in reviews(NOW)] == [(review.reference, "E-oda")]
    hand_over_items(review, by=oda, to="E-bob", why="I am away")
    assert sorted(each.owes for each in reviews(NOW)) == ["E-bob", "E-oda"]  # Bob's own access stays with Oda
