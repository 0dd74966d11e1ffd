"""What stands after reports were read one after the other: what was not looked for again is not mended."""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from upheld.evidence.collection import Collecting
from upheld.evidence.table import Row
from upheld.sources.sbom import SBOM
from upheld.sources.sbom.shape import expressed
from upheld.sources.scanner import SCANNER
from upheld.sources.source import Misconfigured, SourceError, complete

RECORDED = Path("tests/recorded/scanner")
NOW = datetime(2026, 12, 1, tzinfo=UTC)


class Reports:
    """A folder of reports that is read again and again, as a source of the product is."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.known = folder, list[Row]()
        self.settings = {"folder": str(folder), "system": "crm", **settings}

    def read(self) -> Collecting:
        """Read them, and remember the findings."""
        into = Collecting("scans", SCANNER.tables, NOW, known=lambda name: self.known if name == "scan_findings" else ())
        SCANNER.connect(complete(SCANNER, self.settings)).collect(into)
        self.known = list(into.seen["scan_findings"].rows.values())
        return into

    @property
    def open(self) -> set[str]:
        """The rules of the findings that stand."""
        return {str(row["rule_id"]) for row in self.known}

    def run(self, name: str, day: int, rules: list[str], found: list[str], artifacts: list[str] | None = None, **invocation: Any) -> None:
        """Write a report of a scanner that looked for `rules` on a day of May, and `found` some."""
        results = [
            {
                "ruleId": rule,
                "level": "error",
                "message": {"text": rule},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.py"}}}],
            }
            for rule in found
        ]
        ended = {"executionSuccessful": True, "endTimeUtc": f"2026-05-{day:02}T10:00:00Z", **invocation}
        driver = {"name": "check", "rules": [{"id": rule} for rule in rules]}
        looked_at = [{"location": {"uri": each}, "roles": ["analysisTarget"]} for each in artifacts or ()]
        run = {"tool": {"driver": driver}, "invocations": [ended], "results": results, "artifacts": looked_at}
        (self.folder / name).write_bytes(orjson.dumps({"version": "2.1.0", "runs": [run]}))


@pytest.fixture
def reports(tmp_path: Path) -> Reports:
    found = Reports(tmp_path)
    found.run("1.sarif", 1, ["A", "B", "C"], ["A", "B"])
    found.read()
    return found


def scan(into: Collecting) -> Mapping[str, Any]:
    return list(into.seen["scans"].rows.values())[-1]


def test_what_is_looked_for_and_gone_is_mended(reports: Reports) -> None:
    assert reports.open == {"A", "B"}
    reports.run("2.sarif", 2, ["A", "B", "C"], ["B"])
    reports.read()
    assert reports.open == {"B"}


def test_what_was_not_looked_for_is_not_mended(reports: Reports) -> None:
    reports.run("2.sarif", 2, ["A"], [])
    reports.read()
    assert reports.open == {"B"}


def test_files_that_were_not_looked_at_are_not_mended(reports: Reports) -> None:
    reports.run("2.sarif", 2, ["A", "B", "C"], [], artifacts=["b.py"])
    reports.read()
    assert reports.open == {"A", "B"}
    reports.run("3.sarif", 3, ["A", "B", "C"], ["B"], artifacts=["a.py", "b.py"])
    reports.read()
    assert reports.open == {"B"}


def test_another_host_of_the_same_system_mends_nothing(tmp_path: Path) -> None:
    reports = Reports(tmp_path)
    shutil.copy(RECORDED / "openscap-xccdf.xml", tmp_path / "1.xml")
    reports.read()
    text = (RECORDED / "openscap-xccdf.xml").read_text().replace(">fail<", ">pass<").replace('end-time="2026-11-22', 'end-time="2026-11-23')
    (tmp_path / "2.xml").write_text(text.replace("<target>lab<", "<target>twin<"))
    reports.read()
    assert "xccdf_example_rule_audit_there" in reports.open
    (tmp_path / "2.xml").write_text(text)
    reports.read()
    assert "xccdf_example_rule_audit_there" not in reports.open


def test_a_run_that_failed_mends_nothing(reports: Reports) -> None:
    reports.run("2.sarif", 2, ["A", "B", "C"], ["C"], executionSuccessful=False)
    assert scan(reports.read())["whole"] is False
    assert reports.open == {"A", "B", "C"}


def test_an_older_report_mends_nothing_and_a_newer_one_stands(reports: Reports) -> None:
    reports.run("0.sarif", 1, ["A", "B", "C"], [], endTimeUtc="2026-04-01T10:00:00Z")
    reports.read()
    assert reports.open == {"A", "B"}


def test_another_scanner_or_system_mends_nothing(reports: Reports, tmp_path: Path) -> None:
    shutil.copy(RECORDED / "trivy.json", reports.folder)
    reports.read()
    assert {"A", "B"} < reports.open


def test_a_report_that_is_gone_leaves_what_it_found(reports: Reports) -> None:
    (reports.folder / "1.sarif").unlink()
    into = reports.read()
    assert reports.open == {"A", "B"} and not into.seen["scans"].rows


def test_a_report_that_cannot_be_read_cuts_short(reports: Reports) -> None:
    (reports.folder / "2.sarif").write_bytes(b"{")
    into = reports.read()
    assert "2.sarif" in into.seen["scan_findings"].cut_short[0]
    (reports.folder / "1.sarif").unlink()
    with pytest.raises(SourceError, match=r"2\.sarif"):
        reports.read()


def test_a_scanner_that_lists_only_findings_can_be_said_to_look_for_everything(tmp_path: Path) -> None:
    reports = Reports(tmp_path, covers="everything")
    reports.run("1.sarif", 1, ["A"], ["A"])
    reports.read()
    reports.run("2.sarif", 2, [], [])
    reports.read()
    assert reports.open == set()
    with pytest.raises(Misconfigured, match="covers is 'most'"):
        Reports(tmp_path, covers="most").read()


def test_a_report_that_looked_at_nothing_is_no_review(tmp_path: Path) -> None:
    reports = Reports(tmp_path)
    reports.run("1.sarif", 1, [], [])
    assert scan(reports.read())["whole"] is None


def test_findings_keep_when_they_were_found_first(reports: Reports) -> None:
    reports.run("2.sarif", 9, ["A", "B"], ["A"])
    reports.read()
    (row,) = reports.known
    assert row["found_at"] == datetime(2026, 5, 1, 10, tzinfo=UTC) and row["reported_at"] == datetime(2026, 5, 9, 10, tzinfo=UTC)


def test_without_a_system_each_report_is_about_its_target(tmp_path: Path) -> None:
    shutil.copy(RECORDED / "openscap-arf.xml", tmp_path)
    assert scan(Reports(tmp_path, system="").read())["system_id"] == "lab"


def collected(path: Path, **settings: str) -> dict[str, list[Row]]:
    into = Collecting("bills", SBOM.tables, NOW)
    source = SBOM.connect(complete(SBOM, {"folder": str(path), **settings}))
    assert source.test()
    source.collect(into)
    return {name: list(seen.rows.values()) for name, seen in into.seen.items()}


def test_a_bill_of_materials_that_a_tool_wrote() -> None:
    found = collected(RECORDED / "cyclonedx-py.json", product="shop")
    assert {(row["name"], row["version"]) for row in found["components"]} >= {("click", "8.1.7"), ("idna", "3.7")}
    licences = {(row["component_id"], row["licence_id"]) for row in found["component_licences"]}
    # Beside an identifier, what the package says in its own words is no further licence.
    assert ("shop/pkg:pypi/click@8.1.7", "BSD-3-Clause") in licences
    assert [name for id, name in licences if "idna" in id] == ["License :: OSI Approved :: BSD License"]


def test_a_bill_with_choices_and_nested_components() -> None:
    found = collected(RECORDED / "cyclonedx-vex.json")
    assert {row["id"] for row in found["components"]} == {"shop/pkg:pypi/lib-a@1.0", "shop/lib-b@2.0", "shop/lib-c@3.0"}
    choices = sorted((row["choice"], row["licence_id"]) for row in found["component_licences"] if "lib-a" in str(row["id"]))
    assert choices == [(1, "BSD-3-Clause"), (1, "MIT"), (2, "BSD-3-Clause"), (2, "GPL-3.0-only")]


def test_what_is_no_bill(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(SourceError, match="no bill of materials"):
        collected(tmp_path / "x.json")


@pytest.mark.parametrize(
    ("expression", "choices"),
    [
        ("MIT", [{"MIT"}]),
        ("GPL-2.0-only WITH Classpath-exception-2.0", [{"GPL-2.0-only WITH Classpath-exception-2.0"}]),
        ("A OR (B AND C)", [{"A"}, {"B", "C"}]),
        ("A AND AND", [{"A AND AND"}]),
        ("x" * 5_000, [{"x" * 2_000}]),
    ],
)
def test_expressions(expression: str, choices: list[set[str]]) -> None:
    assert [set(each) for each in expressed(expression)] == choices


def test_an_expression_that_would_explode_is_bounded() -> None:
    assert len(expressed(" AND ".join(f"(A{number} OR B{number})" for number in range(40)))) == 64
