import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.documents.making import pdf

from upheld.cli.document import document
from upheld.documents.document import load

PAGES = Path(__file__).parent / "pages"
MISCITED = """
id = "acme"
title = "What Acme promises"
sections = [{ number = "1", title = "Access" }]
[[promises]]
id = "acme:1.1"
section = "1"
chapter = "access"
text = "We lock screens."
label = "A.11.3.1"
clauses = ["ISO/IEC 27001:2013 A.11.3.1"]
measures = ["access/screen_locks"]
"""


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(document, [str(word) for word in words])


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    path = tmp_path / "acme.toml"
    path.write_text(MISCITED, encoding="utf-8")
    return path


def test_import_writes_a_document_that_loads(tmp_path):
    output = tmp_path / "halden.toml"
    answer = run("import", PAGES / "table.html", "--output", output, "--id", "halden")
    assert answer.exit_code == 0
    assert [promise.id for promise in load(output).promises][:2] == ["halden:1.1", "halden:1.2"]
    assert "Citations corrected: 1" in answer.stdout
    assert "The page says nothing about:" in answer.stdout


def test_import_without_output_prints_the_document_and_reports_beside_it():
    answer = run("import", PAGES / "prose.txt")
    assert tomllib.loads(answer.stdout)["id"] == "prose"
    assert "Not covered" in answer.stderr


def test_the_report_for_scripts_has_the_fields_that_are_documented():
    report = json.loads(run("import", PAGES / "numbered.txt", "--json").stdout)
    assert list(report) == ["document", "output", "sections", "promises", "covered", "silent_chapters", "left_out", "notes"]
    assert report["document"] == {"id": "numbered", "title": "OUR SAFEGUARDS", "promises": 5}
    assert report["covered"] == {"tested": 5, "not covered": 0}
    third = report["promises"][2]
    assert third["measures"] == ["assets/owned"]
    assert third["cover"] == "tested"
    assert list(third["proposed"][0]) == ["measure", "confidence", "because", "accepted"]
    assert [entry["confidence"] for entry in third["proposed"]] == sorted((e["confidence"] for e in third["proposed"]), reverse=True)
    assert len(third["proposed"]) <= 5


def test_import_does_not_write_over_a_document(acme):
    answer = run("import", PAGES / "prose.txt", "--output", acme)
    assert answer.exit_code == 2
    assert "--force" in answer.stderr
    assert acme.read_text(encoding="utf-8") == MISCITED
    assert run("import", PAGES / "prose.txt", "--output", acme, "--force").exit_code == 0


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("page.txt", b"", "is empty"),
        ("page.pdf", pdf([["We lock."]])[:200], "cut short"),
        ("page.docx", b"PK\x03\x04", "damaged"),
    ],
)
def test_what_cannot_be_imported_is_misuse_in_one_sentence(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    answer = run("import", tmp_path / name)
    assert answer.exit_code == 2
    assert says in answer.stderr
    assert "Traceback" not in answer.output


def test_an_output_that_cannot_be_written_is_misuse(tmp_path):
    answer = run("import", PAGES / "prose.txt", "--output", tmp_path / "nowhere" / "a.toml")
    assert answer.exit_code == 2
    assert "cannot be written" in answer.stderr


def test_lint_tells_problems_and_is_strict_only_when_asked(acme):
    answer = run("lint", acme)
    assert answer.exit_code == 0
    assert "ISO/IEC 27001:2013 A.11.3.1 does not exist" in answer.stdout
    assert run("lint", acme, "--strict").exit_code == 1


def test_lint_for_scripts(acme):
    report = json.loads(run("lint", acme, "--json").stdout)
    assert report == {
        "documents": [
            {
                "id": "acme",
                "promises": 1,
                "problems": [
                    {
                        "promise": "acme:1.1",
                        "rule": "clause-missing",
                        "says": "ISO/IEC 27001:2013 A.11.3.1 does not exist",
                        "do": "correct the number in `clauses`",
                    }
                ],
                "notes": [],
            }
        ]
    }


def test_lint_of_a_file_that_is_no_document_is_misuse(tmp_path):
    (tmp_path / "broken.toml").write_text("id = ", encoding="utf-8")
    answer = run("lint", tmp_path / "broken.toml")
    assert answer.exit_code == 2
    assert "not TOML" in answer.stderr


def test_without_files_the_workspace_s_documents_are_linted_and_listed(workspace, acme):
    (workspace.documents / "acme.toml").write_text(MISCITED, encoding="utf-8")
    assert [one["id"] for one in json.loads(run("list", "--json").stdout)] == ["iso", "cloud", "acme"]
    assert [one["id"] for one in json.loads(run("lint", "--json").stdout)["documents"]] == ["iso", "cloud", "acme"]
    assert run("lint", "--strict").exit_code == 1
    assert "acme" in run("list").stdout


def test_the_founding_documents_are_clean_under_strict(workspace):
    assert run("lint", "--strict").exit_code == 0


def test_coverage_is_printed_or_written(tmp_path):
    page = tmp_path / "coverage.md"
    assert run("coverage", "--output", page).exit_code == 0
    assert page.read_text(encoding="utf-8") == run("coverage").stdout


def test_an_id_that_cannot_be_one_is_misuse_with_a_better_one():
    answer = run("import", PAGES / "prose.txt", "--id", "Fjordbank Ledger")
    assert answer.exit_code == 2
    assert "use 'fjordbank-ledger'" in answer.stderr
