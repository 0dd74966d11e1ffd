"""`duties.toml`: what it may say, and what is said of what it may not."""

import pytest
from tests.world import account, browser

from upheld.accounts.role import Role
from upheld.checks import library
from upheld.duties.policy import DutiesMisconfigured, Policy, policy
from upheld.workspace import Workspace


def test_what_it_leaves_out_is_as_without_it(ledger: Workspace) -> None:
    assert policy() == Policy()
    (ledger.root / "duties.toml").write_text('country = "DE-BY"\n[mend_within]\nhigh = 10\n', encoding="utf-8")
    said = policy()
    assert (said.country, said.mend_within["high"], said.mend_within["critical"], said.route) == ("DE-BY", 10, 5, Policy().route)


def test_findings_fall_to_whom_the_most_particular_line_names(ledger: Workspace) -> None:
    measures = library.shipped()
    door, asset, crypto = (measures[name] for name in ("physical/entry_authorised", "assets/owned", "cryptography/key_registered"))
    lines = 'assets = "stock"\nstate = "operations"\n"physical/entry_authorised" = "guards"\nphysical = "facilities"\n'
    (ledger.root / "duties.toml").write_text(f"[falls_to]\n{lines}", encoding="utf-8")
    said = policy()
    assert (said.rule(door), said.answers(door)) == ("physical/entry_authorised", "guards")
    assert (said.rule(asset), said.answers(asset)) == ("assets", "stock")
    assert Policy().rule(door) == "" and Policy().answers(door) == door.owner
    assert said.answers(crypto) == ("operations" if crypto.kind == "state" else crypto.owner)


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
        ('falls_to = "owner"', "falls_to is a table"),
        ('[falls_to]\nphysics = "facilities"', "no measure, chapter or kind"),
        ("[falls_to]\nphysical = 3", "name a responsibility"),
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
