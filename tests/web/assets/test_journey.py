"""A laptop in a real browser, as two people: its rules read, handed out, signed for, taken back, wiped."""

from datetime import UTC, datetime

import pytest
from tests.web.working import desk
from tests.world import account, browser

from upheld.accounts.role import Role
from upheld.registers.assets.models import Asset, Custody

pytestmark = pytest.mark.lab


@pytest.fixture
def noon() -> datetime:
    """Now, whatever it is: browsers look at the clock on the wall."""
    return datetime.now(UTC)


def test_a_laptop_is_handed_out_and_taken_back(ledger, settings):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    people = {"lea": account("lea", Role.SECURITY_LEAD), "eve": account("eve", Role.EMPLOYEE)}
    with desk({name: browser(each).cookies for name, each in people.items()}) as at:
        at.sit("lea")
        kind = at.do("assets.add-asset-class", name="laptops", title="Laptops", encrypted_off_site="yes")
        at.do("assets.write-use-rules", kind, rules="# Laptops\n\nNever leave one in a car.")
        laptop = at.do(
            "assets.register-asset", name="LT-7", title="Laptop 7", kind="device", owner="P-lea", storage="yes", asset_class=str(kind)
        )
        at.page.goto(f"{at.address}/act/assets.hand-out/?record={laptop}")
        at.page.locator("[name=holder]").fill("P-eve")
        at.page.locator("main form .actions button").click()
        assert "acknowledge" in at.page.locator(".wrong").first.inner_text()  # nobody has one whose rules they did not read

        at.sit("eve")
        at.page.goto(f"{at.address}/asset-classes/{kind}/rules/")
        at.page.get_by_role("link", name="I read it and will keep to it").click()
        at.page.locator("main form .actions button").click()
        at.sit("lea")
        custody = at.do("assets.hand-out", laptop, holder="P-eve", given_with="charger")
        at.sit("eve")
        at.do("assets.sign-custody", custody)
        at.sit("lea")
        at.do("assets.take-back", custody, condition="complete and whole")
        at.page.goto(f"{at.address}/registers/assets/asset/{laptop}/")
        assert "in stock" in at.page.locator("main").inner_text()
    assert Custody.objects.get().signed_at is not None and Asset.objects.get().state == "in stock"
