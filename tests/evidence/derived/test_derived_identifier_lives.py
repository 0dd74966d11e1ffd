"""How long an identifier stood for whom."""

from typing import Any

from tests.evidence.derived.computed import only
from tests.measures.made import Made, account, at, on, person, service

PEOPLE = [person("ada"), person("bob", ended_on=on("2025-01-01"))]


def past(made: Made, since: str, until: str, ended: str) -> Made:
    return {**made, "seen_from_at": at(since), "seen_until_at": at(until), "ended": ended}


def lives(*accounts: Made, history: list[Made] | None = None) -> list[tuple[Any, ...]]:
    columns = ["word", "identifier", "account_id", "life", "holder"]
    return only("identifier_lives", columns, {"accounts": history or []}, accounts=accounts, people=PEOPLE)


def test_a_row_that_changes_is_one_life() -> None:
    assert lives(account("ada"), history=[past(account("ada", locked=True), "2025-01-01", "2026-01-01", "changed")]) == [
        ("name", "ada", "ada", 1, "E-ada")
    ]


def test_what_was_gone_and_came_back_is_another_life() -> None:
    gone = [past(account("ada"), "2025-01-01", "2025-06-01", "vanished"), past(account("ada"), "2025-07-01", "2025-08-01", "deleted")]
    assert lives(account("ada"), history=gone) == [("name", "ada", "ada", life, "E-ada") for life in (1, 2, 3)]


def test_a_number_is_an_identifier_too() -> None:
    assert lives(account("ada", uid_number=7)) == [("name", "ada", "ada", 1, "E-ada"), ("number", "7", "ada", 1, "E-ada")]


def test_the_holder_is_who_the_system_said_then() -> None:
    before = past(account("ada", person_ref="E-bob"), "2025-01-01", "2026-01-01", "changed")
    assert lives(account("ada"), history=[before]) == [("name", "ada", "ada", 1, "E-ada"), ("name", "ada", "ada", 1, "E-bob")]


def test_without_a_number_the_address_tells() -> None:
    assert lives(account("x", person_ref=None, mail="ada@example.com")) == [("name", "x", "x", 1, "E-ada")]


def test_the_name_itself_is_no_witness() -> None:
    assert lives(account("ada", person_ref=None)) == [("name", "ada", "ada", 1, None)]


def test_a_number_that_nobody_has_is_not_made_up_for_by_an_address() -> None:
    assert lives(account("x", person_ref="E-x", mail="ada@example.com")) == [("name", "x", "x", 1, None)]


def test_a_program_stands_for_itself() -> None:
    assert lives(service("sync", owner_ref="E-ada")) == [("name", "sync", "sync", 1, "account sync")]
