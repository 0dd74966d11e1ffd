"""The pages of measures are as fresh as the measures."""

from upheld.checks import library
from upheld.measures.pages import COMMAND, DOCS, columns_read, pages


def test_pages_are_fresh() -> None:
    there = {path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md")}
    wanted = pages()
    stale = [name for name in sorted({*there, *wanted}) if there.get(name) != wanted.get(name)]
    assert stale == [], f"out of date: run {COMMAND}"


def test_a_page_names_the_columns_that_are_read_and_no_others() -> None:
    assert columns_read(library.shipped()["backup/restore_proven"]) == {
        "restore_tests": ["system_id", "started_at", "finished_at", "took", "content_verified"],
        "systems": ["id", "name", "in_operation", "recovery_time"],
    }
