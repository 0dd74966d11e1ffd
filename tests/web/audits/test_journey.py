"""An audit from plan to close, as three people in Chromium, with a sample; axe on each page on the way.

`UPHELD_PICTURES=DIR` keeps pictures.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page
from tests.chromium import chromium, served
from tests.web.signing.test_in_chromium import fine
from tests.world import account, browser, person

from upheld import clock
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.ledger import sequencer
from upheld.registers.compliance.audit_models import Audit, AuditFinding, AuditState, SampleItem
from upheld.registers.governance.policies import want_topic
from upheld.registers.source import REGISTERS
from upheld.sources import configured
from upheld.sources.collecting import collect

At = Callable[[Account, str], Page]


@pytest.fixture
def wanted(workspace):
    """Three topics without a policy, and the people: who leads, who audits, who answers."""
    sequencer.init("test.example/ledger/main/1")
    lea, max_, alice = (
        account(name, role) for name, role in (("lea", Role.SECURITY_LEAD), ("max", Role.EMPLOYEE), ("alice", Role.EMPLOYEE))
    )
    for name in ("access", "backup", "mail"):
        want_topic(by=person(lea), name=name, title=name.title())
    collect(configured.add("registers", REGISTERS.name, {}))
    return lea, max_, alice


def as_(window: BrowserContext, page: Page, address: str, who: Account, path: str) -> None:
    """Go to `path` as `who`: in the same window, with their session."""
    window.clear_cookies()
    window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": str(browser(who).session.session_key), "url": address}])
    page.goto(f"{address}{path}")


def send(page: Page, **fields: str) -> None:
    """Fill in the form of an action by its fields' names, and send it."""
    for name, value in fields.items():
        control = page.locator(f"main [name={name}]").first
        if control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(value)
        elif control.get_attribute("type") in ("radio", "checkbox"):
            page.locator(f"main [name={name}][value={value}]").check()
        else:
            control.fill(value)
    page.locator("main form button").first.click()
    assert "/act/" not in page.url, page.locator("main").inner_text()


def test_an_audit_is_planned_run_and_closed(wanted):
    lea, max_, alice = wanted
    today = clock.now().date()
    soon, year_ago = (today + timedelta(days=14)).isoformat(), (today - timedelta(days=365)).isoformat()
    complaints: list[str] = []
    with served() as address, chromium() as window:
        page = window.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        as_(window, page, address, lea, "/audits/")
        fine(page, "audits-empty")
        page.get_by_role("link", name="Plan audit").click()
        fine(page, "audit-plan")
        period = {
            "period_from_on": year_ago,
            "period_until_on": today.isoformat(),
            "planned_from_on": today.isoformat(),
            "planned_until_on": soon,
        }
        send(
            page,
            name="policies",
            title="Audit of policies",
            kind="internal",
            criteria="ISO 27001",
            chapters="governance",
            lead="P-max",
            **period,
        )
        audit = Audit.objects.get()
        here = f"/audits/{audit.pk}/"

        as_(window, page, address, max_, here)
        page.get_by_role("link", name="Start audit").click()
        send(page)
        page.goto(f"{address}{here}")
        page.locator("a[href*=policy_set_complete][href*=draw-sample]").click()
        send(page, size="2")
        page.goto(f"{address}{here}")
        page.get_by_role("link", name="Ask auditee").click()
        send(page, person="P-alice", what="Which topics are still without a policy, and why?", due_on=soon)
        for item in SampleItem.objects.all():
            page.goto(f"{address}/act/compliance.judge-item/?record={item.pk}")
            send(page, result="deviates", note="There is no policy.")
        page.goto(f"{address}/act/compliance.raise-finding/?record={audit.pk}")
        send(page, grade="major", what="Two topics have no policy.", person="P-alice", due_on=soon, clause="ISO/IEC 27001:2022 A.5.1")
        page.goto(f"{address}{here}")
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="dark")
        fine(page, "audit-running-phone")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(color_scheme="light")

        as_(window, page, address, alice, "/act/compliance.answer-request/?record=1")
        send(page, answer="All three; nobody had time.")
        page.goto(f"{address}/act/compliance.answer-finding/?record={AuditFinding.objects.get().pk}")
        send(page, cause="Nobody had time.", correction="Each is written by June.")

        as_(window, page, address, max_, here)
        page.get_by_role("link", name="Accept answer").click()
        send(page)
        page.goto(f"{address}{here}")
        page.get_by_role("link", name="Report audit").click()
        send(page, conclusion="Policies are missing; the rest is in order.")

        as_(window, page, address, lea, here)
        page.get_by_role("link", name="Close audit").click()
        send(page)
        page.goto(f"{address}{here}")
        fine(page, "audit-closed")
        page.goto(f"{address}/audits/")
        fine(page, "audits")
    assert complaints == []
    assert Audit.objects.get().state == AuditState.CLOSED
