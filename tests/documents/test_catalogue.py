from pathlib import Path

from upheld.documents.catalogue import known
from upheld.documents.coverage import COMMAND, coverage, drilled
from upheld.documents.document import CHAPTERS, shipped

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
# How many measures the founding promises rest on, by chapter.
MEASURES = {
    "governance": 15, "people": 7, "incidents": 10, "compliance": 11, "physical": 16, "access": 19, "authorization": 20, "cryptography": 5,
    "assets": 18, "transfer": 5, "suppliers": 5, "backup": 9, "change": 13, "continuity": 3, "operations": 10, "separation": 5,
    "privacy": 22,
}  # fmt: skip


def test_every_measure_a_founding_promise_names_has_a_query():
    named = {measure for document in shipped() for promise in document.promises for measure in promise.measures}
    assert named - set(known()) == set()


def test_the_founding_promises_rest_on_193_measures():
    named = {measure for document in shipped() for promise in document.promises for measure in promise.measures}
    assert {chapter: sum(measure.startswith(f"{chapter}/") for measure in named) for chapter in CHAPTERS} == MEASURES
    assert sum(MEASURES.values()) == len(named) == 193


def test_a_workspace_adds_its_own(tmp_path):
    (tmp_path / "access").mkdir()
    front = 'title = "T"\npromise = "Doors are shut."\nwhy = "W"\nclauses = []\nkind = "state"\nseverity = "low"\nowner = "it"'
    query = "SELECT id AS subject, name AS label, true AS ok, '' AS detail FROM systems"
    (tmp_path / "access" / "doors_shut.sql").write_text(f"/*---\n{front}\n---*/\n{query}\n", encoding="utf-8")
    assert known(tmp_path)["access/doors_shut"].fact == "Doors are shut."
    assert "access/doors_shut" not in known()


def test_a_drill_is_a_module_in_its_chapter(tmp_path):
    for name in ("access/__init__.py", "access/mfa_required.py", "drill.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert drilled(tmp_path) == {"access/mfa_required"}


def test_the_coverage_page_tells_query_and_drill():
    page = coverage(shipped(), {"backup/restore_proven"})
    assert "- [`backup/restore_proven`](../src/upheld/measures/backup/restore_proven.sql): query, drill" in page
    assert "- [`backup/records_intact`](../src/upheld/measures/backup/records_intact.sql): query, no drill" in page
    assert all(f"**{promise.id}** {promise.text}" in page for document in shipped() for promise in document.promises)


def test_the_coverage_page_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == coverage(shipped(), drilled()), f"docs/coverage.md is out of date: run {COMMAND}"
