"""A reviewer's screen, who had access when, a first secret, what payroll asks: Alice owns, Bob audits, Charlie is a stranger."""

import io
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from tests.measures import made
from tests.told import Telling, telling
from tests.world import World, account, browser, person, world

from upheld import clock
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.ledger import sequencer, store
from upheld.registers.access.secrets import hand_over_secret
from upheld.registers.authorization.cases import open_case
from upheld.registers.authorization.kinds import CaseKind, Decision, ReviewKind
from upheld.registers.authorization.review_models import AccessReview, ReviewDecision, ReviewItem
from upheld.registers.authorization.reviews import decide_items, finish_review, open_review
from upheld.registers.operations.models import Criticality, Environment, SystemKind
from upheld.registers.operations.systems import enter_system

__all__ = ["telling"]
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def people(ledger: object, telling: Telling) -> World:
    """A CRM that Alice answers for, on which Ada and twenty-nine others sell."""
    names = [f"p{number:02}" for number in range(29)]
    staff = [made.person(name, role="seller") for name in ("ada", *names)]
    telling.tell("hr", people=[*staff, {**made.person("alice"), "id": "P-alice"}])
    telling.tell("systems", systems=[made.system("crm", owner_id="P-alice")])
    telling.tell("model", role_entitlements=[{"role": "seller", "system_id": "crm", "entitlement": "sales"}], granted_requests=[])
    accounts = [made.account(name) for name in ("ada", *names)]
    grants = [made.grant(name, "sales") for name in ("ada", *names)]
    telling.tell("crm", accounts=accounts, groups=[], grants=[*grants, made.grant("ada", "admin", privileged=True)])
    return world(audits=("chapter", "authorization"))


@pytest.fixture
def lea(people: World) -> Account:
    lead = account("lea", Role.SECURITY_LEAD)
    said = {"criticality": Criticality.HIGH, "owner": "P-alice", "purpose": "customers"}
    enter_system(by=person(lead), name="crm", title="CRM", kind=SystemKind.APPLICATION, environment=Environment.PRODUCTION, **said)
    return lead


@pytest.fixture
def review(lea: Account) -> AccessReview:
    return open_review(by=person(lea), title="Spring", kind=ReviewKind.SYSTEM, due_on=date(2026, 6, 1), system="crm")


def test_the_top_item_is_decided_with_one_key(people: World, review: AccessReview) -> None:
    alice, page = browser(people.alice), f"/reviews/{review.pk}/"
    shown = alice.get(page).content.decode()
    assert "31 of your 31 items are to be decided." in shown and "privileged, " not in shown.partition("<tbody>")[0]
    assert 'data-key="a"' in shown and shown.count('name="item"') == 25
    refused = alice.post(page, {"top": "1", "decision": "keep"})
    assert refused.status_code == 422 and "Say why it is kept: privileged, outside role" in refused.content.decode()
    assert alice.post(page, {"top": "1", "decision": "keep", "reason": "she runs it"}).status_code == 302
    assert alice.post(page, {"top": "2", "item": ["3", "4"], "decision": "revoke"}).status_code == 302
    assert "28 of your 31 items are to be decided." in alice.get(page).content.decode()
    assert [(each.number, each.decision) for each in ReviewDecision.objects.all()] == [(1, "keep"), (3, "revoke"), (4, "revoke")]
    assert alice.post(page, {"top": "2", "decision": "perhaps"}).status_code == 422


def test_a_reviewer_asks_for_little(people: World, review: AccessReview) -> None:
    alice = browser(people.alice)
    alice.get(f"/reviews/{review.pk}/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        alice.get(f"/reviews/{review.pk}/")
    assert len(asked) <= 20, [each["sql"][:90] for each in asked]


def test_others_see_none_of_its_items_and_decide_nothing(people: World, review: AccessReview) -> None:
    page = f"/reviews/{review.pk}/"
    assert "Nothing of this review is with you." in browser(people.bob).get(page).content.decode()
    assert browser(people.charlie).get(page).status_code in (403, 404)
    for other in (people.bob, people.charlie):
        assert browser(other).post(page, {"top": "1", "decision": "revoke"}).status_code in (403, 404, 422)
    assert not ReviewDecision.objects.exists()


def test_who_had_access_on_a_day_and_why(people: World, lea: Account, telling: Telling) -> None:
    with clock.at(NOW + timedelta(days=3)):
        telling.tell("crm", grants=[made.grant(f"p{number:02}", "sales") for number in range(29)])
        asked = browser(lea)
        then = asked.get("/held/", {"at": "2026-05-05", "person": "ada"}).content.decode()
        assert "2 rights as of" in then and "comes with the role seller" in then and "nothing explains it" in then
        assert "Nobody, as far as the sources told by then." in asked.get("/held/", {"person": "ada"}).content.decode()
        lines = asked.get("/held/access.csv", {"at": "2026-05-05"}).content.decode().splitlines()
        assert len(lines) == 32 and lines[0].startswith("person,person_id,account,system,entitlement")
        assert asked.get("/held/access.json", {"at": "2026-05-05", "entitlement": "admin"}).json()["count"] == 1
        assert "Write the day or instant" in asked.get("/held/", {"at": "yesterday"}).content.decode()
        assert browser(people.alice).get("/held/").status_code in (403, 404)


def test_a_first_secret_is_opened_by_its_person_alone(people: World, lea: Account) -> None:
    link = hand_over_secret(by=person(lea), person="P-alice", system="crm", account="alice")
    page = f"/first-secrets/{link.pk}/"
    assert "sealed for somebody else" in browser(lea).get(page).content.decode()
    assert browser(lea).post(page).status_code == 403
    alice = browser(people.alice)
    assert "<code" not in alice.get(page).content.decode()
    opened = alice.post(page)
    assert "<code" in opened.content.decode() and "no-store" in opened["Cache-Control"]
    with clock.at(NOW + timedelta(minutes=11)):
        assert "<code" not in alice.get(page).content.decode()


def test_payroll_asks_whether_somebody_is_cleared(people: World, lea: Account) -> None:
    asks = browser(lea)
    assert asks.get("/api/people/E-ada/cleared").json()["cleared"] is False
    assert asks.get("/api/people/E-ada/cleared").status_code == 404
    case = open_case(by=person(lea), kind=CaseKind.LEAVER, person="E-ada", due_on=date(2026, 5, 6), why="she leaves")
    told = asks.get("/api/people/E-ada/cleared").json()
    assert (told["cleared"], told["case"], told["due_on"]) == (False, case.pk, "2026-05-06")
    assert browser(people.charlie).get("/api/people/E-ada/cleared").status_code in (403, 404)


def test_a_finished_review_is_printed_for_whoever_leads_and_nobody_else(people: World, review: AccessReview, lea: Account) -> None:
    alice, page = browser(people.alice), f"/reviews/{review.pk}/"
    assert "is not finished" in browser(lea).post(f"{page}paper.pdf").content.decode()
    decide_items(review, by=person(people.alice), numbers=list(range(1, 32)), decision=Decision.REVOKE, reason="nobody sells = any more")
    finish_review(AccessReview.objects.get(), by=person(people.alice))
    assert "paper.pdf" not in alice.get(page).content.decode()
    assert alice.post(f"{page}paper.pdf").status_code == 404
    assert browser(lea).get(f"{page}paper.pdf").status_code == 405
    offered = browser(lea).get(page).content.decode()
    assert f'action="{page}paper.pdf"' in offered and "0 kept, 31 revoked" in offered and "has not placed it yet" in offered
    assert "under the checkpoint of" not in offered
    sequencer.sequence()
    log = store.current()
    assert log is not None
    offered = browser(lea).get(page).content.decode()
    assert f"under the checkpoint of {log.size()} entries, signed " in offered and ", Alice" in offered
    assert f"<code>{review.digest}</code>" in offered
    made = browser(lea).post(f"{page}paper.pdf").content
    said = " ".join(" ".join(each.extract_text() for each in PdfReader(io.BytesIO(made)).pages).split())
    for words in ("Spring", "0 kept, 31 revoked", "nobody sells = any more", "CRM" if "CRM" in said else "crm", "Check it yourself"):
        assert words in said
    assert "are not those that were frozen" not in said
    assert sha256(made).hexdigest().encode() in log.entry(log.size() - 1)
    ReviewItem.objects.filter(number=7).update(person_name="Somebody Else")
    again = browser(lea).post(f"{page}paper.pdf").content
    assert "are not those that were frozen" in " ".join(PdfReader(io.BytesIO(again)).pages[0].extract_text().split())
