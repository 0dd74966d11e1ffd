"""The product looks at itself as at any other system."""

from datetime import UTC, datetime, timedelta

import pytest

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.ledger import sequencer
from upheld.ledger.checkpoint import parse_key
from upheld.sources.product import PRODUCT
from upheld.sources.product.get import Installed, installed
from upheld.sources.product.shape import clock_rows, deviation_rows, package_rows
from upheld.sources.sntp.get import Clock, Measured
from upheld.sources.sntp.packet import Sample
from upheld.sources.source import complete

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
ALTERED = Installed("django", "5.2", verified=True, deviations=(("django/core/signing.py", "changed"),))


@pytest.fixture
def seen(workspace) -> Collecting:
    sequencer.init("test.example/ledger/main/1")
    into = Collecting("upheld", PRODUCT.tables, clock.now())
    PRODUCT.connect(complete(PRODUCT, {})).collect(into)
    return into


def test_its_signing_key_is_the_one_that_checkpoints_are_signed_with(seen):
    public = parse_key(sequencer.status().key).public
    (row,) = seen.seen["keys"].rows.values()
    assert (row["purpose"], row["algorithm"], row["state"]) == ("ledger-signing", "Ed25519", "active")
    assert row["created_at"] is not None
    assert len(str(row["fingerprint"])) == 64 and public


def test_its_packages_are_compared_with_what_was_published(seen):
    rows = {row["name"]: row for row in seen.seen["packages"].rows.values()}
    assert rows["duckdb"]["verified"] is True
    assert [row for row in seen.seen["package_deviations"].rows.values() if "duckdb" in str(row["package_id"])] == []


def test_a_changed_file_of_an_installed_package_is_found(tmp_path, monkeypatch):
    info = tmp_path / "spoilt-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: spoilt\nVersion: 1.0\n", encoding="utf-8")
    (info / "RECORD").write_text("spoilt.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\ngone.py,sha256=abc,1\n", encoding="utf-8")
    (tmp_path / "spoilt.py").write_text("not empty", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    (found,) = [package for package in installed(verify=True) if package.name == "spoilt"]
    assert found.deviations == (("spoilt.py", "changed"), ("gone.py", "missing"))
    (tmp_path / "spoilt.py").write_text("", encoding="utf-8")
    (found,) = [package for package in installed(verify=True) if package.name == "spoilt"]
    assert found.deviations == (("gone.py", "missing"),)


def test_rows_name_the_package_and_the_file():
    assert [row["verified"] for row in package_rows("upheld", [ALTERED])] == [True]
    assert [(row["package_id"], row["path"], row["what"]) for row in deviation_rows("upheld", [ALTERED])] == [
        ("upheld:pip:django", "django/core/signing.py", "changed")
    ]


def test_without_a_time_server_its_clock_is_not_known_rather_than_right(seen):
    assert seen.seen["clock_readings"].rows == {}
    assert [gap.column for gap in seen.gaps if gap.table == "clock_readings"] == ["clock_offset"]


def test_its_clock_is_off_by_what_the_server_is_ahead_with_the_other_sign():
    sample = Sample(offset=0.25, delay=0.002, stratum=2, reference="GPS", leap=0, dispersion=0.001)
    (row,) = clock_rows("upheld", Measured(Clock("time.example.org", 123, "t"), sample), AT)
    assert (row["clock_offset"], row["reference"]) == (timedelta(seconds=-0.25), "time.example.org")


def test_a_server_that_does_not_answer_gives_no_reading():
    assert list(clock_rows("upheld", Measured(Clock("time.example.org", 123, "t"), None, "it did not answer"), AT)) == []
