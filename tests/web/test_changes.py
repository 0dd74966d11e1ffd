"""The page that says why a verdict changed: named to whom names may be shown, and ill days answered in words."""

from datetime import datetime, timedelta
from html import unescape

import pytest
from tests.web.conftest import Keep
from tests.world import account, browser, world

from upheld.accounts.role import Role
from upheld.checks.verdict import Outcome, State

MEASURE, PAGE = "authorization/leavers_removed", "/measures/authorization/leavers_removed/changes/"


def failing(name: str) -> Outcome:
    return Outcome(f"hr/{name}", name, False, "left, and has an account")


@pytest.fixture
def changed(judged: Keep, noon: datetime) -> None:
    judged(State.BROKEN, failing("Ada Able"), failing("Bob Best"), measure=MEASURE, at=noon - timedelta(days=3))
    judged(State.BROKEN, failing("Bob Best"), failing("Cy Carr"), measure=MEASURE, at=noon - timedelta(days=1))


def test_who_entered_and_left_is_named_to_who_may_see_names(changed: None) -> None:
    lead = browser(account("lea", Role.SECURITY_LEAD))
    page = unescape(lead.get(PAGE, {"since": "2026-05-01", "until": "2026-05-04"}).content.decode())
    entered, _, rest = page.partition('id="entered"')[2].partition('id="left"')
    assert "Cy Carr" in entered and "Bob Best" not in entered and "Ada Able" in rest
    assert "1 subject fails on both days." in page
    people = world(owns="people")
    manager = browser(account("max", Role.MANAGER))
    told = manager.get(PAGE, {"since": "2026-05-01"}).content.decode()
    assert "Cy Carr" not in told and "Who they are is not shown to your role." in told
    assert browser(people.charlie).get(PAGE).status_code == 403
    assert lead.get("/measures/authorization/none/changes/").status_code == 404


@pytest.mark.parametrize("asked", [{"since": "x"}, {"since": "2026-05-04", "until": "2026-05-01"}, {"until": "0001-01-01"}])
def test_ill_days_are_answered_in_words(changed: None, asked: dict[str, str]) -> None:
    lead = browser(account("lea", Role.SECURITY_LEAD))
    answer = lead.get(PAGE, asked)
    assert answer.status_code == 200 and "last thirty" in answer.content.decode()
