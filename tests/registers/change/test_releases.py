"""Releases are accepted by who answers for them; software by the list; what is written is read."""

from datetime import timedelta
from typing import Any

import pytest
from tests.registers.change.test_changes import shop

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.registers.change.releases import accept_release, prepare_acceptance, record_code_review, record_platform_test
from upheld.registers.change.releases import test_criterion as judge_criterion
from upheld.registers.change.rows import (
    code_reviews,
    platform_tests,
    release_acceptances,
    required_procedures,
    software_requests,
    software_rules,
    system_descriptions,
)
from upheld.registers.change.software import ask_software, decide_software, list_software, unlist_software
from upheld.registers.change.software_models import Verdict
from upheld.registers.change.writing import add_description, drop_procedure, require_procedure, retire_description, review_description
from upheld.registers.change.written_models import Describes
from upheld.registers.operations.models import System, SystemKind
from upheld.registers.operations.rows import runbooks
from upheld.registers.operations.runbooks import add_runbook, change_runbook, check_runbook

__all__ = ["shop"]


@pytest.mark.usefixtures("shop")
def test_a_release_is_accepted_by_its_owner_once_all_is_met(lead: Person, ada: Person) -> None:
    said: dict[str, Any] = {"system": "shop", "release": "shop/v2", "owner": "E-ada"}
    with pytest.raises(Ill, match="Say at least one thing"):
        prepare_acceptance(by=lead, criteria=[], **said)
    acceptance = prepare_acceptance(by=lead, criteria=["Orders arrive", "It is fast"], **said)
    with pytest.raises(Ill, match="is prepared already"):
        prepare_acceptance(by=lead, criteria=["Orders arrive"], **said)
    with pytest.raises(NotAllowed, match="Only who answers"):
        accept_release(acceptance, by=lead)
    first, second = acceptance.criteria.all()
    judge_criterion(first, by=lead, met=True, evidence="an order")
    judge_criterion(second, by=lead, met=False, evidence="4 seconds")
    with pytest.raises(Refused, match="1 of its criteria are not met"):
        accept_release(acceptance, by=ada)
    second.refresh_from_db()
    judge_criterion(second, by=lead, met=True, evidence="1 second")
    accept_release(acceptance, by=ada)
    assert [(row["criteria"], row["met"], row["accepted_by_id"]) for row in release_acceptances()] == [(2, 2, "E-ada")]
    second.refresh_from_db()
    with pytest.raises(Refused, match="accepted already"):
        judge_criterion(second, by=lead, met=False, evidence="slow again")


@pytest.mark.usefixtures("shop")
def test_tests_and_reviews_are_rows(lead: Person) -> None:
    with pytest.raises(Ill, match="There is no system called lab"):
        record_platform_test(by=lead, application="shop", platform="lab", platform_version="Debian 13", passed=True, said="an order")
    record_platform_test(by=lead, application="shop", platform="shop", platform_version="Debian 13", passed=True, said="an order")
    record_code_review(by=lead, repository="shop", said="all of it", errors=2)
    assert [(row["system_id"], row["passed"]) for row in platform_tests()] == [("shop", True)]
    assert [(row["repository_id"], row["path"]) for row in code_reviews()] == [("shop", "")]


def test_software_is_allowed_by_the_list_or_by_request(lead: Person, ada: Person) -> None:
    rule = list_software(by=lead, software="torrent*", verdict=Verdict.DENIED, why="spreads what is not ours")
    with pytest.raises(Ill, match="is denied already"):
        list_software(by=lead, software="torrent*", verdict=Verdict.DENIED, why="again")
    with pytest.raises(Ill, match="stands at the end alone"):
        list_software(by=lead, software="a*b", verdict=Verdict.ALLOWED, why="no")
    with pytest.raises(Refused, match="on the list of what is denied"):
        ask_software(by=ada, software="torrent-qt", why="films")
    asked = ask_software(by=ada, software="sketch", why="to draw")
    with pytest.raises(Ill, match="Say why not"):
        decide_software(asked, by=lead, granted=False)
    assert list(software_requests()) == []
    decide_software(asked, by=lead, granted=True, until_on=clock.now().date() + timedelta(days=30))
    assert [(row["software"], row["person_id"], row["approved_by_id"]) for row in software_requests()] == [("sketch", "E-ada", "E-lea")]
    assert [(row["software"], row["beginning"], row["allowed"]) for row in software_rules()] == [("torrent", True, False)]
    unlist_software(rule, by=lead)
    assert list(software_rules()) == []
    own = ask_software(by=lead, software="torrent-qt", why="a test")
    with pytest.raises(Refused, match="nobody decides about what they asked for"):
        decide_software(own, by=lead, granted=True)


@pytest.mark.usefixtures("shop")
def test_what_is_written_is_where_it_is_said_to_be(lead: Person) -> None:
    with pytest.raises(Ill, match="Say where it is written"):
        add_description(by=lead, system="shop", describes=Describes.FEATURES, owner="E-lea")
    described = add_description(by=lead, system="shop", describes=Describes.FEATURES, owner="E-lea", place="wiki/shop.md")
    described = review_description(described, by=lead)
    assert [(row["kind"], row["place"], row["reviewed_at"]) for row in system_descriptions()] == [("features", "wiki/shop.md", clock.now())]
    retire_description(described, by=lead)
    assert list(system_descriptions()) == []
    rule = require_procedure(by=lead, system_kind=SystemKind.SERVICE, task="restart")
    with pytest.raises(Ill, match="restart is required of every service already"):
        require_procedure(by=lead, system_kind=SystemKind.SERVICE, task="restart")
    assert [(row["system_kind"], row["task"]) for row in required_procedures()] == [("service", "restart")]
    drop_procedure(rule, by=lead)
    assert list(required_procedures()) == []


@pytest.mark.usefixtures("shop")
def test_a_runbook_that_moved_is_to_be_found_right_again(lead: Person) -> None:
    book = add_runbook(System.objects.get(), by=lead, title="Restart", owner="E-lea", place="a.md", task="restart", audience=["operations"])
    book = check_runbook(book, by=lead, how="reviewed", good=True).runbook
    book = change_runbook(book, by=lead, owner="E-lea", place="a.md", task="restart")
    assert [(row["audience"], row["looked_at"]) for row in runbooks()] == [([], clock.now())]
    book = change_runbook(book, by=lead, owner="E-lea", place="b.md", task="restart", audience=["operations"])
    assert [(row["place"], row["looked_at"]) for row in runbooks()] == [("b.md", None)]
    with pytest.raises(Ill, match="Say where it is written"):
        change_runbook(book, by=lead, owner="E-lea")
