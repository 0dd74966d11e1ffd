"""The menu: six places at most, each only for whom it leads anywhere."""

import re

import pytest
from tests.world import account, browser

from upheld.accounts.role import Role

LINK = re.compile(r'<li><a href="([^"]+)"( aria-current="[a-z]+")?>([^<]+)</a></li>')


def menu(role: Role, path: str = "/") -> tuple[list[str], list[str]]:
    """What the menu says, and what it says of the place where one is."""
    page = browser(account(role.value, role)).get(path).content.decode()
    top, _, within = page.partition('class="within"')
    return [found[2] for found in LINK.findall(top)], [found[2] for found in LINK.findall(within.partition("</nav>")[0])]


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (Role.SECURITY_LEAD, ["Today", "Promises", "Registers", "Evidence", "Audits", "Trust Center"]),
        (Role.EMPLOYEE, ["Today", "Promises", "Registers", "Audits", "Trust Center"]),
        (Role.AUDITOR, ["Today", "Promises", "Registers", "Evidence", "Audits", "Trust Center"]),
    ],
)
def test_each_sees_the_places_that_lead_somewhere(ledger, role, places):
    assert menu(role)[0] == places


def test_what_lies_within_a_place_is_shown_there_alone(ledger):
    assert menu(Role.SECURITY_LEAD)[1] == ["Overview", "My work", "Findings"]


@pytest.mark.parametrize("path", ["/mine/", "/findings/", "/measures/", "/coverage/", "/ledger/", "/accounts/", "/registers/"])
def test_each_page_marks_its_place_and_itself(ledger, path):
    page = browser(account("lea", Role.SECURITY_LEAD)).get(path).content.decode()
    marked = [found[0] for found in LINK.findall(page) if found[1]]
    assert len(marked) == 2 and marked[1] == path
