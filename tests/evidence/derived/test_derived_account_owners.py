"""Whose an account is, and how that was found."""

from typing import Any

from tests.evidence.derived.computed import computed, only
from tests.measures.made import SYSTEMS, Made, account, on, person, service, system

PEOPLE = [person("ada"), person("bob", user_name="Bobby"), person("cy", ended_on=on("2026-01-01"))]


def owner(made: Made, *people: Made, systems: list[Made] | None = None) -> tuple[Any, ...]:
    """Return person and way for one account."""
    columns = ["person_id", "matched_by", "current"]
    (found,) = only("account_owners", columns, accounts=[made], people=[*PEOPLE, *people], systems=systems or SYSTEMS)
    return found


def test_a_number_names_its_person_in_any_case() -> None:
    assert owner(account("x", person_ref=" e-ADA ")) == ("E-ada", "person_ref", True)


def test_what_the_system_says_may_be_an_address() -> None:
    assert owner(account("x", person_ref="ADA@example.com")) == ("E-ada", "person_ref", True)


def test_without_a_number_the_address_decides() -> None:
    assert owner(account("x", person_ref=None, mail="Ada@example.com")) == ("E-ada", "mail", True)


def test_a_number_that_nobody_has_leaves_it_to_the_address() -> None:
    assert owner(account("x", person_ref="00u1a2b3", mail="ada@example.com")) == ("E-ada", "mail", True)


def test_the_number_goes_before_the_address() -> None:
    assert owner(account("x", person_ref="E-ada", mail="bob@example.com")) == ("E-ada", "person_ref", True)


def test_a_name_that_is_an_address_counts_as_one() -> None:
    assert owner(account("x", person_ref=None, identifier="ada@example.com")) == ("E-ada", "mail", True)


def test_without_either_the_name_that_hr_knows_decides() -> None:
    assert owner(account("x", person_ref=None, identifier="bobby")) == ("E-bob", "user_name", True)


def test_an_account_of_nobody() -> None:
    assert owner(account("x", person_ref="E-x")) == (None, "none", None)


def test_an_account_of_somebody_who_left() -> None:
    assert owner(account("x", person_ref="E-cy")) == ("E-cy", "person_ref", False)


def test_an_address_of_two_people_names_neither() -> None:
    made = account("x", person_ref=None, mail="ada@example.com")
    other = person("ann", mail="ada@example.com", ended_on=on("2025-01-01"))
    (found,) = computed("account_owners", accounts=[made], people=[*PEOPLE, other], systems=SYSTEMS)
    assert (found["person_id"], found["matched_by"], found["person_name"], found["ended_on"]) == (
        None,
        "ambiguous",
        "Ada, Ann",
        on("2025-01-01"),
    )


def test_two_numbers_of_one_person_are_not_two_people() -> None:
    made = account("x", person_ref=None, mail="ada@example.com")
    assert owner(made, person("ada", id="E-old", started_on=on("2015-01-01"), ended_on=on("2019-01-01"))) == ("E-ada", "mail", True)


def test_a_program_belongs_to_who_answers_for_it_and_not_to_whose_name_it_has() -> None:
    assert owner(service("x", mail="ada@example.com", owner_ref="E-bob")) == ("E-bob", "owner_ref", True)
    assert owner(service("x", mail="ada@example.com")) == (None, "none", None)


def test_shared_and_emergency_accounts_belong_to_who_answers_for_them() -> None:
    assert owner(account("x", kind="shared", owner_ref="bob@example.com")) == ("E-bob", "owner_ref", True)
    assert owner(account("x", kind="break_glass", person_ref="E-ada")) == (None, "none", None)


def test_the_softwares_own_account_belongs_to_the_owner_of_the_system() -> None:
    owned = [system("crm", owner_id="E-bob")]
    assert owner(service("root", kind="system"), systems=owned) == ("E-bob", "system_owner", True)
    assert owner(service("root", kind="system", owner_ref="E-ada"), systems=owned) == ("E-ada", "owner_ref", True)
    assert owner(service("sync"), systems=owned) == (None, "none", None)


def test_two_sources_may_use_one_key() -> None:
    accounts = [account("x", person_ref="E-ada"), account("x", source="other", person_ref="E-bob", system_id="wiki")]
    assert only("account_owners", ["source", "label", "person_id"], accounts=accounts, people=PEOPLE, systems=SYSTEMS) == [
        ("other", "x on WIKI", "E-bob"),
        ("test", "x on CRM", "E-ada"),
    ]
