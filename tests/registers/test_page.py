from pathlib import Path

from upheld.registers.page import page

PAGE = Path(__file__).parents[2] / "docs" / "actions.md"


def test_the_page_of_actions_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "out of date: run python docs/make_actions.py"
