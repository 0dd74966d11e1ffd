"""A policy in a real browser, as four people: written, sent back, approved, published, read and acknowledged, reviewed, compared."""

from datetime import UTC, date, datetime

import pytest
from tests.web.working import desk
from tests.world import account, browser, person

from upheld.accounts.role import Role
from upheld.registers.governance.policy_models import Acknowledgement, PolicyVersion, Review
from upheld.registers.governance.responsibilities import declare_responsibility, give_responsibility

pytestmark = pytest.mark.lab


@pytest.fixture
def noon() -> datetime:
    """Now, whatever it is: browsers look at the clock on the wall."""
    return datetime.now(UTC)


def test_a_policy_is_written_approved_published_acknowledged_and_reviewed(ledger, settings):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    roles = {"lea": Role.SECURITY_LEAD, "max": Role.MANAGER, "eve": Role.EMPLOYEE}
    people = {name: account(name, role) for name, role in roles.items()}
    board = declare_responsibility(by=person(people["lea"]), name="board", title="Board", purpose="all", management=True)
    give_responsibility(board, by=person(people["lea"]), person="P-max", part="accountable", from_on=date(2020, 1, 1))
    with desk({name: browser(each).cookies for name, each in people.items()}) as at:
        at.sit("lea")
        policy = at.do("governance.declare-policy", name="desks", kind="policy", title="Clear desks", owner="P-lea", audience="everyone")
        draft = at.do("governance.draft-policy", policy, text="# Clear desks\n\nLock paper away.", summary="new")
        at.do("governance.submit-policy", draft)

        at.sit("max")
        at.page.goto(f"{at.address}/mine/")
        at.page.get_by_role("link", name="Approve, or send back").click()
        at.page.locator("main form .actions button").click()
        at.sit("lea")
        at.do("governance.publish-policy", draft)

        at.sit("eve")
        at.page.goto(f"{at.address}/mine/")
        at.page.get_by_role("link", name="Read and acknowledge").click()
        assert at.page.locator("article").inner_text().endswith("Lock paper away.")
        at.page.get_by_role("link", name="I read it and will keep to it").click()
        at.page.locator("main form .actions button").click()  # the digest of what she read stands there already
        assert Acknowledgement.objects.get(person="P-eve").digest == PolicyVersion.objects.get(pk=draft).digest
        at.page.goto(f"{at.address}/mine/")
        assert at.page.get_by_role("link", name="Read and acknowledge").count() == 0

        at.sit("lea")
        at.do("governance.review-policy", policy, outcome="must change")
        newer = at.do("governance.draft-policy", policy, text="# Clear desks\n\nLock paper and screens away.", summary="screens")
        at.page.goto(f"{at.address}/policies/{newer}/against/{draft}/")
        assert "and screens" in at.page.locator("ins").first.inner_text()
    assert Review.objects.get().person == "P-lea"
