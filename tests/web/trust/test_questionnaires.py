"""A customer's questionnaire: sent by the customer, proposed to from promises, read by a person, and handed over as the same file."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.web.trust.conftest import SECRET_NAMES, leaver
from tests.world import account, browser, outsider

from upheld import clock
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, Refused
from upheld.actions.files import keep_file
from upheld.checks.verdict import State
from upheld.registers.privacy import customers
from upheld.registers.privacy.models import Customer
from upheld.registers.privacy.processing_models import InformationRequest
from upheld.registers.trust import questionnaires
from upheld.registers.trust.asked_models import Questionnaire, QuestionReply, Reply
from upheld.web.trust.handing import hand_over_questionnaire

QUESTIONS = (
    "Are accounts of leavers closed on their last day?",
    "Do you test that backups can be restored?",
    "Which colour is your office?",
)
SHEET = "Ref,Question,Answer,Comments\r\n" + "".join(f"{number},{each},,\r\n" for number, each in enumerate(QUESTIONS, 1))


@pytest.fixture
def zoe(center, lead) -> Client:
    """Zoe of Shops, signed in; Brand is another customer, with Bea."""
    for name in ("shops", "brand"):
        customers.enter_customer(by=lead, name=name, title=name.capitalize(), owner="P-lea", from_on=clock.now().date())
    return browser(outsider("zoe", Role.CUSTOMER, over=("customer", "shops")))


@pytest.fixture
def lea(zoe) -> Client:
    """The security lead's browser."""
    return browser(account("leo", Role.SECURITY_LEAD))


@pytest.fixture
def sent(zoe) -> Questionnaire:
    """What Zoe sent by the form on her page."""
    file = SimpleUploadedFile("ours.csv", SHEET.encode())
    customer = Customer.objects.get(name="shops").pk
    done = zoe.post("/act/trust.send-questionnaire/", {"customer": customer, "title": "Yearly", "file": file, "file_name": "ours.csv"})
    assert done.status_code == 302, done.content
    return Questionnaire.objects.get()


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode())))


def take(number: int, says: Reply, words: str = "", promises: str = "") -> dict[str, str]:
    return {"take": str(number), f"says-{number}": says, f"words-{number}": words, f"promises-{number}": promises}


def test_a_questionnaire_goes_from_the_customer_to_a_person_and_back_filled_in(zoe, sent, lea):
    address = f"/customers/questionnaires/{sent.pk}/"
    shown = lea.get(address).content.decode()
    assert "acme:1.1" in shown and "broken" in shown and "no yes can rest on it" in shown and "No promise answers this." in shown
    assert 'name="says-1"><option value="">–</option><option value="yes">' in shown  # not proposed: it is broken
    assert '<select id="s-2" name="says-2"><option value="">–</option><option value="yes" selected>' in shown
    assert not QuestionReply.objects.exists()
    lea.post(address, take(2, Reply.YES, "Monthly.", "acme:2.1"))
    lea.post(address, take(3, Reply.SEE, "=GREY()"))
    early = lea.post(address, {"hand-over": "1"})
    assert early.status_code == 409 and b"1 questions have no answer yet: 1." in early.content
    lea.post(address, take(1, Reply.YES, "They are.", "acme:1.1"))
    false = lea.post(address, {"hand-over": "1"})
    assert false.status_code == 409 and b"not upheld now: 1." in false.content
    lea.post(address, take(1, Reply.NO, "One was not.", "acme:1.1"))
    assert lea.post(address, {"hand-over": "1"}).status_code == 302
    back = zoe.get(f"/customers/questionnaires/{sent.pk}/answered")
    assert back.headers["Content-Disposition"].endswith('"ours-answered.csv"')
    filled = rows(b"".join(back.streaming_content))
    assert [row[:2] for row in filled] == [row[:2] for row in rows(SHEET.encode())]
    assert [row[2] for row in filled] == ["Answer", "No", "Yes", "See explanation"]
    assert filled[1][3] == "One was not.\n[acme:1.1: broken, last proven on 2 May 2026]"
    assert filled[2][3] == "Monthly.\n[acme:2.1: upheld, last proven on 4 May 2026]"
    assert filled[3][3] == "'=GREY()\nSaid by us; no test stands behind it."
    sent.refresh_from_db()
    request = InformationRequest.objects.get()
    assert sent.states == {"acme:1.1": "broken", "acme:2.1": "upheld"} and request.document == sent.filled and request.answered_at
    assert b"Fetch it with the answers" in zoe.get("/yours/").content
    assert not any(name in str(filled) for name in SECRET_NAMES)
    assert lea.post(address, take(1, Reply.YES, "After all.")).status_code == 400  # what was handed over stands


def test_a_promise_that_broke_within_its_grace_time_carries_no_yes(published, center, sent, lead, judged, noon):
    restored = "backup/restore_proven"
    questionnaires.write_reply(sent, by=lead, number=2, says=Reply.YES, promises=["acme:2.1"])
    for number in (1, 3):
        questionnaires.write_reply(Questionnaire.objects.get(), by=lead, number=number, says=Reply.SEE, words="See us.")
    judged(State.BROKEN, leaver("crm-db-7.internal.example", False), measure=restored, at=noon)
    with pytest.raises(Refused, match="not upheld now: 2"):
        hand_over_questionnaire(Questionnaire.objects.get(), by=lead)


def test_a_yes_on_a_promise_whose_state_customers_are_not_shown_is_refused(sent, lead, judged, noon, center):
    from upheld.registers.trust import opening
    from upheld.registers.trust.models import Shown

    opening.show_promise(by=lead, promise="acme:2.1", public=Shown.SENTENCE, customers=Shown.SENTENCE, why="Not now.")
    for number in (1, 2, 3):
        says, cited = (Reply.YES, ["acme:2.1"]) if number == 2 else (Reply.SEE, [])
        questionnaires.write_reply(Questionnaire.objects.get(), by=lead, number=number, says=says, words="See us.", promises=cited)
    with pytest.raises(Refused, match="customers are not shown: 2"):
        hand_over_questionnaire(Questionnaire.objects.get(), by=lead)


def test_nobody_else_sees_sends_or_answers_it(zoe, sent, lead, lea, stranger):
    bea = browser(account("bea", Role.CUSTOMER, over=("customer", "brand")))
    for path in (f"/customers/questionnaires/{sent.pk}/asked", f"/registers/trust/questionnaire/{sent.pk}/"):
        assert (bea.get(path).status_code, stranger.get(path).status_code) == (404, 302)
        assert zoe.get(path).status_code == 200
    assert zoe.get(f"/customers/questionnaires/{sent.pk}/").status_code == 403  # drafts are for whoever answers
    assert f'"/customers/questionnaires/{sent.pk}/"'.encode() not in zoe.get(f"/registers/trust/questionnaire/{sent.pk}/").content
    assert zoe.get(f"/customers/questionnaires/{sent.pk}/answered").status_code == 404
    assert b"Yearly" not in bea.get("/yours/").content and b"Yearly" in zoe.get("/yours/").content
    shops = Customer.objects.get(name="shops").pk
    file = SimpleUploadedFile("x.csv", SHEET.encode())
    refused = bea.post("/act/trust.send-questionnaire/", {"customer": shops, "title": "Theirs", "file": file})
    assert refused.status_code in (400, 403, 409) and Questionnaire.objects.count() == 1
    assert zoe.post("/act/trust.write-reply/", {"record": sent.pk, "number": 1, "says": "yes"}).status_code == 403


def test_what_is_no_questionnaire_is_refused_with_what_to_do(zoe, center, lead):
    shops = Customer.objects.get(name="shops")
    for content in (b"a,b\n1,2\n", b"PK\x03\x04"):
        with pytest.raises(Ill, match=r"No questions|workbook|cannot be read"):
            questionnaires.receive_questionnaire(shops, by=lead, title="Odd", file=keep_file(content))
    odd = keep_file(b"A,B\nx,Tell us of leavers?\n")
    made = questionnaires.receive_questionnaire(shops, by=lead, title="Odd", file=odd, file_name="../o", column="B")
    assert made.file_name == ".._o.csv" and [each["text"] for each in made.questions] == ["Tell us of leavers?"]
    for column in ("0", "A"):
        with pytest.raises(Ill):
            questionnaires.read_questions_again(made, by=lead, column=column)
