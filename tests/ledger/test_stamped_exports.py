"""Time stamps in an export: held against the tree, against one another, and against the time that each entry says.

Case numbers are those of the list of attacks in test_attacks_on_anchors.py.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
from tests.labs import start
from tests.ledger.given import ORIGIN, Ledger

from upheld import clock, outgoing
from upheld.lab.time_stamps import TimeStamps
from upheld.ledger import anchors, sequencer, stamping
from upheld.ledger.append import append
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.policy import Policy
from upheld.ledger.rotation import KeyRange
from upheld.ledger.verify import __main__ as verifier

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def authority() -> Iterator[TimeStamps]:
    with start(TimeStamps) as running:
        yield running


@pytest.fixture
def stamped(authority: TimeStamps, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Policy:
    """A ledger with one authority, and the policy of somebody who trusts it."""
    monkeypatch.setenv(outgoing.ALLOWED, "127.0.0.0/8")
    stamping.add("lab", authority.url, authority.roots)
    sequencer.sequence()
    return Policy((KeyRange(ledger.key),), authorities=(authority.roots,), max_age=timedelta(days=1))


def say(at: datetime | None = None) -> None:
    with clock.at(at or datetime.now(UTC)), transaction.atomic():
        append("thing.happened", body={})


def test_stamps_in_an_export_hold_and_make_it_fresh(stamped: Policy, ledger: Ledger, tmp_path: Path):
    stamping.stamp(ledger.log)
    report = verifier.verify(ledger.export(tmp_path / "log.zip"), ORIGIN, stamped)
    assert report.failed == []
    assert "time stamps that hold: 1" in " ".join(report.checked)
    unknowing = verifier.verify(tmp_path / "log.zip", ORIGIN, [ledger.key])
    assert (unknowing.holds, "no authority" in " ".join(unknowing.skipped)) == (True, True)


def test_case_17_a_smaller_tree_stamped_after_a_larger_one_is_refused(
    stamped: Policy, ledger: Ledger, authority: TimeStamps, tmp_path: Path
):
    small = ledger.grow(1).size
    stamping.stamp(ledger.log)
    time.sleep(1.1)  # tokens tell whole seconds
    body = Checkpoint(ORIGIN, small - 1, ledger.log.root(small - 1)).text().encode()
    asked = (
        TimestampRequestBuilder().data(body).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).cert_request(cert_request=True).build()
    )
    answer = outgoing.post(authority.url, asked.as_bytes(), "application/timestamp-query").body
    anchors.keep_stamp(ledger.log, small - 1, "lab", datetime.now(UTC), asked.as_bytes(), answer)
    report = verifier.verify(ledger.export(tmp_path / "log.zip"), ORIGIN, stamped)
    assert "is earlier than that of" in report.failed[0]


def test_case_27_an_entry_that_says_a_time_outside_its_window_is_refused(stamped: Policy, ledger: Ledger, tmp_path: Path):
    say(datetime.now(UTC) + timedelta(hours=2))
    sequencer.sequence()
    stamping.stamp(ledger.log)
    late = verifier.verify(ledger.export(tmp_path / "late.zip"), ORIGIN, stamped)
    assert "a time stamp shows that it was there at" in late.failed[0]


def test_case_27_an_entry_dated_back_behind_a_stamp_is_refused(stamped: Policy, ledger: Ledger, tmp_path: Path):
    stamping.stamp(ledger.log)
    say(datetime.now(UTC) - timedelta(hours=23))
    sequencer.sequence()
    assert verifier.verify(ledger.export(tmp_path / "patient.zip"), ORIGIN, stamped).failed == []
    say(datetime.now(UTC) - timedelta(hours=25))
    sequencer.sequence()
    assert "comes after a time stamp of" in verifier.verify(ledger.export(tmp_path / "back.zip"), ORIGIN, stamped).failed[0]


def test_a_stamp_of_another_tree_in_an_export_is_refused(stamped: Policy, ledger: Ledger, tmp_path: Path):
    stamping.stamp(ledger.log)
    path = ledger.export(tmp_path / "log")
    for file in sorted((path / "anchors").iterdir()):
        file.rename(file.with_name(file.name.replace(file.name.split(".")[0], "1", 1)))
    assert "message imprint mismatch" in verifier.verify(path, ORIGIN, stamped).failed[0]
    for file in (path / "anchors").glob("*.tsq"):
        file.unlink()
    assert not verifier.verify(path, ORIGIN, stamped).holds
