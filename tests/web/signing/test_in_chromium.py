"""Signing in with a real browser: passkeys, keyboard, dark, phone, German; and axe on each page on the way.

`UPHELD_PICTURES=DIR` keeps a picture of each page.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.accounts.entries import entries
from tests.chromium import chromium, served, with_passkeys
from tests.world import account

from upheld.accounts import links, passwords
from upheld.accounts.role import Role
from upheld.ledger import sequencer
from upheld.ledger.entry import SYSTEM

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PASSWORD = "cousin ferry plinth ozone"
DARK_PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.fixture
def ledger(workspace):
    """A workspace with a ledger, now: browsers look at the clock on the wall."""
    sequencer.init("test.example/ledger/main/1")
    return workspace


def fine(page: Page, name: str) -> None:
    """Say that axe finds nothing wrong with `page`, and that it is not wider than the window; keep a picture where asked."""
    if os.environ.get("UPHELD_PICTURES"):
        page.screenshot(path=str(Path(os.environ["UPHELD_PICTURES"]) / f"{name}.png"), full_page=True)
    found = Axe().run(page, options=WCAG).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is wider than the window"


def test_a_passkey_is_set_up_by_link_and_then_signs_in_alone(ledger):
    dana = account("dana", Role.ADMINISTRATOR)
    secret = links.make(dana, by=SYSTEM)
    complaints: list[str] = []
    with served() as address, chromium() as window:
        page = window.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        with_passkeys(page)
        page.goto(f"{address}/sign-in/link/{secret}/")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
        fine(page, "second-factor")
        page.get_by_role("link", name="Add a passkey").click()
        fine(page, "add-a-passkey")
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("heading", name="Recovery Codes")).to_be_visible()
        fine(page, "recovery-codes")
        page.goto(f"{address}/account/")
        fine(page, "account")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("link", name="Dana")).to_be_visible()
        assert page.url == f"{address}/"
        page.goto(f"{address}/accounts/")
        fine(page, "accounts")
        page.get_by_role("link", name="dana@example.org").click()
        fine(page, "one-account")
    assert complaints == []
    assert [each.body["method"] for each in entries("sign-in.succeeded")] == ["link", "passkey"]
    assert [each.body["second_factor"] for each in entries("sign-in.succeeded")] == [False, True]


def test_the_way_in_by_keyboard_on_a_phone_in_the_dark(ledger):
    bob = account("bob", Role.AUDITOR)
    passwords.change(bob, PASSWORD, by=SYSTEM)
    with served() as address, chromium(**DARK_PHONE) as window:
        page = window.new_page()
        page.goto(f"{address}/ledger/")
        fine(page, "sign-in-phone")
        page.get_by_label("Email").focus()
        page.keyboard.type("bob@example.org")
        page.keyboard.press("Tab")
        page.keyboard.type("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_text("not correct")).to_be_visible()
        fine(page, "sign-in-wrong-phone")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Ledger")).to_be_visible()
        page.get_by_role("link", name="Bob").click()
        fine(page, "account-phone")


def test_the_way_in_in_german(ledger):
    account("bob", Role.AUDITOR)
    with served() as address, chromium(locale="de-DE") as window:
        page = window.new_page()
        page.goto(f"{address}/")
        expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
        assert page.locator("html").get_attribute("lang") == "de"
        fine(page, "sign-in-german")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
