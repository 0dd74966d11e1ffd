"""An incident in a real browser, as several people: reported, decided about, handled with the 72-hour clock, closed, learned from."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page
from tests.chromium import chromium, served
from tests.world import account, browser, person

from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.ledger import sequencer
from upheld.registers.governance.policies import approve_policy, declare_policy, draft_policy, publish_policy, submit_policy
from upheld.registers.governance.policy_models import Audience, PolicyKind, PolicyVersion
from upheld.registers.governance.responsibilities import declare_responsibility, give_responsibility
from upheld.registers.incidents.categories import declare_category
from upheld.registers.incidents.models import FollowUp, Incident, SecurityEvent
from upheld.workspace import Workspace

PLAYBOOK = "- [ ] incident-lead: Take it off the network\n- [ ] Look what it reached\n- [ ] Tell the press (optional)\n"
PICTURES = os.environ.get("UPHELD_PICTURES", "")  # a folder to keep pictures in


@pytest.fixture
def lea(workspace: Workspace) -> Account:
    """The security lead, in an office with a playbook; Ida leads incidents."""
    sequencer.init("test.example/ledger/main/1")
    lea, max_ = account("lea", Role.SECURITY_LEAD), person(account("max", Role.MANAGER))
    lead = person(lea)
    for name, who in (("board", "P-max"), ("incident-lead", "P-ida")):
        made = declare_responsibility(by=lead, name=name, title=name, purpose="all", management=name == "board")
        give_responsibility(made, by=lead, person=who, part="accountable", from_on=date(2020, 1, 1))
    said = {"kind": PolicyKind.PLAYBOOK, "title": "Malware playbook", "owner": "P-lea", "audience": Audience.NOBODY}
    draft = draft_policy(declare_policy(by=lead, name="malware-playbook", **said), by=lead, text=PLAYBOOK, summary="first")
    approve_policy(submit_policy(draft, by=lead), by=max_)
    publish_policy(PolicyVersion.objects.get(pk=draft.pk), by=lead)
    declare_category(by=lead, name="malware", title="Malware", playbook="malware-playbook")
    return lea


def signed_in(window: BrowserContext, who: Account, url: str) -> Page:
    """A page of `window`, in which `who` is signed in from now on."""
    window.clear_cookies()
    cookies = browser(who).cookies
    window.add_cookies([{"name": name, "value": each.value, "url": url} for name, each in cookies.items()])
    return window.pages[0] if window.pages else window.new_page()


def do(page: Page, button: str, **fields: str) -> None:
    """Press the button of an action, fill in its form, and send it."""
    page.get_by_role("link", name=button, exact=True).first.click()
    for name, value in fields.items():
        field = page.locator(f"[name={name}]")
        if field.first.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("main form").get_by_role("button").first.click()


def look(page: Page, name: str) -> None:
    """Let axe look at the page, and keep pictures of it where somebody wants some."""
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    for width, scheme in ((1440, "light"), (390, "light"), (1440, "dark"), (390, "dark")) if PICTURES else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}-{scheme}.png"), full_page=True)


@pytest.mark.lab
def test_from_a_report_to_a_lesson(lea: Account) -> None:
    ada, ida = account("ada", Role.EMPLOYEE), account("ida", Role.EMPLOYEE)
    with served() as url, chromium(viewport={"width": 1440, "height": 900}) as window:
        window.set_default_timeout(10_000)
        page = signed_in(window, ada, url)
        page.goto(f"{url}/report/")
        page.get_by_label("What did you see or suspect?").fill("A strange program\nruns on my laptop.")
        page.get_by_role("button", name="Report it").click()
        assert "Thank you. It is number 1" in page.content()
        look(page, "report")
        event = SecurityEvent.objects.get()
        assert event.reporter == "P-ada"

        page = signed_in(window, lea, url)
        page.goto(f"{url}/registers/incidents/securityevent/1/")
        do(page, "Decide event", decision="incident", reason="It is malware.", category="1", severity="high", title="Malware on a laptop")
        assert page.url == f"{url}/incidents/1/"
        assert "led by P-ida" in page.content()

        page = signed_in(window, ida, url)
        page.goto(f"{url}/incidents/1/")
        do(page, "Acknowledge incident")
        page.get_by_role("button", name="Done: Take it off the network").click()
        page.get_by_label("Write down what happens now").fill("Unplugged at the desk.")
        page.get_by_role("button", name="Add to the timeline").click()
        do(page, "leave out: Look what it reached", reason="It had no network.")
        do(page, "Contain incident", how="Unplugged.")
        known = datetime.now(UTC).replace(second=0, microsecond=0)
        do(page, "Declare breach", known_at=f"{max(known, event.noticed_at):%Y-%m-%dT%H:%M:%S.%fZ}", affected="40 customers' addresses")
        clocks = page.get_by_label("Clocks").inner_text()
        assert "Tell the supervisory authority" in clocks
        due = (Incident.objects.get().known_at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=73)).strftime("%B %Y, %H:%M")
        assert due in clocks and "GDPR 33(1)" in clocks
        look(page, "incident")
        do(page, "Resolve incident", words="New disk.")
        record = {"happened_at": "2026-01-01T00:00Z", "consequences": "One laptop.", "measures": "Patched."}
        do(page, "Close incident", **record)
        assert "The supervisory authority was not told yet" in page.content()
        page.goto(f"{url}/incidents/1/")
        do(page, "Record notice", to="supervisory-authority", how="By their form, number 77.")
        do(page, "Close incident", **record)
        assert Incident.objects.get().state == "closed"
        do(page, "Review incident", cause="No patch.", lesson="Patch weekly.")
        do(page, "Plan follow up", what="Patch weekly", owner="P-ada", due_on=f"{date.today() + timedelta(days=30)}")
        assert FollowUp.objects.get().owner == "P-ada"
