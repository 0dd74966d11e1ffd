"""A questionnaire is sent by a link, answered without an account, scored by people, and concluded."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.world import World, account, browser, person, world

from upheld import clock
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.actions.models import Step
from upheld.ledger.models import Outbox
from upheld.registers.recorded import register_states
from upheld.registers.suppliers.answering import MOST_AN_HOUR, MOST_FILES, answer_question, send_in, visitor
from upheld.registers.suppliers.asking_models import Answer, Inquiry, Says
from upheld.registers.suppliers.looking_models import SupplierReview
from upheld.registers.suppliers.models import Provides, Tier
from upheld.registers.suppliers.onboarding import propose_supplier
from upheld.registers.suppliers.questionnaires import open_link, send_questionnaire, withdraw_questionnaire, write_questions
from upheld.workspace import Workspace

MARKUP = "<script>alert(1)</script>"
LAST = date(2026, 5, 20)


@pytest.fixture
def people(ledger: object) -> World:
    return world(audits=("chapter", "suppliers"))


@pytest.fixture
def lea(people: World) -> Account:
    return account("lea", Role.SECURITY_LEAD)


@pytest.fixture
def inquiry(lea: Account) -> Inquiry:
    """Two questions to a supplier that Alice answers for."""
    by = person(lea)
    said = {"provides": [Provides.HOSTING], "what": "machines", "tier": Tier.HIGH, "touches": True}
    host = propose_supplier(by=by, name="host", title="Host Ltd", owner="P-alice", **said)
    asked = write_questions(by=by, name="basics", title="Basics", questions=["Do you test restores?", f"Who has access? {MARKUP}"])
    return send_questionnaire(host, by=by, questions=asked, until_on=LAST)


def told(answer: object) -> str:
    return unescape(answer.content.decode())


def link(lea: Account, inquiry: Inquiry) -> str:
    """The path of a new link, as the page shows it once."""
    page = told(browser(lea).post(f"/questionnaires/{inquiry.pk}/"))
    return re.search(r"http://testserver(/answer/[\w-]+/)", page)[1]


@pytest.fixture
def stranger() -> Client:
    return browser(None)


def test_a_stranger_answers_bit_by_bit_and_sends_in_once(lea: Account, inquiry: Inquiry, stranger: Client) -> None:
    path = link(lea, inquiry)
    page = stranger.get(path)
    assert page.status_code == 200 and "Do you test restores?" in told(page) and MARKUP not in page.content.decode()
    assert stranger.post(path, {"says-1": "yes", "words-1": "each month", "quiet": "1"}).status_code == 204
    assert stranger.post(path, {"says-1": "yes", "words-1": "each month", "send": "1", "name": "Zoe, CISO"}).status_code == 409
    assert "each month" in told(stranger.get(path))
    shown = SimpleUploadedFile("report.pdf", b"%PDF")
    sent = stranger.post(
        path, {"says-1": "yes", "words-1": "each month", "says-2": "partly", "file-2": shown, "send": "1", "name": "Zoe, CISO"}
    )
    assert sent.status_code == 200 and "Thank you" in told(sent)
    assert stranger.get(path).status_code == stranger.post(path, {"says-1": "no"}).status_code == 404
    assert list(Answer.objects.values_list("number", "says", "words", "file_name")) == [
        (1, "yes", "each month", ""),
        (2, "partly", "", "report.pdf"),
    ]
    # What did not change was not saved again.
    assert Step.objects.filter(action="suppliers.answer-question", target=True).count() == 2
    assert all(row["as_recorded"] for row in register_states())


def test_the_record_leads_to_the_page_with_the_link(lea: Account, inquiry: Inquiry) -> None:
    assert f'href="/questionnaires/{inquiry.pk}/"' in told(browser(lea).get(f"/registers/suppliers/inquiry/{inquiry.pk}/"))


def test_the_secret_is_kept_nowhere(lea: Account, inquiry: Inquiry, stranger: Client) -> None:
    secret = link(lea, inquiry).split("/")[2]
    stranger.post(f"/answer/{secret}/", {"says-1": "yes"})
    for model in (Inquiry, Answer, Step, Outbox):
        assert not any(secret in str(row) for row in model.objects.values_list()), model
    assert secret not in told(browser(lea).get(f"/questionnaires/{inquiry.pk}/"))


def test_only_the_newest_link_opens_and_only_for_as_long_as_it_may(lea: Account, inquiry: Inquiry, stranger: Client) -> None:
    first, second = link(lea, inquiry), link(lea, inquiry)
    assert (stranger.get(first).status_code, stranger.get(second).status_code) == (404, 200)
    with clock.at(clock.now() + timedelta(days=17)):
        assert stranger.get(second).status_code == 404
    withdraw_questionnaire(Inquiry.objects.get(), by=person(lea))
    assert stranger.get(second).status_code == 404
    gone = told(stranger.get("/answer/guessed/"))
    assert "This link no longer works" in gone and "Host" not in gone


def test_an_answer_without_a_choice_is_told_and_nothing_typed_is_lost(lea: Account, inquiry: Inquiry, stranger: Client) -> None:
    path = link(lea, inquiry)
    answer = stranger.post(path, {"words-1": "we think so", "says-2": "no", "save": "1"})
    assert answer.status_code == 400 and "Choose one of the answers" in told(answer) and "we think so" in told(answer)
    assert list(Answer.objects.values_list("number", flat=True)) == [2]
    assert stranger.post(path, {"says-1": "maybe"}).status_code == 400
    assert stranger.post(path, {"says-1": "yes", "save": "1"})["Location"] == f"{path}?saved"


def test_whoever_has_no_link_answers_nothing(lea: Account, people: World, inquiry: Inquiry) -> None:
    for who in (person(lea), person(people.alice), person(account("eve", Role.EMPLOYEE))):
        with pytest.raises((NotAllowed, Refused)):
            answer_question(inquiry, by=who, number=1, says=Says.YES)
    opened = open_link(inquiry, by=person(lea), link="a" * 64)
    other = account("zoe", Role.OWNER)
    with pytest.raises(NotAllowed):
        send_in(opened, by=person(other), name="Zoe")
    with pytest.raises(Ill, match="There are 2 questions"):
        answer_question(opened, by=visitor(opened), number=3, says=Says.YES)


def test_a_link_cannot_fill_the_disk(lea: Account, inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_AN_HOUR <= 1_000
    monkeypatch.setattr("upheld.registers.suppliers.answering.MOST_AN_HOUR", 2)
    opened = open_link(inquiry, by=person(lea), link="a" * 64)
    for says in (Says.YES, Says.NO):
        answer_question(opened, by=visitor(opened), number=1, says=says)
    with pytest.raises(Refused, match="Too much was saved"):
        answer_question(opened, by=visitor(opened), number=1, says=Says.YES)
    with clock.at(clock.now() + timedelta(hours=2)):
        answer_question(opened, by=visitor(opened), number=1, says=Says.YES)


def test_files_are_kept_within_limits(lea: Account, inquiry: Inquiry, stranger: Client, ledger: Workspace) -> None:
    path = link(lea, inquiry)
    said = {"says-1": "maybe", "file-1": SimpleUploadedFile("a.txt", b"not kept")}
    assert stranger.post(path, said).status_code == 400 and not (ledger.root / "files").exists()
    for number in range(MOST_FILES * 2):
        said = {"says-1": "yes", "file-1": SimpleUploadedFile("a.txt", f"{number}".encode())}
        assert stranger.post(path, said).status_code == 302
    kept = sum(1 for file in (ledger.root / "files").rglob("*") if file.is_file())
    more = stranger.post(path, {"says-1": "yes", "file-1": SimpleUploadedFile("a.txt", b"one more")})
    assert more.status_code == 400 and "Too many files" in told(more)
    assert sum(1 for file in (ledger.root / "files").rglob("*") if file.is_file()) == kept == MOST_FILES * 2


def test_people_score_and_conclude(lea: Account, people: World, inquiry: Inquiry, stranger: Client) -> None:
    path, lead = link(lea, inquiry), browser(lea)
    stranger.post(path, {"says-1": "yes", "says-2": "no", "file-2": SimpleUploadedFile("a.txt", b"list"), "send": "1", "name": "Zoe"})
    page = told(lead.get(f"/questionnaires/{inquiry.pk}/"))
    assert "sent in" in page and "0 scored" in page and "Conclude" not in page
    first, second = Answer.objects.all()
    concluded = {"record": inquiry.pk, "outcome": "good-with-conditions", "note": "mend access"}
    assert "2 of 2 answers are not scored yet" in told(lead.post("/act/suppliers.conclude-questionnaire/", concluded))
    assert lead.post("/act/suppliers.score-answer/", {"record": second.pk, "score": "bad"}).status_code == 400
    lead.post("/act/suppliers.score-answer/", {"record": first.pk, "score": "good"})
    lead.post("/act/suppliers.score-answer/", {"record": second.pk, "score": "bad", "remark": "nobody knows"})
    assert lead.post("/act/suppliers.conclude-questionnaire/", concluded).status_code == 302
    assert [(each.kind, each.outcome) for each in SupplierReview.objects.all()] == [("questionnaire", "good-with-conditions")]
    assert b"".join(lead.get(f"/questionnaires/answers/{second.pk}/file").streaming_content) == b"list"
    assert lead.get(f"/questionnaires/answers/{first.pk}/file").status_code == 404
    for who, status in ((people.alice, 200), (people.bob, 200), (people.charlie, 403), (account("eve", Role.EMPLOYEE), 404)):
        assert browser(who).get(f"/questionnaires/{inquiry.pk}/").status_code == status, who
    assert browser(people.charlie).get(f"/questionnaires/answers/{second.pk}/file").status_code == 403
    assert browser(people.bob).post(f"/questionnaires/{inquiry.pk}/").status_code in (403, 409)


def test_one_sent_back_says_why_and_takes_a_new_link(lea: Account, inquiry: Inquiry, stranger: Client) -> None:
    first = link(lea, inquiry)
    stranger.post(first, {"says-1": "yes", "says-2": "no", "send": "1", "name": "Zoe"})
    sent_back = {"record": inquiry.pk, "note": "Name the roles.", "until_on": str(LAST)}
    assert browser(lea).post("/act/suppliers.send-back/", sent_back).status_code == 302
    assert stranger.get(first).status_code == 404
    assert "Name the roles." in told(stranger.get(link(lea, inquiry)))


def test_a_questionnaire_ends_within_ninety_days(lea: Account, inquiry: Inquiry) -> None:
    asked, by = {"supplier": inquiry.supplier}, person(lea)
    questions = write_questions(by=by, name="more", title="More", questions=["Why?"])
    for day in (date(2026, 5, 3), date(2026, 8, 3)):
        with pytest.raises(Ill, match="at most 90 days ahead"):
            send_questionnaire(asked["supplier"], by=by, questions=questions, until_on=day)
    with pytest.raises(Ill, match="64 hexadecimal digits"):
        open_link(inquiry, by=by, link="secret")
