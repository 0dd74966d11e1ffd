"""A bundle over more than one log: each shows that it goes on from the one before, and from which checkpoint of it."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from tests.exports.given import DAY, FIRST, WHOLE, Company, InMemory, copied, judged, point_at

from upheld import clock
from upheld.exports.bundle import making
from upheld.exports.bundle.proofs import Signed
from upheld.ledger import anchors, cosignature, keys, proving, sequencer, signers, store
from upheld.ledger.append import append
from upheld.ledger.checkpoint import COSIGNATURE, VerificationKey, parse
from upheld.ledger.keys import FileSigner
from upheld.ledger.policy import Quorum
from upheld.ledger.verify import __main__ as verifier
from upheld.ledger.verify.bundle import bundle, logs
from upheld.ledger.verify.bundle.logs import Brought
from upheld.registers.backup.rows import record_checks
from upheld.workspace import Workspace

OLD, NEW = "example.com/ledger/main/1", "example.com/ledger/main/2"
PERIOD = {"from_at": FIRST - DAY, "as_of": FIRST + 3 * DAY}

HELD = "the checkpoint of {0:,} entries of " + OLD + " that you held"
BEYOND = [
    (0, {}, HELD),
    (0, {"root": bytes(32)}, "another tree than " + HELD + ": the log was forked"),
    (0, {"more": 1}, "{1:,} entries, and not from " + HELD + ": some were dropped"),
    (1, {}, "begin with " + HELD + ": what lay between is lost"),
]


def happened(what: str) -> None:
    """Enter something in the log, and let it be signed."""
    with transaction.atomic():
        append(what, body={})
    sequencer.sequence()


def put_aside(company: Company, tmp_path: Path) -> None:
    """Take a copy of the database."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(company.workspace.database, tmp_path / "yesterday")


def put_back(company: Company, tmp_path: Path) -> None:
    """Bring the copy back."""
    connection.close()
    for left in company.workspace.database.parent.glob(f"{company.workspace.database.name}-*"):
        left.unlink()
    shutil.copyfile(tmp_path / "yesterday", company.workspace.database)


def kept() -> tuple[bytes, int]:
    """Return the last checkpoint of the log written to, as an auditor keeps it, and its size."""
    size, note = store.all_logs()[-1].checkpoint() or (0, "")
    return note.encode(), size


def forged(note: bytes, *, more: int = 0, **other: bytes) -> bytes:
    """Return a checkpoint like `note`, signed by the same log, of `more` entries or another root."""
    claimed = parse(note)[0]
    return keys.sign(replace(claimed, size=claimed.size + more, **other), signers.signer(store.all_logs()[-1])).encode()


def test_each_log_names_the_last_checkpoint_of_the_one_before(company: Company) -> None:
    sequencer.new_shard("the disk failed")
    company.day(FIRST + 3 * DAY, WHOLE)
    found = judged(company, company.make(**PERIOD).members)
    assert found.report.failed == []
    size = store.all_logs()[0].size()
    assert f"{NEW} goes on from the last checkpoint of {OLD}, at {size:,} entries" in found.report.checked


def test_a_period_that_begins_in_an_earlier_log_cannot_do_without_it(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.at(FIRST + 3 * DAY):
        sequencer.new_shard("the disk failed")
    company.day(FIRST + 4 * DAY, WHOLE)
    days = {"from_at": FIRST + 3 * DAY - timedelta(hours=1), "as_of": FIRST + 4 * DAY + timedelta(minutes=30)}
    whole = company.make(**days).members
    assert json.loads(whole["manifest.json"])["logs"] == [OLD, NEW]
    assert judged(company, whole).report.failed == []
    monkeypatch.setattr(making, "_logs", lambda *_: store.all_logs()[1:])
    without = judged(company, company.make(**days).members)
    assert without.report.failed == [f"the period begins before {NEW} does, and the log that it goes on from is left out"]


def test_logs_in_between_go_along_even_if_nothing_of_them_is_needed(company: Company) -> None:
    sequencer.new_shard("the disk failed")
    sequencer.new_shard("and failed again")
    members = company.make().members
    found = judged(company, members)
    assert found.report.failed == []
    assert len([each for each in found.report.checked if "goes on from the last checkpoint" in each]) == 2


def test_a_first_entry_that_is_not_shown_is_missed(company: Company) -> None:
    sequencer.new_shard("the disk failed")
    members = company.make().members
    assert members.pop("log-2/entries/0.tlog-proof")
    found = judged(company, members)
    assert found.report.failed == [f"{NEW} does not show, by its first entry, the checkpoint of {OLD} that it goes on from"]


def test_a_log_that_goes_on_from_less_than_was_signed_is_refused(company: Company, tmp_path: Path) -> None:
    more = elsewhere(company, tmp_path, lambda: happened("something.more"))
    size = store.all_logs()[0].size()
    sequencer.new_shard("to leave out what came last")
    found = judged(company, {**company.make().members, **more})
    assert found.report.failed == [f"{NEW} goes on from {size:,} entries of {OLD}, and {size + 1:,} were signed: some were dropped"]


def test_a_log_that_goes_on_from_another_tree_is_refused(company: Company, tmp_path: Path) -> None:
    other = elsewhere(company, tmp_path, lambda: happened("something.else"))
    happened("something.told")
    sequencer.new_shard("the disk failed")
    found = judged(company, {**company.make().members, **other})
    size = store.all_logs()[0].size()
    assert found.report.failed == [f"{NEW} goes on from another tree of {size:,} entries of {OLD} than the bundle's: the log was forked"]


def test_what_was_lost_with_a_database_is_told(company: Company, tmp_path: Path) -> None:
    put_aside(company, tmp_path)
    happened("something.lost")
    put_back(company, tmp_path)
    sequencer.new_shard("the disk failed")
    found = judged(company, company.make().members)
    assert found.report.failed == []
    size = store.all_logs()[0].size()
    assert f"the last 1 of the {size + 1:,} entries of {OLD} that were signed: they are lost" in found.report.skipped


def test_a_checkpoint_held_of_an_earlier_log_brings_that_log_along(company: Company) -> None:
    note, size = kept()
    happened("something.more")
    sequencer.new_shard("the disk failed")
    company.day(FIRST + 3 * DAY, WHOLE)
    later = {"as_of": FIRST + 3 * DAY + timedelta(hours=1)}
    made = company.make(held=[note], **later)
    assert f"log-1/held/{size}" in made.members
    found = judged(company, made.members, note)
    assert found.report.failed == []
    assert f"it goes on from the checkpoint of {size:,} entries that you held" in found.report.checked


def test_a_checkpoint_of_a_log_that_is_not_in_the_bundle_is_not_passed_over(company: Company) -> None:
    members, note = company.make().members, kept()[0].replace(b"/main/", b"/other/")
    found = judged(company, members, note)
    assert found.report.failed == [
        "you hold a checkpoint of 'example.com/ledger/other/1', and no log of this bundle is that: ask for one made with --held"
    ]


@pytest.mark.parametrize(("after", "forging", "said"), BEYOND)
def test_a_checkpoint_held_of_what_was_lost_is_held_against_the_log_after_it(
    company: Company, tmp_path: Path, after: int, forging: dict[str, Any], said: str
) -> None:
    put_aside(company, tmp_path)
    happened("something.lost")
    note, size = kept()
    note = forged(note, **forging)
    for _ in range(after):
        happened("something.lost")
    put_back(company, tmp_path)
    sequencer.new_shard("the disk failed")
    report = judged(company, company.make(held=[note]).members, note).report
    begins = f"whether the {size + after:,} entries that {NEW} goes on from " if after else f"{NEW} goes on from "
    assert begins + said.format(size + forging.get("more", 0), size) in [*report.failed, *report.skipped, *report.checked]
    assert report.holds is not bool(forging)


def test_only_the_last_log_must_be_fresh(company: Company) -> None:
    witness = FileSigner("witness.example", bytes(range(32)))
    key = VerificationKey("witness.example", witness.key.public, COSIGNATURE)

    def cosign(at: datetime) -> int:
        log = store.all_logs()[-1]
        size, note = log.checkpoint() or (0, "")
        signed = witness.sign(cosignature.message(parse(note.encode())[0], int(at.timestamp())))
        anchors.keep_cosignature(log, size, cosignature.signature(key, int(at.timestamp()), signed))
        return size

    cosign(FIRST + 2 * DAY)
    sequencer.new_shard("the disk failed")
    now = FIRST + 90 * DAY
    made = company.make()
    cosign(now)
    again = company.make(checkpoint=made.size)
    asks = replace(company.policy, witnesses=(key,), quorum=Quorum(1, (key,)), max_age=30 * DAY)
    fresh = bundle.verify(InMemory(again.members), Brought(asks, now=now, verify_signature=keys.verify_signature))[0]
    stale = bundle.verify(InMemory(again.members), Brought(asks, now=now + 31 * DAY, verify_signature=keys.verify_signature))[0]
    assert fresh.failed == []
    assert any("longer ago than the 30 days" in line for line in stale.failed)


def test_a_bundle_of_a_fork_yields_the_proof_of_it(company: Company, tmp_path: Path) -> None:
    note, size = kept()
    assert size & (size - 1), "of a power of two the path does not hold the root that it begins at"
    company.zip(path := tmp_path / "bundle.zip", held=[note])
    (tmp_path / "key").write_text(company.policy.keys[0].key.text())
    with bundle.opened(path) as layout:
        now = layout.read("log-1/checkpoint", 1 << 16)
    for held in (forged(note, root=bytes(32)), forged(now, root=bytes(32))):
        (tmp_path / "held").write_bytes(held)
        trusted = ["--key", str(tmp_path / "key")]
        proof = tmp_path / "found.fork.json"
        assert verifier.main([str(path), *trusted, "--held", str(tmp_path / "held"), "--fork-proof", str(proof)]) == 1
        assert verifier.main([str(proof), *trusted]) == 0
        proof.unlink()
    (tmp_path / "held").write_bytes(note)
    with bundle.opened(path) as layout:
        assert logs.fork(layout, [note]) is None
    assert verifier.main([str(tmp_path / "none.zip"), *trusted, "--held", str(tmp_path / "held"), "--fork-proof", str(proof)]) == 1
    assert not proof.exists()


def test_a_bundle_can_be_had_when_the_key_of_an_earlier_log_is_lost(company: Company) -> None:
    trusted, old = company.policy, store.all_logs()[0]
    sequencer.new_shard("the key is lost")
    signers.place(old).unlink()
    known = proving.policy(store.all_logs())
    assert known.keys[0] == trusted.keys[0]
    report, _ = bundle.verify(InMemory(company.make().members), Brought(known, verify_signature=keys.verify_signature))
    assert report.failed == []
    assert next(iter(record_checks()))["intact"]


def elsewhere(company: Company, tmp_path: Path, do: Callable[[], None]) -> dict[str, bytes]:
    """Return the first log's members of a bundle, as they are where something else happened to a copy of `company`."""
    here, space = os.environ["UPHELD_WORKSPACE"], Workspace(tmp_path / "elsewhere" / "workspace")
    space.create()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    indexes = [int(path.rpartition("/")[2].partition(".")[0]) for path in company.make().members if path.startswith("log-1/entries/")]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.environ["UPHELD_WORKSPACE"] = str(space.root)
    try:
        copied(company.workspace, space)
        do()
        signed = Signed.of(store.all_logs()[0])
        return dict(signed.members(1, indexes, [], None))
    finally:
        os.environ["UPHELD_WORKSPACE"] = here
        point_at(company.workspace.database)
