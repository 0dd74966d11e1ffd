"""What `upheld source preview` and `upheld source kinds` print: short, in words, and without control characters."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from upheld.cli.source import source
from upheld.ledger import sequencer
from upheld.sources import configured


@pytest.fixture
def shown(workspace, tmp_path: Path):
    """Puts a list of devices into use and returns what its preview prints, by lines."""
    sequencer.init("test.example/ledger/main/1")

    def show(content: str) -> list[str]:
        path = tmp_path / "devices.csv"
        path.write_text(content)
        configured.add("mdm", "list", {"table": "devices", "file": str(path)})
        answer = CliRunner().invoke(source, ["preview", "mdm"])
        assert answer.exit_code == 0, answer.output
        return answer.output.splitlines()

    return show


def test_a_preview_is_written_for_people(shown):
    found = shown("id,name,encrypted,in_use,last_seen_at\n1,a\x1b[31mb,yes,no,2026-05-01T10:00:00+02:00\n")
    assert found[:2] == [
        "devices: 1 row, complete",
        r"  id 1; name a\x1b[31mb; in_use no; encrypted yes; last_seen_at 2026-05-01T08:00:00Z",
    ]


def test_a_large_cell_is_cut(shown):
    (row,) = [line for line in shown(f"id,name\n1,{'x' * 1_000_000}\n") if line.startswith("  id")]
    assert row == f"  id 1; name {'x' * 77}..."


def test_notes_and_what_cuts_a_table_short_are_shown(shown):
    found = shown("id,encrypted,last_seen_at\n1,perhaps,\n2,yes,2999-01-01\n")
    assert any(line.startswith("  cut short: line 2: column 'encrypted': 'perhaps'") for line in found)
    assert "note: 1 value of devices.last_seen_at lies in the future and is taken as unknown" in found


def test_one_kind_can_be_shown(workspace):
    answer = CliRunner().invoke(source, ["kinds", "sntp"])
    assert (answer.exit_code, answer.output.splitlines()[0].split(" - ")[0]) == (0, "sntp")
    assert "people" not in answer.output


def test_what_is_no_setting_is_not_shown_since_it_may_be_a_secret(workspace):
    answer = CliRunner().invoke(source, ["add", "x", "people", "file=x.csv", "marker-8c1f"])
    assert answer.exit_code == 2
    assert "number 2 of the settings is not written SETTING=VALUE" in answer.output
    assert "8c1f" not in answer.output
