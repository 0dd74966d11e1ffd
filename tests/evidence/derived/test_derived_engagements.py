"""Who works here: leavers of lists that tell and of lists that drop, people who come back, people who are two."""

from typing import Any

from tests.evidence.derived.computed import only
from tests.measures.made import Made, at, on, person


def told(*people: Made, history: list[Made] | None = None) -> list[tuple[Any, ...]]:
    return only("engagements", ["id", "person_id", "current", "ended_on"], {"people": history or []}, people=people)


def test_somebody_works_here_from_the_first_day_to_the_last() -> None:
    assert told(
        person("ada"),
        person("bob", ended_on=on("2026-05-03")),
        person("cy", ended_on=on("2026-05-04")),
        person("dan", started_on=on("2026-05-04")),
        person("eve", started_on=on("2026-05-05")),
    ) == [
        ("E-ada", "E-ada", True, None),
        ("E-bob", "E-bob", False, on("2026-05-03")),
        ("E-cy", "E-cy", True, on("2026-05-04")),
        ("E-dan", "E-dan", True, None),
        ("E-eve", "E-eve", False, None),
    ]


def test_without_a_first_day_it_is_unknown_but_who_left_has_left() -> None:
    assert told(person("ada", started_on=None), person("bob", started_on=None, ended_on=on("2026-05-03"))) == [
        ("E-ada", "E-ada", None, None),
        ("E-bob", "E-bob", False, on("2026-05-03")),
    ]


def test_who_came_back_is_one_person_with_the_new_number() -> None:
    assert told(person("bob", ended_on=on("2025-01-01")), person("bob", id="E-new", started_on=on("2026-01-01"))) == [
        ("E-bob", "E-new", True, None),
        ("E-new", "E-new", True, None),
    ]


def test_who_will_come_back_has_left_until_then() -> None:
    assert told(person("bob", ended_on=on("2025-01-01")), person("bob", id="E-new", started_on=on("2026-06-01"))) == [
        ("E-bob", "E-bob", False, on("2025-01-01")),
        ("E-new", "E-bob", False, on("2025-01-01")),
    ]


def test_two_people_of_one_name_stay_two() -> None:
    assert told(person("bob", ended_on=on("2025-01-01")), person("bob", id="E-2", mail="bob.2@example.com")) == [
        ("E-2", "E-2", True, None),
        ("E-bob", "E-bob", False, on("2025-01-01")),
    ]


def test_two_people_of_one_name_without_an_address_stay_two() -> None:
    assert told(person("bob", mail=None, ended_on=on("2025-01-01")), person("bob", id="E-2", mail=None)) == [
        ("E-2", "E-2", True, None),
        ("E-bob", "E-bob", False, on("2025-01-01")),
    ]


def test_a_number_that_two_lists_give_to_two_people_names_neither() -> None:
    assert told(person("ada", id="1"), person("bob", id="1", source="other")) == [
        ("1", "other:1", True, None),
        ("1", "test:1", True, None),
    ]


def test_somebody_on_two_lists_is_one() -> None:
    assert told(person("ada"), person("ada", source="other")) == [("E-ada", "E-ada", True, None), ("E-ada", "E-ada", True, None)]


def test_whom_the_list_dropped_has_left() -> None:
    gone = person("bob", seen_from_at=at("2026-01-01"), seen_until_at=at("2026-04-01 09:00"), ended="vanished")
    assert told(person("ada"), history=[gone]) == [("E-ada", "E-ada", True, None), ("E-bob", "E-bob", False, on("2026-04-01"))]


def test_whom_the_list_dropped_after_the_last_day_left_on_that_day() -> None:
    gone = person("bob", ended_on=on("2026-03-01"), seen_from_at=at("2026-01-01"), seen_until_at=at("2026-04-01"), ended="deleted")
    assert told(history=[gone]) == [("E-bob", "E-bob", False, on("2026-03-01"))]


def test_a_row_that_changed_or_came_back_is_not_dropped() -> None:
    changed = person("ada", seen_from_at=at("2026-01-01"), seen_until_at=at("2026-02-01"), ended="changed")
    lost = person("ada", seen_from_at=at("2026-02-01"), seen_until_at=at("2026-03-01"), ended="vanished")
    assert told(person("ada"), history=[changed, lost]) == [("E-ada", "E-ada", True, None)]
