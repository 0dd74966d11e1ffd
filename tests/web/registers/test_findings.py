"""Findings in the browser, and an exception from asking to the verdict."""

import re
from datetime import timedelta
from hashlib import sha256
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.conftest import Keep
from tests.world import account, browser, world

from upheld import clock
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.checks.verdict import Outcome, State
from upheld.registers.findings.models import Attachment, Care, RiskAccepted
from upheld.verdicts.models import Finding

MEASURE = "authorization/leavers_removed"


@pytest.fixture
def lea(ledger: object) -> Account:
    return account("lea", Role.SECURITY_LEAD)


def failing(number: int) -> Outcome:
    return Outcome(f"hr/E-{number}", f"Somebody {number}", False, "left, and has an account")


def told(answer: object) -> str:
    return unescape(answer.content.decode())


def test_what_fails_is_listed_with_its_due_day(judged: Keep, lea: Account) -> None:
    judged(State.BROKEN, failing(1), measure=MEASURE)
    page = told(browser(lea).get("/findings/"))
    assert "Somebody 1" in page and "P-lea" in page and "in all, page 1 of 1" in page


def test_who_may_not_see_names_sees_no_finding(judged: Keep, lea: Account) -> None:
    judged(State.BROKEN, failing(1), measure=MEASURE)
    people = world(owns="people", audits=("chapter", "backup"))
    number = Finding.objects.get().pk
    assert "Somebody 1" not in told(browser(people.alice).get("/findings/"))
    assert browser(people.alice).get(f"/findings/{number}/").status_code == 404
    assert browser(people.bob).get(f"/findings/{number}/").status_code == 404
    assert browser(people.charlie).get("/findings/").status_code == 403


def test_an_exception_is_asked_for_and_granted_by_another(judged: Keep, lea: Account) -> None:
    judged(State.BROKEN, failing(1), measure=MEASURE)
    lead, number = browser(lea), Finding.objects.get().pk
    page = told(lead.get(f"/findings/{number}/"))
    assert "Ask exception" in page and "None was asked for." in page
    form = told(lead.get("/act/findings.ask-exception/", {"measure": MEASURE, "subject": "hr/E-1"}))
    assert 'value="hr/E-1"' in form
    said = {"measure": MEASURE, "subject": "hr/E-1", "reason": "comes back in June", "until_on": "2026-06-01"}
    assert lead.post("/act/findings.ask-exception/", said).status_code == 302
    wanted = RiskAccepted.objects.get()
    assert lead.post("/act/findings.approve-exception/", {"record": wanted.pk}).status_code == 403
    dora = browser(account("dora", Role.DPO))
    assert dora.post("/act/findings.approve-exception/", {"record": wanted.pk}).status_code == 302
    assert "until 2026-06-01" in told(lead.get("/findings/"))


def test_the_list_asks_as_often_for_three_as_for_one(judged: Keep, lea: Account) -> None:
    lead, counts = browser(lea), []
    for many in (1, 3):
        judged(State.BROKEN, *(failing(each) for each in range(many)), measure=MEASURE)
        with CaptureQueriesContext(connection) as asked:
            assert lead.get("/findings/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 15, counts


def test_a_file_is_kept_with_a_finding_and_given_back_as_a_file_and_only_to_those_concerned(judged: Keep, lea: Account) -> None:
    judged(State.BROKEN, failing(1), measure=MEASURE)
    lead, eve, about = browser(lea), account("eve", Role.EMPLOYEE), {"measure": MEASURE, "subject": "hr/E-1"}
    page = b"<script>alert(1)</script>"
    said = about | {"file": SimpleUploadedFile("x.html", page, "text/html"), "name": "scan.html"}
    assert lead.post("/act/findings.attach-file/", said).status_code == 302
    kept, number = Attachment.objects.get(), Finding.objects.get().pk
    assert kept.sha256 == sha256(page).hexdigest() and 'href="/findings/files/' in told(lead.get(f"/findings/{number}/"))
    given = lead.get(f"/findings/files/{kept.pk}/")
    assert b"".join(given.streaming_content) == page
    assert given["Content-Type"] == "application/octet-stream" and given["Content-Disposition"] == 'attachment; filename="scan.html"'
    assert given["X-Content-Type-Options"] == "nosniff"
    assert browser(eve).get(f"/findings/files/{kept.pk}/").status_code == 404
    assert browser(eve).get(f"/findings/{number}/").status_code == 404
    assert browser(eve).post("/act/findings.comment/", about | {"words": "Me too."}).status_code == 403
    assert lead.post("/act/findings.comment/", about | {"words": "Can you look?", "mentions": "P-eve"}).status_code == 302
    seen = told(browser(eve).get(f"/findings/{number}/"))
    assert "Can you look?" in seen and "to P-eve" in seen
    assert browser(eve).get(f"/findings/files/{kept.pk}/").status_code == 200
    assert browser(eve).post("/act/findings.comment/", about | {"words": "I did."}).status_code == 302


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\nb", "..", 'x".html', "nul\x00"])
def test_a_file_has_a_plain_name(judged: Keep, lea: Account, name: str) -> None:
    judged(State.BROKEN, failing(1), measure=MEASURE)
    said = {"measure": MEASURE, "subject": "hr/E-1", "file": SimpleUploadedFile("x", b"x"), "name": name}
    assert browser(lea).post("/act/findings.attach-file/", said).status_code == 400
    assert not Attachment.objects.exists()


def test_one_that_came_back_shows_what_was_said_before(judged: Keep, lea: Account) -> None:
    judged(State.BROKEN, failing(1), measure=MEASURE)
    lead, first = browser(lea), Finding.objects.get()
    lead.post("/act/findings.comment/", {"measure": MEASURE, "subject": "hr/E-1", "words": "Mended by hand."})
    Finding.objects.update(resolved_at=first.last_seen_at, resolved_how="mended")
    judged(State.BROKEN, failing(1), measure=MEASURE)
    again = Finding.objects.get(resolved_at=None)
    page = told(lead.get(f"/findings/{again.pk}/"))
    assert f'href="/findings/{first.pk}/"' in page and "Mended by hand." in page and "came back" in page


def test_of_one_measure(judged: Keep, lea: Account) -> None:
    judged(State.BROKEN, failing(1), measure=MEASURE)
    assert "Somebody 1" in told(browser(lea).get("/findings/", {"measure": MEASURE}))
    assert "Somebody 1" not in told(browser(lea).get("/findings/", {"measure": "governance/policy_set_complete"}))


def test_nobody_lets_themselves_in(judged: Keep, lea: Account) -> None:
    judged(State.BROKEN, failing(1), measure=MEASURE)
    olga, number = browser(account("olga", Role.OWNER, over=("owner", "people"))), Finding.objects.get().pk
    about = {"measure": MEASURE, "subject": "hr/E-1"}
    assert olga.post("/act/findings.comment/", about | {"words": "Me.", "mentions": "P-olga"}).status_code == 302
    assert olga.post("/act/findings.take-care/", about | {"person": "P-olga"}).status_code == 302
    assert olga.get(f"/findings/{number}/").status_code == 404
    assert browser(lea).post("/act/findings.comment/", about | {"words": "Look.", "mentions": "P-olga"}).status_code == 302
    assert olga.get(f"/findings/{number}/").status_code == 200


def test_findings_are_drawn_by_age_and_by_who_has_to_mend_them(judged: Keep, lea: Account) -> None:
    account("zoe", Role.EMPLOYEE)
    judged(State.BROKEN, *(failing(each) for each in range(4)), measure=MEASURE)
    for days, subject in ((3, "hr/E-0"), (20, "hr/E-1"), (80, "hr/E-2"), (200, "hr/E-3")):
        Finding.objects.filter(subject=subject).update(first_seen_at=clock.now() - timedelta(days=days))
    judged(State.BROKEN, failing(7), measure="access/screen_locks")
    Care.objects.create(measure=MEASURE, subject="hr/E-3", person="P-zoe")
    page = told(browser(lea).get("/findings/"))
    charts = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("How old they are") : page.index("What fails</th>")]))
    for words in ("up to a week 2 ", "up to 30 days 1 ", "up to 90 days 1 ", "older 1 ", "P-lea 4 ", "P-zoe 1 "):
        assert words in charts, (words, charts)
    assert page.count('<svg class="bar"') == 6
    german = told(browser(lea).get("/findings/", headers={"Accept-Language": "de"}))
    assert "Wie alt sie sind" in german and "bis zu einer Woche" in german
    one = told(browser(lea).get("/findings/", {"measure": "access/screen_locks"}))
    assert one.count('<svg class="bar"') == 5 and "P-zoe" not in one


def test_nothing_is_drawn_where_nothing_fails(judged: Keep, lea: Account) -> None:
    judged(State.UPHELD, measure=MEASURE)
    assert "How old they are" not in told(browser(lea).get("/findings/"))
