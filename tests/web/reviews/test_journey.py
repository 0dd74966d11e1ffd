"""A review in a real browser, by keyboard alone: Alice keeps, says why where she must, revokes, and finishes."""

import os
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.chromium import chromium, served
from tests.measures import made
from tests.told import Telling, telling
from tests.world import account, browser, person

from upheld import clock
from upheld.accounts.role import Role
from upheld.ledger import sequencer
from upheld.registers.authorization.kinds import ReviewKind
from upheld.registers.authorization.review_models import AccessReview, ReviewDecision
from upheld.registers.authorization.reviews import open_review
from upheld.registers.operations.models import Criticality, Environment, SystemKind
from upheld.registers.operations.systems import enter_system
from upheld.workspace import Workspace

__all__ = ["telling"]
ITEMS = int(os.environ.get("UPHELD_ITEMS", "12"))
PICTURES = os.environ.get("UPHELD_PICTURES", "")  # a folder to keep pictures in
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def review(workspace: Workspace, telling: Telling) -> AccessReview:
    """A review of a CRM that Alice answers for: sellers, and one administrator."""
    sequencer.init("test.example/ledger/main/1")
    lead = person(account("lea", Role.SECURITY_LEAD))
    names = [f"p{number:03}" for number in range(ITEMS - 1)]
    seen = {"last_login_at": NOW - timedelta(days=3), "created_at": NOW - timedelta(days=400)}
    with clock.at(NOW):
        said = {"criticality": Criticality.HIGH, "owner": "P-alice", "purpose": "customers"}
        enter_system(by=lead, name="crm", title="CRM", kind=SystemKind.APPLICATION, environment=Environment.PRODUCTION, **said)
        telling.tell("hr", people=[*(made.person(each, role="seller") for each in names), {**made.person("alice"), "id": "P-alice"}])
        telling.tell("systems", systems=[made.system("crm", owner_id="P-alice")])
        telling.tell("model", role_entitlements=[{"role": "seller", "system_id": "crm", "entitlement": "sales"}], granted_requests=[])
        grants = [made.grant(each, "sales") for each in names]
        accounts = [made.account(each, **seen) for each in names]
        telling.tell("crm", accounts=accounts, groups=[], grants=[*grants, made.grant(names[0], "admin", privileged=True)])
        due = date.fromordinal(NOW.toordinal() + 30)
        return open_review(by=lead, title="CRM, spring", kind=ReviewKind.SYSTEM, due_on=due, system="crm")


@pytest.mark.lab
def test_a_review_by_keyboard(review: AccessReview) -> None:
    alice = account("alice", Role.OWNER)
    with served() as url, chromium(viewport={"width": 1440, "height": 900}) as window:
        page = window.new_page()
        window.add_cookies([{"name": name, "value": each.value, "url": url} for name, each in browser(alice).cookies.items()])
        page.goto(f"{url}/reviews/{review.pk}/")
        assert Axe().run(page).response["violations"] == []
        for width, scheme in ((1440, "light"), (390, "dark")) if PICTURES else ():
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{PICTURES}/review-{width}-{scheme}.png")
        page.set_viewport_size({"width": 1440, "height": 900})
        begun = time.monotonic()
        page.keyboard.press("a")
        page.get_by_role("alert").wait_for()
        assert "Say why it is kept: privileged, outside role" in page.get_by_role("alert").inner_text()
        page.locator("#reason").fill("she runs it")
        page.keyboard.press("Enter")
        page.get_by_text(f"{ITEMS - 1} of your {ITEMS} items").wait_for()
        for key in ("j", "x", "j", "x", "r"):  # the second and the third line
            page.keyboard.press(key)
        page.get_by_text(f"{ITEMS - 3} of your {ITEMS} items").wait_for()
        for left in range(ITEMS - 4, 0, -1):
            page.wait_for_load_state()  # nobody types faster than the page's script is there
            page.keyboard.press("a")
            page.get_by_text(f"{left} of your {ITEMS} items").wait_for()
        page.wait_for_load_state()
        page.keyboard.press("a")
        page.get_by_text("You have decided about everything").wait_for()
        took = time.monotonic() - begun
        page.get_by_role("link", name="Finish the review").click()
        page.locator("main form .actions button").click()
        page.wait_for_url("**/accessreview/*/")
        page.get_by_role("link", name="Decide about your items").click()
        page.get_by_text("This review is finished.").wait_for()
    assert took < 300, f"{ITEMS} items took {took:.0f} seconds"
    decided = ReviewDecision.objects.values_list("decision", flat=True)
    assert (list(decided).count("keep"), list(decided).count("revoke")) == (ITEMS - 2, 2)
