"""Two journeys with a real browser: a visitor signs in and out on a tablet; a laptop is handed out, signed for, and taken back.

`UPHELD_PICTURES=DIR` keeps a picture of each page.
"""

from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import BrowserContext, expect
from tests.chromium import chromium, served
from tests.people_list import people
from tests.web.signing.test_in_chromium import fine
from tests.world import account, browser, person

from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.ledger import sequencer
from upheld.registers.assets import inventory
from upheld.registers.assets.kinds import AssetKind
from upheld.registers.assets.models import Asset, Custody
from upheld.registers.physical import sites, visits
from upheld.registers.physical.kinds import Operator
from upheld.registers.physical.models import Visit
from upheld.web.door import token
from upheld.workspace import Workspace

RULES = "Nobody else uses it."


@pytest.fixture
def lea(workspace: Workspace) -> Account:
    sequencer.init("test.example/ledger/main/1")
    people(workspace, "P-lea,Lea Lead,lea@example.org", "P-ada,Ada Able,ada@example.org")
    return account("lea", Role.SECURITY_LEAD)


def signed_in(window: BrowserContext, who: Account, address: str) -> None:
    """Let `window` be the browser in which `who` signed in."""
    cookie = browser(who).cookies[settings.SESSION_COOKIE_NAME]
    window.clear_cookies()
    window.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])


def test_a_visitor_signs_in_and_out_and_a_laptop_goes_out_and_comes_back(lea: Account) -> None:
    by, ada = person(lea), account("ada", Role.EMPLOYEE)
    said = {
        "title": "Headquarters",
        "owner": "P-lea",
        "time_zone": "UTC",
        "closes": "23:59",
        "house_rules": "Be quiet.",
        "from_on": date(2020, 1, 1),
    }
    kiosk = visits.open_kiosk(sites.add_site(by=by, name="hq", operated_by=Operator.OWN, **said), by=by, title="Front door")
    kind = inventory.write_use_rules(
        inventory.add_asset_class(by=by, name="laptop", title="Laptop", encrypted_off_site=True), by=by, rules=RULES
    )
    inventory.register_asset(by=by, name="L-1", title="ada-laptop", kind=AssetKind.DEVICE, owner="P-lea", storage=True, asset_class=kind)
    with served() as address, chromium(viewport={"width": 1024, "height": 768}) as window:
        page = window.new_page()
        page.goto(f"{address}/door/{token(kiosk)}/")
        fine(page, "door")
        page.get_by_label("Your name").fill("Vera Visitor")
        page.get_by_label("Whom do you visit?").fill("Ada Able")
        page.get_by_label("Number of your visitor's badge").first.fill("V-1")
        page.get_by_label("I have read the house rules").check()
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("You are signed in")).to_be_visible()
        page.get_by_role("link", name="Next visitor").click()
        page.get_by_label("Number of your visitor's badge").last.fill("V-1")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("You are signed out")).to_be_visible()
        connection.close()  # the server's thread wrote it; a cursor that was not read to its end here would still show what was before
        assert [(each.name, each.host, each.out_at is not None) for each in Visit.objects.all()] == [("Vera Visitor", "P-ada", True)]

        signed_in(window, ada, address)
        page.goto(f"{address}/asset-classes/{kind.pk}/rules/")
        page.get_by_role("link", name="I read it and will keep to it").click()
        page.get_by_role("button", name="Acknowledge use rules").click()

        signed_in(window, lea, address)
        page.goto(f"{address}/registers/assets/asset/1/")
        page.get_by_role("link", name="Hand out").click()
        page.get_by_label("Holder").fill("P-ada")
        page.get_by_role("button", name="Hand out").click()
        expect(page.get_by_role("link", name="Take back")).to_be_visible()

        signed_in(window, ada, address)
        page.goto(f"{address}/custodies/1/receipt/")
        fine(page, "receipt")
        page.get_by_role("link", name="Sign for it").click()
        page.get_by_role("button", name="Sign custody").click()

        signed_in(window, lea, address)
        page.goto(f"{address}/act/assets.take-back/?record=1")
        page.get_by_label("Condition").fill("complete and whole")
        page.get_by_role("button", name="Take back").click()
        page.get_by_role("link", name="The receipt").click()
        expect(page.get_by_role("heading", name="Receipt of return")).to_be_visible()
    custody = Custody.objects.get()
    assert custody.signed_at is not None and (custody.taken_by, custody.condition) == ("P-lea", "complete and whole")
    assert Asset.objects.get().state == "in stock"
