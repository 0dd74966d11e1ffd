"""`upheld measures` and `upheld measures lint`, as scripts rely on them."""

import json
from pathlib import Path

from click.testing import CliRunner
from tests.checks.example import FRONT, QUERY
from tests.stage import shipped

from upheld.cli.measures import measures
from upheld.workspace import Workspace


def test_every_measure_is_listed_with_its_tables_parameters_promises_and_drill(workspace: Workspace) -> None:
    listed = {each["id"]: each for each in json.loads(CliRunner().invoke(measures, ["--json"]).output)}
    assert set(listed) == set(shipped())
    restored = listed["backup/restore_proven"]
    assert restored.keys() == {"id", "tables", "parameters", "documents", "drill"}
    assert (restored["tables"], restored["parameters"]) == (["restore_tests", "systems"], ["restore_interval"])
    assert all(promise.partition(":")[0] in {"iso", "cloud"} for promise in restored["documents"])
    assert isinstance(restored["drill"], bool)


def test_people_are_told_the_same_in_words(workspace: Workspace) -> None:
    said = CliRunner().invoke(measures, []).output
    assert "backup/restore_proven  Restores are proven" in said
    assert "reads restore_tests, systems; parameters restore_interval" in said


def test_a_file_in_order_is_said_to_be_so(tmp_path: Path) -> None:
    file = _written(tmp_path, FRONT.format(more="") + QUERY)
    done = CliRunner().invoke(measures, ["lint", str(file)])
    assert (done.exit_code, done.output.splitlines()[0]) == (0, f"{file}: in order")
    assert "    when accounts changes, judged again whole: subjects are not put together from source and key" in done.output
    assert "    when time changes, judged again taken over: it does not ask for the time" in done.output


def test_all_that_is_wrong_is_told_and_the_status_says_so(tmp_path: Path) -> None:
    file = _written(tmp_path, (FRONT.format(more="") + QUERY).replace("GDPR 32(1)(b)", "GDPR 320").replace("FROM accounts", "FROM acounts"))
    done = CliRunner().invoke(measures, ["lint", str(file), str(tmp_path / "access" / "absent.sql")])
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert lines[0].startswith(f"{file}: there is no table acounts; perhaps you mean accounts")
    assert lines[1] == f'{file}: there is no clause GDPR 320; cite it in full, as in "ISO/IEC 27001:2022 A.8.13"'
    assert "absent.sql: cannot be read" in lines[2]


def test_form_and_query_errors_name_file_and_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(measures, ["lint", str(_written(tmp_path, FRONT.format(more="") + "SELECT 1; SELECT 2"))])
    assert (done.exit_code, "there are 2 statements; a measure is exactly one SELECT" in done.output) == (1, True)


def _written(folder: Path, text: str) -> Path:
    (folder / "access").mkdir()
    file = folder / "access" / "example.sql"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_wrong_file_of_ones_own_is_named_and_the_others_are_listed(workspace: Workspace) -> None:
    (workspace.measures / "access").mkdir()
    (workspace.measures / "access" / "mine.sql").write_text("SELECT 1", encoding="utf-8")
    done = CliRunner().invoke(measures, ["--json"])
    assert {each["id"] for each in json.loads(done.stdout)} == set(shipped())
    assert (done.exit_code, "access/mine is left out: " in done.stderr) == (1, True)
