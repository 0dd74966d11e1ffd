"""A stranger in Chromium reads how a promise stands, and has its proof verified in the browser; from a folder of files, too."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.chromium import chromium, served
from tests.mailbox import Mailbox, posted

from upheld.notices import delivering
from upheld.registers.trust import noticing
from upheld.web.trust import serving
from upheld.web.trust.site import Site
from upheld.web.trust.writing import write

pytestmark = pytest.mark.lab
OTHERS = ("sub-processors/", "certificates/", "policies/", "notices/", "changes/", "search/?q=backup", "nowhere/", "promises/acme-1.2/")
LOOKS = ((1440, "light"), (820, "light"), (390, "dark"))


def looked_at(page: Page, name: str) -> None:
    """Say that axe finds nothing wrong with the page and that it fits a phone; keep pictures where UPHELD_PICTURES says so."""
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (name, width)
        if pictures := os.environ.get("UPHELD_PICTURES"):
            page.screenshot(path=Path(pictures) / f"{name}.{width}.{scheme}.png", full_page=True)
        if width != 820:
            found = Axe().run(page).response["violations"]
            assert [(name, width, each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
    page.set_viewport_size({"width": 1440, "height": 900})


def subscribes(page: Page, address: str, mailbox: Mailbox) -> None:
    """Let the stranger ask to be told of changes, and confirm it by the link that is mailed."""
    page.goto(f"{address}/trust/changes/")
    page.get_by_role("link", name="Be told by mail").click()
    looked_at(page, "subscribe")
    page.get_by_label("Your mail address").fill("reader@elsewhere.example")
    page.get_by_role("button", name="Tell me").click()
    assert "a mail is on its way" in page.locator("main").inner_text()
    delivering.deliver(datetime.now(UTC))
    (mail,) = mailbox.mails()
    link = re.search(r"(/trust/subscribe/[^/\s]+/)", mail.get_body(("plain",)).get_content())
    assert link is not None
    page.goto(f"{address}{link[1]}")
    looked_at(page, "subscription")
    page.get_by_role("button", name="Yes, tell me").click()
    assert "You are told of changes" in page.locator("main").inner_text()


@pytest.fixture
def mailbox(center, ledger) -> Iterator[Mailbox]:
    with posted(ledger) as box:
        yield box


def test_a_stranger_reads_verifies_a_proof_here_and_subscribes(center, lead, mailbox, settings, tmp_path):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    noticing.publish_notice(by=lead, title="Cards cannot be read", text="Since noon. We are on it.")
    with served() as address, chromium(accept_downloads=True) as window:
        page = window.new_page()
        page.goto(f"{address}/trust/")
        looked_at(page, "home")
        page.get_by_role("link", name="How Acme protects data", exact=True).click()
        looked_at(page, "document")
        page.get_by_role("link", name="Every backup is restored").click()
        looked_at(page, "promise")
        with page.expect_download() as fetched:
            page.locator("article").get_by_role("link", name="proof").click()
        proof = tmp_path / "fetched.tlog-proof"
        fetched.value.save_as(proof)
        page.get_by_role("navigation", name="Places").get_by_role("link", name="Check it yourself").click()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.set_input_files("#file", proof)
        said = page.locator("output")
        said.get_by_text("It holds.").wait_for()
        assert "the entry is canonical and well-formed: verdict.changed" in said.inner_text()
        assert '"measure": "backup/restore_proven"' in said.inner_text()
        looked_at(page, "verify")
        forged = tmp_path / "forged.tlog-proof"
        forged.write_bytes(proof.read_bytes().replace(b"index ", b"index 1", 1))
        page.set_input_files("#file", forged)
        said.get_by_text("It does not hold.").wait_for()
        looked_at(page, "verify-forged")
        what_is_shown_is_of_what_stands_in_the_form(page, proof, forged)
        assert {url.rpartition("/")[2] for url in asked} <= {"mark.svg"}  # the window asks for its mark, and nothing was sent
        subscribes(page, address, mailbox)
        for path in OTHERS:
            page.goto(f"{address}/trust/{path}")
            looked_at(page, path.strip("/").replace("/", "-").replace("?", "-"))


def what_is_shown_is_of_what_stands_in_the_form(page: Page, good: Path, forged: Path) -> None:
    said, key = page.locator("output"), page.locator("#trusted").input_value()
    page.set_input_files("#file", good)
    said.get_by_text("It holds.").wait_for()
    page.locator("#trusted").fill(key.replace("+", "+0", 1))
    said.get_by_text("It does not hold.").wait_for()
    page.locator("#trusted").fill(key)
    said.get_by_text("It holds.").wait_for()
    page.evaluate("""slow => {
        const read = File.prototype.arrayBuffer;
        File.prototype.arrayBuffer = async function () {
            if (this.name === slow) await new Promise((go) => setTimeout(go, 300));
            return read.call(this);
        };
    }""", good.name)  # fmt: skip
    page.set_input_files("#file", good)
    page.set_input_files("#file", forged)
    said.get_by_text("It does not hold.").wait_for()
    page.wait_for_timeout(400)
    assert "It does not hold." in said.inner_text() and forged.name in said.inner_text()
    page.set_input_files("#file", [])
    said.wait_for(state="hidden")


def test_it_reads_the_same_without_script_and_from_a_folder(center, tmp_path):
    write(Site(replace(serving.current().public, notices=("Sample data: this company does not exist.",))), tmp_path / "site")
    with chromium(java_script_enabled=False) as window:
        page = window.new_page()
        page.goto((tmp_path / "site" / "index.html").as_uri())
        page.get_by_role("link", name="How Acme protects data", exact=True).click()
        page.get_by_role("link", name="Accounts of people who leave").click()
        assert "✕ broken" in page.locator("main").inner_text()
        assert page.locator("h1").evaluate("each => getComputedStyle(each).fontSize") != "32px"  # the sheet is found and allowed
        page.get_by_role("link", name="Check it yourself").click()
        assert "Without script this page checks nothing" in page.locator("main").inner_text()
    with chromium() as window:
        page = window.new_page()
        page.goto((tmp_path / "site" / "verify" / "index.html").as_uri())
        assert Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"] == []  # of the notice above all
        page.set_input_files("#file", next((tmp_path / "site" / "proofs").iterdir()))
        page.locator("output").get_by_text("It holds.").wait_for()
