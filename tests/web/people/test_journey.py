"""Somebody's first week in a real browser, as four people: bound by a signature, trained, allowed to see data; and a broken rule."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.web.working import desk
from tests.world import account, browser

from upheld import clock
from upheld.accounts.role import Role
from upheld.duties.occurrences import materialise
from upheld.registers.people.models import HUMAN_RESOURCES, Authorisation, Completion, Sanction, Undertaking
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.workspace import Workspace

pytestmark = pytest.mark.lab


@pytest.fixture
def noon() -> datetime:
    """Now, whatever it is: browsers look at the clock on the wall."""
    return datetime.now(UTC)


def test_somebody_new_is_bound_trained_and_allowed_to_see_what_they_need(ledger: Workspace, settings, tmp_path: Path):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    today = clock.now().date()
    listed = ledger.root / "people.csv"
    listed.write_text(f"id,name,mail,role,started_on\nP-eve,Eve,eve@example.org,clerk,{today}\nP-max,Max,,,\n", encoding="utf-8")
    configured.add("hr", "people", {"file": str(listed)})
    collect(configured.named("hr"))
    paper = tmp_path / "signed.pdf"
    paper.write_bytes(b"%PDF-1.4 signed")
    roles = {"lea": Role.SECURITY_LEAD, "max": Role.MANAGER, "eve": Role.EMPLOYEE}
    people = {name: account(name, role) for name, role in roles.items()}
    people["ira"] = account("ira", Role.OWNER, over=("owner", HUMAN_RESOURCES))
    with desk({name: browser(each).cookies for name, each in people.items()}) as at:
        at.sit("lea")
        course = at.do(
            "people.declare-course", name="privacy", title="Privacy", provider="inside", subjects=["data-protection"], mandatory="yes"
        )
        at.do("people.keep-undertaking", person="P-eve", signed_on=f"{today}", paper=paper)

        materialise(clock.now())  # as the worker does each hour, and after each step
        at.sit("eve")  # she is told what she owes, does it, and is told no more
        at.page.goto(f"{at.address}/mine/")
        at.page.get_by_role("link", name="Take the course").click()
        at._fill("completed_on", f"{today}")
        at._fill("certificate", paper)
        at.page.locator("main form .actions button").click()
        materialise(clock.now())
        at.page.goto(f"{at.address}/mine/")
        assert at.page.get_by_role("link", name="Take the course").count() == 0
        assert at.page.goto(f"{at.address}/act/people.authorise/").status == 403

        at.sit("max")
        at.page.goto(f"{at.address}/act/people.authorise/")
        said = {"system": "crm", "categories": ["customers"], "purpose": "To answer customers"}
        for name, value in {"person": "P-max", **said}.items():
            at._fill(name, value)
        at.page.locator("main form .actions button").click()
        assert "Nobody authorises themself." in at.page.locator(".wrong").first.inner_text()
        at.do("people.authorise", person="P-eve", **said)

        at.sit("ira")
        written = at.do("people.record-sanction", person="P-eve", rule="Lent her badge", what="A talk with her manager.")
        for who in ("lea", "max", "eve"):  # what followed is nobody else's to read
            at.sit(who)
            assert at.page.goto(f"{at.address}/registers/people/sanction/{written}/").status == 404
            assert "Lent her badge" not in at.page.content()
        at.sit("lea")
        at.page.goto(f"{at.address}/registers/people/course/{course}/")
        assert "Privacy" in at.page.locator("main h1").inner_text()
    assert [(each.person, each.completed_on, bool(each.certificate)) for each in Completion.objects.all()] == [("P-eve", today, True)]
    assert (Undertaking.objects.get().recorded_by, Authorisation.objects.get().given_by, Sanction.objects.get().decided_by) == (
        "P-lea",
        "P-max",
        "P-ira",
    )
