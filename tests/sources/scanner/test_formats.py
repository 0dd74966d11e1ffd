"""Each format of report, as its tool wrote it (or to its schema: tests/recorded/scanner/README.md), and what no report may do to us."""

import time
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from upheld.sources.scanner import get
from upheld.sources.scanner.report import NotReadable, Report
from upheld.sources.source import SourceError

RECORDED = Path("tests/recorded/scanner")


def read(name: str) -> Report:
    (report,) = get.read(RECORDED / name).reports
    return report


def told(report: Report) -> set[tuple[str, str | None, str]]:
    return {(each.rule, each.severity, each.state.value) for each in report.found}


FOUND = {
    "bandit.sarif": {("B404", "low", "open"), ("B602", "high", "open"), ("B324", "high", "open"), ("B105", "low", "open")},
    "ruff.sarif": {("S602", "high", "open"), ("S324", "high", "open"), ("S105", "high", "open")},
    "openscap-xccdf.xml": {("xccdf_example_rule_audit_there", "high", "open"), ("xccdf_example_rule_by_hand", "medium", "unknown")},
    "openscap-arf.xml": {("xccdf_example_rule_audit_there", "high", "open"), ("xccdf_example_rule_by_hand", "medium", "unknown")},
    "trivy.json": {
        ("CVE-2024-0001", "critical", "open"),
        ("CVE-2024-0002", None, "open"),
        ("CVE-2024-0003", "low", "suppressed"),
        ("DS002", "high", "open"),
        ("aws-access-key-id", "critical", "open"),
    },
    "grype.json": {("CVE-2024-0001", "critical", "open"), ("CVE-2024-0004", "info", "open"), ("CVE-2024-0003", "low", "suppressed")},
    "prowler.ocsf.json": {
        ("s3_bucket_public_access", "critical", "open"),
        ("iam_no_root_access_key", "high", "suppressed"),
        ("account_security_questions", "medium", "unknown"),
    },
    "inspec.json": {("os-02", "high", "open"), ("os-03", "medium", "suppressed"), ("os-04", "low", "unknown")},
    "cyclonedx-vex.json": {("CVE-2024-0005", "high", "open")},
}


@pytest.mark.parametrize("name", FOUND)
def test_what_a_report_found(name: str) -> None:
    assert told(read(name)) == FOUND[name]


def test_lynis_report() -> None:
    report = read("lynis-report.dat")
    assert (report.version, report.finished_at, report.target) == ("3.0.8", datetime(2026, 11, 22, 13, 14, 56, tzinfo=UTC), "lab")
    found = [(each.rule, each.severity) for each in report.found]
    assert ("PKGS-7392", "medium") in found and ("DEB-0280", "low") in found and len(found) == 46
    assert report.looked.at("PKGS-7392", "lab") and not report.looked.at("MALW-3288", "lab")
    assert not report.looked.at("PKGS-7392", "other")


def test_what_was_looked_at() -> None:
    scap = read("openscap-xccdf.xml").looked
    assert scap.at("xccdf_example_rule_passwd_there", "lab") and not scap.at("xccdf_example_rule_passwd_there", "other")
    assert not scap.at("xccdf_example_rule_left_out", "lab") and not scap.at("xccdf_example_rule_by_hand", "lab")
    prowler = read("prowler.ocsf.json").looked
    assert prowler.at("s3_bucket_public_access", "arn:aws:s3:::site") and not prowler.at("s3_bucket_public_access", "arn:aws:s3:::other")
    assert not prowler.at("account_security_questions", "arn:aws:iam::123456789012:root")
    trivy = read("trivy.json").looked
    assert trivy.at("CVE-2020-1", "Dockerfile") and not trivy.at("CVE-2020-1", "go.sum")
    assert not read("inspec.json").looked.at("os-04", "web-1")


def test_times() -> None:
    assert read("trivy.json").finished_at == datetime(2026, 5, 3, 7, 30, 0, 123456, tzinfo=UTC)
    assert read("grype.json").database_at == datetime(2026, 5, 2, 1, 30, tzinfo=UTC)
    assert read("ruff.sarif").finished_at is None  # it does not say


def test_events_one_a_line() -> None:
    lines = b"\n".join(orjson.dumps(each) for each in orjson.loads((RECORDED / "prowler.ocsf.json").read_bytes()))
    (report,) = get.reports(lines)
    assert told(report) == FOUND["prowler.ocsf.json"]


def test_other_encodings() -> None:
    (marked,) = get.reports(b"\xef\xbb\xbf" + (RECORDED / "bandit.sarif").read_bytes())
    assert told(marked) == FOUND["bandit.sarif"]
    (wide,) = get.reports((RECORDED / "openscap-xccdf.xml").read_text().replace("UTF-8", "UTF-16").encode("utf-16"))
    assert told(wide) == FOUND["openscap-xccdf.xml"]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<Benchmark><TestResult><target>&lol2;</target></TestResult></Benchmark>"""
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><TestResult><target>&x;</target></TestResult>'
SCAP, PROWLER = ((RECORDED / name).read_bytes() for name in ("openscap-xccdf.xml", "prowler.ocsf.json"))
SARIF = orjson.loads((RECORDED / "bandit.sarif").read_bytes())


def sarif(**result: object) -> bytes:
    changed = orjson.loads(orjson.dumps(SARIF))
    changed["runs"][0]["results"][0] |= {"properties": {}} | result
    return orjson.dumps(changed)


HOSTILE = {
    "empty": (b"", "it is empty"),
    "cut off": ((RECORDED / "trivy.json").read_bytes()[:900], "no complete JSON document"),
    "cut off XML": ((RECORDED / "openscap-xccdf.xml").read_bytes()[:3000], "no complete XML document"),
    "entities": (BOMB, "declares entities"),
    "a file from outside": (OUTSIDE, "declares entities"),
    "deep XML": (b"<a>" * 500 + b"</a>" * 500, "nested more than"),
    "deep JSON": (b"[" * 5_000 + b"]" * 5_000, "no complete JSON document"),
    "no result": (b"<Benchmark/>", "no TestResult"),
    "not Unicode": (b"report_version_major=1\nlynis_version=3\nhostname=\xff\xfe\n", "not UTF-8"),
    "text": (b"hello", "of no format that is read"),
    "some JSON": (b'{"hello": 1}', "JSON of no format"),
    "an unknown level": (sarif(level="catastrophic"), "'catastrophic', which SARIF does not have"),
    "an unknown severity": ((RECORDED / "grype.json").read_bytes().replace(b"Negligible", b"Dire"), "'Dire', which is no severity"),
    "an unknown result": (
        (RECORDED / "openscap-xccdf.xml").read_bytes().replace(b">fail<", b">maybe<"),
        "'maybe', which XCCDF does not have",
    ),
    "an unknown outcome": (
        (RECORDED / "prowler.ocsf.json").read_bytes().replace(b'"FAIL"', b'"PERHAPS"'),
        "'PERHAPS', which is no outcome",
    ),
    "another kind of value": (sarif(message="text"), "results[0].message is not an object"),
    "an impossible time": ((RECORDED / "grype.json").read_bytes().replace(b"2026-05-03T10", b"2026-99-03T10"), "which is no instant"),
    "an old SARIF": (orjson.dumps(SARIF | {"version": "1.0.0"}), "SARIF 2.1.0 is read"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_refused_with_the_reason(name: str) -> None:
    raw, why = HOSTILE[name]
    with pytest.raises(NotReadable) as said:
        get.reports(raw)
    assert why in str(said.value)


def test_a_hundred_megabytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    large = tmp_path / "large.sarif"
    with large.open("wb") as file:
        file.truncate(100_000_000)
    began = time.process_time()
    with pytest.raises(SourceError, match=r"large\.sarif: it has more than 64 MB"):
        get.read(large)
    assert time.process_time() - began < 0.2


def test_a_pipe_is_no_report(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="it is a pipe"):
        get.read(tmp_path / "pipe")
