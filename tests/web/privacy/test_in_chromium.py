"""A new sub-processor: announced to customers, one objects, the start is refused, the customer withdraws, and it starts."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.web.working import Desk, desk
from tests.world import account, browser, person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.files import keep_file
from upheld.checks.span import Span
from upheld.registers.privacy import announcing, categories, contracts, customers, sharing
from upheld.registers.privacy.models import Authorisation, Clause, NoticeMode
from upheld.registers.privacy.sharing_models import Changes, CustomerNotice, Objection, SubProcessor
from upheld.registers.suppliers.models import Provides, Tier
from upheld.registers.suppliers.onboarding import propose_supplier

pytestmark = pytest.mark.lab
TODAY = datetime.now(UTC).date()
LONG_AGO = date(2024, 1, 1)


@pytest.fixture
def noon() -> datetime:
    """Now, whatever it is: browsers look at the clock on the wall."""
    return datetime.now(UTC)


def announced(lea: Person, dora: Person) -> SubProcessor:
    """Two customers were told of a host by letter, forty days ago; the letters arrived."""
    with clock.at(clock.now() - timedelta(days=40)):
        categories.enter_data_category(
            by=lea, name="contacts", title="Contacts", what="names", personal=True, of_customers=True, owner="P-lea"
        )
        for name in ("acme", "brand"):
            customer = customers.enter_customer(by=lea, name=name, title=name.capitalize(), owner="P-lea", from_on=LONG_AGO)
            said = {"title": "DPA", "signed_on": LONG_AGO, "from_on": LONG_AGO, "document": keep_file(b"signed")}
            said |= {"processes_personal_data": True, "authorisation": Authorisation.GENERAL, "clauses": list(Clause)}
            said |= {"data_categories": ["contacts"], "subprocessor_notice": Span(30, "day"), "notice_mode": NoticeMode.LETTER}
            contracts.check_contract(contracts.enter_contract(customer, by=lea, **said), by=dora)
        supplier = {"title": "Host Ltd", "owner": "P-lea", "provides": [Provides.HOSTING], "what": "machines", "tier": Tier.HIGH}
        propose_supplier(by=lea, name="host", touches=True, personal_data=True, **supplier)
        what = {"title": "Host Ltd", "supplier": "host", "owner": "P-lea", "purpose": "Runs machines.", "data_categories": ["contacts"]}
        host = sharing.plan_subprocessor(by=lea, name="host", countries=["de"], flow_down=list(Clause), terms=keep_file(b"terms"), **what)
        announcing.announce_subprocessor(host, by=lea, change=Changes.ADDITION, what="A new host.", planned_on=TODAY)
        for notice in CustomerNotice.objects.all():
            announcing.note_receipt(notice, by=lea, receipt=keep_file(b"received"))
    return host


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


def test_a_subprocessor_is_objected_to_refused_settled_and_started(ledger, settings):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    lea, dora = account("lea", Role.SECURITY_LEAD), account("dora", Role.DPO)
    zoe = account("zoe", Role.CUSTOMER, over=("customer", "acme"))
    host = announced(person(lea), person(dora))
    mine, other = (CustomerNotice.objects.get(customer__name=name).pk for name in ("acme", "brand"))
    with desk({"lea": browser(lea).cookies, "zoe": browser(zoe).cookies}) as at:
        at.sit("zoe")
        assert at.page.goto(f"{at.address}/registers/privacy/customernotice/{other}/").status == 404
        assert at.page.goto(f"{at.address}/registers/privacy/customernotice/{mine}/").status == 200
        assert "Runs machines." in at.page.locator("main").inner_text()
        looked_at(at, "notice-to-a-customer")
        objection = at.do("privacy.object", mine, reasons="Not in Germany.")
        at.sit("lea")
        at.page.goto(f"{at.address}/act/privacy.start-subprocessor/?record={host.pk}")
        at.page.locator("main form [name='from_on']").fill(f"{TODAY}")
        at.page.locator("main form .actions button").click()
        assert "Acme objects; settle that first." in at.page.locator("main").inner_text()
        assert SubProcessor.objects.get().started_on is None
        looked_at(at, "start-refused")
        at.sit("zoe")
        at.do("privacy.settle-objection", objection, settlement="withdrawn", how="Encrypted now.")
        at.sit("lea")
        at.do("privacy.start-subprocessor", host.pk, from_on=f"{TODAY}")
        looked_at(at, "subprocessor")
        at.page.goto(f"{at.address}/registers/privacy/subprocessor/")
        looked_at(at, "subprocessors")
    assert (SubProcessor.objects.get().started_on, Objection.objects.get().settlement) == (TODAY, "withdrawn")
