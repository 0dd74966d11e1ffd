"""`duties.toml`: what it may say, and what is said of what it may not."""

import pytest
from tests.world import account, browser

from upheld.accounts.role import Role
from upheld.duties.policy import DutiesMisconfigured, Policy, policy
from upheld.workspace import Workspace


def test_what_it_leaves_out_is_as_without_it(ledger: Workspace) -> None:
    assert policy() == Policy()
    (ledger.root / "duties.toml").write_text('country = "DE-BY"\n[mend_within]\nhigh = 10\n', encoding="utf-8")
    said = policy()
    assert (said.country, said.mend_within["high"], said.mend_within["critical"], said.route) == ("DE-BY", 10, 5, Policy().route)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("country =", "no TOML"),
        ('country = "XX"', "no calendar"),
        ('county = "DE"', "it says county"),
        ("escalate_after = 0", "at least 1"),
        ('escalate_after = "5"', "number of working days"),
        ('soon = "a while"', "not a span"),
        ("[mend_within]\nhigh = 0", "at least 1"),
        ("[mend_within]\nurgent = 3", "urgent"),
        ('[route]\nhigh = ["everybody"]', "everybody"),
        ('route = "owner"', "duties.toml"),
        ("at_once = 3", "duties.toml"),
    ],
)
def test_what_it_may_not_say_is_refused_in_words(ledger: Workspace, said: str, why: str) -> None:
    (ledger.root / "duties.toml").write_text(said, encoding="utf-8")
    with pytest.raises(DutiesMisconfigured, match=why):
        policy()


def test_a_page_says_what_is_wrong_with_it(ledger: Workspace) -> None:
    lea = browser(account("lea", Role.SECURITY_LEAD))
    (ledger.root / "duties.toml").write_text('country = "XX"', encoding="utf-8")
    answer = lea.get("/mine/")
    assert answer.status_code in (500, 503) and "no calendar of it is known" in answer.content.decode()
