"""A review in a real browser, by keyboard alone: Alice keeps, says why where she must, revokes, and finishes.

    UPHELD_ITEMS=200 UPHELD_PICTURES=/tmp/journey pytest tests/web/reviews/test_journey.py

does it with 200 items, and keeps pictures and a record of the journey: seconds, keys pressed, items.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
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
ITEMS = int(os.environ.get("UPHELD_ITEMS", "5"))
PICTURES = os.environ.get("UPHELD_PICTURES", "")  # a folder to keep pictures and the record in
MOST_SECONDS = 300
FOCUSED = "(at => at === document.body ? '' : at.innerText || at.name || '')(document.activeElement)"
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


@dataclass
class Typist:
    """Somebody who has a keyboard and nothing else, and looks at what a key did before the next: `waits` are the seconds each took."""

    page: Page
    begun: float = field(default_factory=time.monotonic)
    keys: int = 0
    waits: list[float] = field(default_factory=list)

    def press(self, *keys: str, until: str = "") -> None:
        """Press `keys` one after the other; then the page must say `until`."""
        pressed = time.monotonic()
        for key in keys:
            self.page.keyboard.press(key)
        self.keys += len(keys)
        if until:
            self.page.get_by_text(until).wait_for()
            self.page.wait_for_load_state()  # nobody types faster than the page's script is there
            self.waits.append(time.monotonic() - pressed)

    def tab_to(self, name: str) -> None:
        """Go from field to field until the one called `name` has the focus."""
        for _ in range(60):
            if name in self.page.evaluate(FOCUSED):
                return
            self.press("Tab")
        pytest.fail(f"no keys lead to {name}")

    def picture(self, name: str) -> None:
        """Keep a picture of what is on the screen, where pictures are wanted."""
        if PICTURES:
            self.page.screenshot(path=f"{PICTURES}/{name}.png")

    def record(self) -> dict[str, float]:
        """What the journey took; the waits are what a person cannot use to think."""
        took = time.monotonic() - self.begun
        return {"items": ITEMS, "keys": self.keys, "seconds": round(took, 1), "median_wait_seconds": round(median(self.waits), 3)}


@pytest.mark.lab
def test_a_review_by_keyboard(review: AccessReview, record_property: Callable[[str, object], None]) -> None:
    alice = account("alice", Role.OWNER)
    with served() as url, chromium(viewport={"width": 1440, "height": 900}) as window:
        page = window.new_page()
        window.add_cookies([{"name": name, "value": each.value, "url": url} for name, each in browser(alice).cookies.items()])
        page.goto(f"{url}/reviews/{review.pk}/")
        assert Axe().run(page).response["violations"] == []
        _in_both_schemes(page)
        typist = Typist(page)
        typist.press("a", until="Say why it is kept: privileged, outside role")
        typist.picture("why")
        typist.tab_to("reason")
        typist.press(*"she runs it", "Enter", until=f"{ITEMS - 1} of your {ITEMS} items")
        typist.press("j", "x", "j", "x", "r", until=f"{ITEMS - 3} of your {ITEMS} items")  # the second and the third line
        for left in range(ITEMS - 4, 0, -1):
            typist.press("a", until=f"{left} of your {ITEMS} items")
        typist.press("a", until="You have decided about everything")
        typist.picture("decided")
        typist.tab_to("Finish the review")
        typist.press("Enter")
        page.locator("main form .actions button").wait_for()
        typist.tab_to(page.locator("main form .actions button").inner_text())
        typist.press("Enter")
        page.wait_for_url("**/accessreview/*/")
        typist.tab_to("Decide about your items")
        typist.press("Enter", until="This review is finished.")
        typist.picture("finished")
    found = typist.record()
    record_property("journey", found)
    if PICTURES:
        Path(PICTURES, "journey.json").write_text(json.dumps(found))
    assert found["seconds"] < MOST_SECONDS, f"{ITEMS} items took {found['seconds']} seconds"
    decided = list(ReviewDecision.objects.values_list("decision", flat=True))
    assert (decided.count("keep"), decided.count("revoke")) == (ITEMS - 2, 2)


def _in_both_schemes(page: Page) -> None:
    for width, scheme in ((1440, "light"), (390, "dark")) if PICTURES else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=f"{PICTURES}/review-{width}-{scheme}.png")
    page.set_viewport_size({"width": 1440, "height": 900})
