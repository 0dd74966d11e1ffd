"""Who came in: whoever the badge system names, else whoever had the badge then, else the visitor who wore it."""

from tests.evidence.derived.computed import only
from tests.measures.made import Made, at
from tests.measures.sited import entry, visit

BADGES: list[Made] = [
    {"id": "1", "number": "7", "person_id": "E-ada", "given_at": at("2026-04-01"), "returned_at": at("2026-05-01")},
    {"id": "2", "number": "7", "person_id": "E-bob", "given_at": at("2026-05-01")},
]


def told(*entries: Made, history: list[Made] | None = None) -> list[tuple[object, ...]]:
    visits = [visit(1), visit(2, badge="7")]
    return only(
        "identified_entries",
        ["id", "person_id", "visit_id"],
        {"badge_entries": history or []},
        badge_entries=entries,
        badges=BADGES,
        visits=visits,
    )


def test_a_badge_is_whose_it_was_then() -> None:
    assert told(
        entry(1, "office", "2026-04-30 09:00", badge="7"),
        entry(2, "office", "2026-05-01 00:00", badge="7"),
        entry(3, "office", "2026-03-30 09:00", badge="7"),
        entry(4, "office", badge="7", person_id="E-cy"),
        entry(5, "office"),
    ) == [("1", "E-ada", None), ("2", "E-bob", None), ("3", None, None), ("4", "E-cy", None), ("5", None, None)]


def test_a_visitor_wears_a_badge_from_coming_to_leaving() -> None:
    assert told(
        entry(1, "lobby", "2026-05-01 08:59", badge="V-1"),
        entry(2, "lobby", "2026-05-01 09:00", badge="V-1"),
        entry(3, "lobby", "2026-05-01 10:00", badge="V-1"),
        entry(4, "lobby", "2026-05-01 10:01", badge="V-1"),
    ) == [("1", None, None), ("2", None, "1"), ("3", None, "1"), ("4", None, None)]


def test_who_has_a_badge_of_ours_is_no_visitor() -> None:
    assert told(entry(1, "office", "2026-05-01 09:30", badge="7")) == [("1", "E-bob", None)]


def test_what_the_log_forgot_was_told_and_what_it_corrected_was_not() -> None:
    hour = {"seen_from_at": at("2026-05-01 10:00"), "seen_until_at": at("2026-05-02")}
    forgot = entry(1, "office", badge="7") | hour | {"ended": "vanished"}
    wrong = entry(2, "office", person_id="E-cy") | hour | {"ended": "changed"}
    assert told(entry(2, "office", person_id="E-ada"), history=[forgot, wrong]) == [("1", "E-bob", None), ("2", "E-ada", None)]
