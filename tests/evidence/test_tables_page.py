"""The page of tables is as the contracts say."""

from pathlib import Path

from upheld.evidence.page import COMMAND, tables_page
from upheld.evidence.table import tables

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == tables_page(), f"docs/tables.md is out of date: run {COMMAND}"


def test_every_column_is_on_the_page() -> None:
    page = tables_page()
    for table in tables().values():
        section = page.split(f": {table.name}\n", 1)[1].split("\n## ", 1)[0]
        assert [name for name in table.columns if f"| `{name}` |" not in section] == []
