"""The application in a real browser: axe on each kind of page, nothing wider than a phone, light pages, and keys for lists.

UPHELD_PICTURES=DIR keeps a picture of each page, wide and narrow, light and dark, to be looked at.
"""

import gzip
import os
import re
from datetime import UTC, date, datetime
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page
from tests.chromium import chromium, served
from tests.world import account, browser, person

from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.checks.verdict import Outcome, State
from upheld.registers.governance.contacts import add_contact, enter_jurisdiction
from upheld.registers.governance.models import ContactKind

pytestmark = pytest.mark.lab
# Those whose look depends on verdicts; one of every other kind is looked at in the sample company (tests/registers/test_sampling.py).
PAGES = ("/", "/findings/", "/findings/1/", "/documents/cloud/", "/measures/authorization/leavers_removed/")
# Those that are much like others are looked at where somebody takes the time to look at pictures.
MORE = (
    "/mine/",
    "/registers/",
    "/registers/governance/contact/",
    "/registers/governance/contact/1/",
    "/act/governance.change-contact/?record=1",
    "/coverage/",
    "/ledger/",
    "/search/?q=police",
    "/documents/",
    "/promises/iso:4.1.4/",
    "/evidence/",
    "/evidence/kept/",
    "/evidence/tables/accounts/",
    "/measures/",
    "/accounts/",
    "/account/",
    "/nothing/",
)
DARK = ("/", "/measures/authorization/leavers_removed/")  # colours are the same elsewhere
LOOKS = [(width, scheme) for width in (1440, 390) for scheme in ("light", "dark")]


@pytest.fixture
def noon() -> datetime:
    """Now, whatever it is: browsers look at the clock on the wall."""
    return datetime.now(UTC)


@pytest.fixture
def lea(ledger: object, judged) -> Account:
    """Somebody who leads, with a finding and three contacts to look at."""
    judged(State.BROKEN, Outcome("a-1", "piotr on CRM", False, "left long ago"))
    lea = account("lea", Role.SECURITY_LEAD)
    by = person(lea)
    place = enter_jurisdiction(by=by, code="de", title="Germany", from_on=date(2020, 1, 1))
    for title in ("Police", "Fire brigade", "Ambulance"):
        add_contact(by=by, kind=ContactKind.OTHER, title=title, how="112", holder="P-lea", jurisdiction=place)
    return lea


def signed_in(window: BrowserContext, address: str, cookies: SimpleCookie) -> None:
    window.add_cookies([{"name": name, "value": each.value, "url": address} for name, each in cookies.items()])


def look(page: Page, path: str, *, closely: bool) -> None:
    """Say that the page is not wider than its window, and, looking `closely`, that axe finds nothing wrong with it."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), f"{path} is wider than its window"
    if not closely:
        return
    found = [each for each in Axe().run(page).response["violations"] if each["id"] != "color-contrast-enhanced"]
    assert [(path, each["id"], each["nodes"][0]["html"][:200]) for each in found] == []


def test_every_kind_of_page_can_be_used_by_everybody(lea, settings):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    pictures = os.environ.get("UPHELD_PICTURES")
    cookies = browser(lea).cookies  # before the browser's own loop runs, which has a connection of its own
    with served() as address, chromium(bypass_csp=True) as window:
        signed_in(window, address, cookies)
        page = window.new_page()
        for width, scheme in LOOKS if pictures else (LOOKS[0], LOOKS[-1]):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            for path in (*PAGES, *MORE) if pictures else PAGES:
                came = page.goto(f"{address}{path}")
                assert page.url == f"{address}{path}" and came.status == (404 if path == "/nothing/" else 200), (path, page.url)
                look(page, path, closely=bool(pictures) or width > 1000 or path in DARK)
                if pictures:
                    name = re.sub(r"\W+", "-", path).strip("-") or "today"
                    page.screenshot(path=Path(pictures) / f"{name}.{width}.{scheme}.png", full_page=True)


def test_pages_are_light(lea):
    client = browser(lea)
    static = Path(__file__).parents[2] / "src" / "upheld" / "web" / "static" / "web"
    script, sheet = (len(gzip.compress((static / name).read_bytes())) for name in ("keys.js", "upheld.css"))
    assert script < 30_000
    for path in (*PAGES, *MORE):
        assert len(gzip.compress(client.get(path).content)) + script + sheet < 100_000, path


def test_a_list_can_be_worked_by_keys(lea, settings):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    cookies = browser(lea).cookies
    with served() as address, chromium() as window:
        signed_in(window, address, cookies)
        page = window.new_page()
        page.goto(f"{address}/registers/governance/contact/")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("x")
        assert page.locator("tr.chosen").inner_text().strip().startswith("Fire brigade")
        assert page.locator("tr.chosen input").is_checked() and page.locator("input:checked").count() == 1
        page.keyboard.press("k")
        assert page.locator("tr.chosen").inner_text().strip().startswith("Ambulance")
        page.keyboard.press("?")
        assert page.get_by_role("dialog", name="Keys").is_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        page.keyboard.type("jx?police")  # what is typed is text, and no key
        assert page.locator("#find").input_value() == "jx?police"
        page.locator("#find").fill("police")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Police", exact=True).wait_for()
