"""A bundle over more than one log: each shows that it goes on from the one before, and from which checkpoint of it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction
from tests.exports.given import DAY, FIRST, WHOLE, Company, InMemory, copied, judged, point_at

from upheld.exports.bundle.proofs import Signed
from upheld.ledger import keys, proving, sequencer, signers, store
from upheld.ledger.append import append
from upheld.ledger.verify.bundle import bundle
from upheld.ledger.verify.bundle.logs import Brought
from upheld.registers.backup.rows import record_checks
from upheld.workspace import Workspace

OLD, NEW = "example.com/ledger/main/1", "example.com/ledger/main/2"
PERIOD = {"from_at": FIRST - DAY, "as_of": FIRST + 3 * DAY}


def happened(what: str) -> None:
    """Enter something in the log, and let it be signed."""
    with transaction.atomic():
        append(what, body={})
    sequencer.sequence()


def test_each_log_names_the_last_checkpoint_of_the_one_before(company: Company) -> None:
    sequencer.new_shard("the disk failed")
    company.day(FIRST + 3 * DAY, WHOLE)
    found = judged(company, company.make(**PERIOD).members)
    assert found.report.failed == []
    size = store.all_logs()[0].size()
    assert f"{NEW} goes on from the last checkpoint of {OLD}, at {size:,} entries" in found.report.checked


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
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(company.workspace.database, tmp_path / "yesterday")
    happened("something.lost")
    connection.close()
    for left in company.workspace.database.parent.glob(f"{company.workspace.database.name}-*"):
        left.unlink()
    shutil.copyfile(tmp_path / "yesterday", company.workspace.database)
    sequencer.new_shard("the disk failed")
    found = judged(company, company.make().members)
    assert found.report.failed == []
    size = store.all_logs()[0].size()
    assert f"the last 1 of the {size + 1:,} entries of {OLD} that were signed: they are lost" in found.report.skipped


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
