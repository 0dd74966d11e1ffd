"""A supplier is taken on, asked by a link, and audited: by three people who work here, and one who does not."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.web.working import Desk, desk
from tests.world import account, browser

from upheld.accounts.role import Role
from upheld.registers.suppliers.rows import supplier_agreements, supplier_issues, suppliers

pytestmark = pytest.mark.lab
DAY = f"{datetime.now(UTC):%Y-%m-%d}"


@pytest.fixture
def noon() -> datetime:
    """Now, whatever it is: browsers look at the clock on the wall."""
    return datetime.now(UTC)


def take_on(at: Desk, letter: Path) -> int:
    """Lea proposes and assesses, Dora approves and checks, Lea engages."""
    at.sit("lea")
    at.do("suppliers.set-requirement", name="audit", title="Audits", text="We may look.", tiers=["high", "critical"])
    said = {"title": "Host Ltd", "owner": "P-lea", "provides": ["hosting"], "what": "machines", "tier": "high", "touches": "yes"}
    host = at.do("suppliers.propose-supplier", name="host", **said)
    assessed = at.do("suppliers.assess-supplier", host, risks="few")
    days = {"signed_on": DAY, "from_on": DAY}
    terms = at.do("suppliers.enter-agreement", host, title="Terms", document=letter, requirements=["audit"], **days)
    at.sit("dora")
    at.do("suppliers.approve-supplier", assessed)
    at.do("suppliers.check-agreement", terms)
    at.sit("lea")
    return at.do("suppliers.engage-supplier", host, from_on=DAY)


def looked_at(at: Desk, name: str) -> None:
    """Say that axe finds nothing wrong with the page and that it fits a phone; keep a picture where UPHELD_PICTURES says so."""
    for width, scheme in ((1440, "light"), (390, "dark")):
        at.page.set_viewport_size({"width": width, "height": 900})
        at.page.emulate_media(color_scheme=scheme)
        assert at.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        if pictures := os.environ.get("UPHELD_PICTURES"):
            at.page.screenshot(path=Path(pictures) / f"{name}.{width}.{scheme}.png", full_page=True)
    found = Axe().run(at.page).response["violations"]
    assert [(name, each["id"], each["nodes"][0]["html"][:200]) for each in found if each["id"] != "color-contrast-enhanced"] == []
    at.page.set_viewport_size({"width": 1440, "height": 900})


def ask(at: Desk, host: int) -> tuple[int, str]:
    """Lea writes questions, sends them, and makes the link."""
    asked = at.do(
        "suppliers.write-questions", name="basics", title="Security basics", questions=["Do you test restores?", "Who has access?"]
    )
    until_on = f"{datetime.now(UTC) + timedelta(days=20):%Y-%m-%d}"
    inquiry = at.do("suppliers.send-questionnaire", host, questions=str(asked), until_on=until_on)
    at.page.goto(f"{at.address}/questionnaires/{inquiry}/")
    at.page.get_by_role("button", name="Make the link").click()
    link = at.page.locator("section code").inner_text()
    looked_at(at, "questionnaire-link")
    return inquiry, link


def answer(at: Desk, link: str, letter: Path) -> None:
    """Somebody at the supplier answers: what they choose is saved as they go."""
    at.sit("")
    at.page.goto(link)
    at.page.locator("[name='says-1'][value='yes']").check()
    at.page.get_by_text("Saved.", exact=True).wait_for()
    at.page.locator("[name='words-1']").fill("each month")
    at.page.locator("[name='says-2'][value='partly']").check()
    at.page.get_by_text("Saved.", exact=True).wait_for()
    at.page.goto(link)
    assert at.page.locator("[name='words-1']").input_value() == "each month"
    looked_at(at, "questionnaire-answer")
    at.page.locator("[name='file-2']").set_input_files(letter)
    at.page.locator("[name='name']").fill("Zoe, CISO")
    at.page.get_by_role("button", name="Save and send in").click()
    assert "Thank you." in at.page.locator("main").inner_text()
    assert at.page.goto(link).status == 404
    looked_at(at, "questionnaire-gone")


def conclude(at: Desk, inquiry: int) -> None:
    """Lea scores each answer, and says what follows."""
    at.sit("lea")
    at.page.goto(f"{at.address}/questionnaires/{inquiry}/")
    looked_at(at, "questionnaire-answers")
    for number, score, remark in ((1, "good", ""), (2, "weak", "names no roles")):
        at.do("suppliers.score-answer", number, score=score, remark=remark)
    at.page.goto(f"{at.address}/questionnaires/{inquiry}/")
    at.page.get_by_role("link", name="Conclude").click()
    at.page.locator("[name='outcome']").select_option("good-with-conditions")
    at.page.locator("[name='note']").fill("mend access")
    at.page.locator("main form .actions button").click()


def test_a_supplier_is_taken_on_asked_and_audited(ledger, settings, tmp_path):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF signed")
    people = {"lea": account("lea", Role.SECURITY_LEAD), "dora": account("dora", Role.DPO)}
    with desk({name: browser(each).cookies for name, each in people.items()}) as at:
        host = take_on(at, letter)
        inquiry, link = ask(at, host)
        answer(at, link, letter)
        conclude(at, inquiry)
        audit = at.do("suppliers.review-supplier", host, kind="audit", outcome="good-with-conditions", note="saw the hall")
        issue = at.do("suppliers.raise-issue", audit, what="Name roles.", due_on=DAY)
        at.sit("dora")
        at.do("suppliers.settle-issue", issue, how="saw the list")
        at.page.goto(f"{at.address}/registers/suppliers/supplier/{host}/")
        looked_at(at, "supplier")
    row = next(iter(suppliers()))
    assert (row["id"], str(row["from_on"]), row["reviewed_at"] is not None) == ("host", DAY, True)
    assert [each["checked_at"] is not None for each in supplier_agreements()] == [True]
    assert [each["settled_at"] is not None for each in supplier_issues()] == [True]
