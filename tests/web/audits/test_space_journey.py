"""An auditor in a real browser: looks at a measure, draws a sample, asks, and takes a bundle that needs none of our software."""

import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.exports.conftest import company, founded
from tests.exports.given import DAY, FIRST, SIGNED, Company, copied
from tests.web.working import desk
from tests.world import browser, outsider

from upheld import clock
from upheld.accounts.role import Role
from upheld.jobs.bundling import make_all
from upheld.ledger import sequencer, store
from upheld.ledger.verify.bundle import program
from upheld.registers.compliance.space_models import AuditorRemark, AuditorSample

__all__ = ["company", "copied", "founded"]
pytestmark = pytest.mark.lab
HERE, PERIOD = f"/audit/1/measures/{SIGNED}/", (FIRST.date(), FIRST.date() + DAY)


def test_an_auditor_samples_asks_and_takes_a_bundle_that_needs_nobody(company: Company, settings, tmp_path: Path):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    bob = outsider("bob", Role.AUDITOR, over=("document", "mini"), period=PERIOD)
    with desk({"bob": browser(bob).cookies}) as at:
        at.sit("bob")
        at.page.goto(f"{at.address}/audit/")
        assert at.page.locator("h1").inner_text() == "Auditor's space: document mini"
        at.page.get_by_role("link", name="Undertakings are signed").click()
        assert "It broke 1 time in the period" in at.page.locator("main").inner_text()
        at.page.locator("#on").fill(str(FIRST.date()))
        at.page.get_by_role("button", name="Show").click()
        assert "Bo Diddley" in at.page.locator("section[aria-labelledby=day]").inner_text()
        _is_accessible(at.page)

        at.page.get_by_role("link", name="Draw a sample").click()
        at.page.locator("main form [name='size']").fill("2")
        at.page.locator("main form [name='as_of_on']").fill(str(FIRST.date()))
        at.page.locator("main form .actions button").click()
        sample = AuditorSample.objects.get()
        assert (sample.measure, sample.size, sample.population) == (SIGNED, 2, 3)
        assert sample.seed in at.page.locator("main").inner_text()
        assert at.page.locator("tbody tr").count() == 2
        _is_accessible(at.page)

        at.do("compliance.ask-company", what="The signed paper of Bo", due_on=str(clock.now().date()), about=SIGNED)
        assert "asked" in at.page.goto(f"{at.address}{HERE}").text()

        at.page.goto(f"{at.address}/audit/1/")
        _is_accessible(at.page)
        at.page.get_by_role("button", name="Make the bundle of this scope and period").click()
        assert "It waits for the worker." in at.page.locator("#bundles + ul").inner_text()
        make_all()
        at.page.reload()
        _is_accessible(at.page)
        with at.page.expect_download() as taken:
            at.page.get_by_role("link", name="Fetch it").click()
        taken.value.save_as(tmp_path / "bundle.zip")
        assert AuditorRemark.objects.get().about == SIGNED
    _verified_by_nobody_of_ours(tmp_path)


def _is_accessible(page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


def _verified_by_nobody_of_ours(folder: Path) -> None:
    verifier = folder / "verify_upheld.py"
    program.write(verifier)
    log = store.current()
    assert log is not None
    asked = [str(verifier), str(folder / "bundle.zip"), "--key", sequencer.verification_key(log).text()]
    done = subprocess.run([sys.executable, "-I", "-S", *asked], capture_output=True, text=True, check=False, cwd=folder, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
