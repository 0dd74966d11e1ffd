"""A customer in Chromium: agrees to terms, fetches a marked document and the pack, asks, and objects to a host that then cannot start."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader
from tests.web.privacy.test_in_chromium import TODAY, announced
from tests.web.trust.test_customer_space import pdf
from tests.web.trust.test_journeys import looked_at
from tests.web.working import desk
from tests.world import account, browser, outsider, person

from upheld import clock
from upheld.accounts.role import Role
from upheld.actions.files import keep_file
from upheld.registers.privacy.processing_models import InformationRequest
from upheld.registers.privacy.sharing_models import SubProcessor
from upheld.registers.trust import sharing

pytestmark = pytest.mark.lab


@pytest.fixture
def noon() -> datetime:
    """Now, whatever it is: browsers look at the clock on the wall."""
    return datetime.now(UTC)


def test_a_customer_signs_fetches_asks_and_objects(center, settings, lead, tmp_path):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    lea, dora = account("leo", Role.SECURITY_LEAD), account("dora", Role.DPO)
    zoe = outsider("zoe", Role.CUSTOMER, over=("customer", "acme"))
    with clock.at(clock.now() - timedelta(days=1)):
        terms = sharing.publish_terms(by=lead, title="Confidentiality", text="You tell nobody.\n\nNot even later.")
        sharing.share_document(by=lead, title="Penetration test", what="By others, this spring.", file=keep_file(pdf()), terms=terms)
    host = announced(lead, person(dora))
    with desk({"lea": browser(lea).cookies, "zoe": browser(zoe).cookies}, accept_downloads=True) as at:
        at.sit("zoe")
        at.page.goto(f"{at.address}/")
        assert at.page.url.endswith("/yours/")
        looked_at(at.page, "yours")
        at.page.get_by_role("link", name="First agree to: Confidentiality").click()
        looked_at(at.page, "terms")
        at.page.get_by_label("Who agrees").fill("Zoe, buyer")
        at.page.get_by_role("button", name="I agree").click()
        with at.page.expect_download() as fetched:
            at.page.get_by_role("button", name="Fetch it").click()
        fetched.value.save_as(tmp_path / "fetched.pdf")
        assert "for Acme, Zoe" in PdfReader(tmp_path / "fetched.pdf").pages[1].extract_text()
        with at.page.expect_download() as packed:
            at.page.get_by_role("link", name="Fetch the assurance pack").click()
        packed.value.save_as(tmp_path / "pack.zip")
        with zipfile.ZipFile(io.BytesIO((tmp_path / "pack.zip").read_bytes())) as archive:
            assert "documents/acme/index.html" in archive.namelist()
        at.page.get_by_role("link", name="read it").click()
        assert "How Acme protects data" in at.page.locator("main").inner_text()
        at.do("privacy.ask-for-information", customer="acme", title="Where are backups?", what="In which country do they lie?")
        assert InformationRequest.objects.get().customer.name == "acme"
        at.page.goto(f"{at.address}/yours/")
        at.page.get_by_role("link", name="Object", exact=True).click()
        at.page.locator("main form [name='reasons']").fill("Not in Germany.")
        at.page.locator("main form .actions button").click()
        at.page.goto(f"{at.address}/yours/")
        assert "you object" in at.page.locator("main").inner_text()
        looked_at(at.page, "yours-objecting")
        at.sit("lea")
        at.page.goto(f"{at.address}/act/privacy.start-subprocessor/?record={host.pk}")
        at.page.locator("main form [name='from_on']").fill(f"{TODAY}")
        at.page.locator("main form .actions button").click()
        assert "Acme objects; settle that first." in at.page.locator("main").inner_text()
    assert SubProcessor.objects.get().started_on is None
