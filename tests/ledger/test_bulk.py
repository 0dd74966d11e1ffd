"""Many entries at once: in the transaction or not at all, in order, and in the log without waiting."""

import os
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.ledger.given import Ledger, mark_path, restore, snapshot

from upheld.ledger import canonical, entry, openings, placing, reading, sequencer
from upheld.ledger.append import Draft, NotInTransaction, append, append_all
from upheld.ledger.entry import Actor, MalformedEntry
from upheld.ledger.placing import Miscomputed
from upheld.ledger.profile import NotCanonical


def drafts(count: int) -> list[Draft]:
    """Return `count` things that happened."""
    return [Draft("thing.happened", {"n": number}, ("measure", "access/mfa_required")) for number in range(count)]


def numbers(ledger: Ledger) -> list[int]:
    """Return what each entry but the first counts, in the log's order."""
    return [entry.read(canonical.read(data)).number for data in ledger.log.entries(1, ledger.log.size())]


@pytest.mark.parametrize("count", [1, 255, 256, 5000])
def test_they_are_in_the_log_when_the_transaction_ends_and_then_signed(ledger: Ledger, count: int) -> None:
    with transaction.atomic():
        ids = append_all(drafts(count))
    assert (ledger.log.size(), ledger.log.waiting(), len(set(ids))) == (count + 1, 0, count)
    assert sequencer.is_due()
    done = sequencer.sequence()
    assert (done.placed, done.size) == (0, count + 1)
    assert not sequencer.is_due()
    assert reading.verify(ledger.log, ledger.key).failed == []
    assert [ledger.log.index_of(ids[at]) for at in (0, count - 1)] == [1, count]
    assert numbers(ledger) == list(range(2, count + 2))


def test_what_waits_goes_before_them_and_what_comes_after_them_follows(ledger: Ledger) -> None:
    with transaction.atomic():
        first = append("thing.happened", body={})
        middle = append_all(drafts(300))
        last = append("thing.happened", body={})
    sequencer.sequence()
    assert [ledger.log.index_of(found) for found in (first, middle[0], middle[-1], last)] == [1, 2, 301, 302]
    assert numbers(ledger) == list(range(2, 304))
    assert reading.verify(ledger.log, ledger.key).failed == []


def test_what_is_rolled_back_leaves_nothing_and_no_gap(ledger: Ledger) -> None:
    ledger.append(3)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append_all(drafts(600))
        raise ZeroDivisionError
    assert (ledger.log.size(), ledger.log.waiting()) == (1, 3)
    with transaction.atomic():
        append_all(drafts(300))
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            append_all(drafts(300))
            raise ZeroDivisionError
        append_all(drafts(1))
    sequencer.sequence()
    assert numbers(ledger) == list(range(2, 306))
    assert reading.verify(ledger.log, ledger.key).failed == []


def test_each_may_say_all_that_append_takes(ledger: Ledger) -> None:
    with transaction.atomic():
        told = append_all([Draft("request.received", {"n": 1}, ("person", "psn_1"), personal={"email": "alice@example.com"})])
    assert openings.opened(told[0])["email"].value == "alice@example.com"
    assert openings.entries_naming("person", "psn_1") == told
    with transaction.atomic():
        (second,) = append_all([Draft("request.closed", {}, corrects=told[0])])
    assert entry.read(canonical.read(ledger.log.entry(ledger.log.index_of(second)))).corrects == told[0]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (Draft("happened", {}), MalformedEntry),
        (Draft("thing.happened", {}, corrects=""), MalformedEntry),
        (Draft("thing.happened", {}, actor=Actor("system", "upheld", via="")), MalformedEntry),
        (Draft("thing.happened", []), MalformedEntry),  # type: ignore[arg-type]
        (Draft("thing.happened", {"ratio": 0.5}), NotCanonical),
        (Draft("thing.happened", {"n": 2**53}), NotCanonical),
        (Draft("thing.happened", {"n": -(2**53)}), NotCanonical),
        (Draft("thing.happened", {"text": "\ud800"}), NotCanonical),
        (Draft("thing.happened", {"text": "x" * 65_400}, ("system", "y" * 1000)), NotCanonical),
    ],
)
def test_one_that_cannot_be_logged_takes_all_others_back(ledger: Ledger, wrong: Draft, error: type[Exception]) -> None:
    with pytest.raises(error), transaction.atomic():
        append_all([*drafts(5), wrong])
    assert (ledger.log.size(), ledger.log.waiting()) == (1, 0)


def test_outside_a_transaction_they_are_refused(ledger: Ledger) -> None:
    with pytest.raises(NotInTransaction):
        append_all(drafts(1))


def test_on_a_database_from_yesterday_they_wait_and_a_new_shard_takes_them(ledger: Ledger, tmp_path: Path) -> None:
    ledger.grow(5)
    snapshot(ledger, tmp_path / "yesterday")
    ledger.grow(5)
    restore(ledger, tmp_path / "yesterday")
    with transaction.atomic():
        ids = append_all(drafts(3))
    assert (ledger.log.size(), ledger.log.waiting()) == (6, 3)
    assert sequencer.new_shard("the disk failed").placed == 5
    assert [ledger.log.index_of(found) for found in ids] == [2, 3, 4]


def test_beside_a_row_that_is_no_entry_they_wait(ledger: Ledger) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_outbox (log, data) VALUES (0, x'7b7d')")
    with transaction.atomic():
        append_all(drafts(3))
    assert (ledger.log.size(), ledger.log.waiting()) == (1, 4)


def test_beside_a_mark_that_is_none_they_wait(ledger: Ledger) -> None:
    mark_path(ledger).write_text("garbled")
    with transaction.atomic():
        append_all(drafts(3))
    assert (ledger.log.size(), ledger.log.waiting()) == (1, 3)


def test_a_computation_that_differs_takes_the_transaction_back(ledger: Ledger) -> None:
    with pytest.MonkeyPatch.context() as fault, pytest.raises(Miscomputed), transaction.atomic():
        fault.setattr(placing, "tile_root", lambda tile: os.urandom(32))  # as a flipped bit in memory would
        append_all(drafts(600))
    assert (ledger.log.size(), ledger.log.waiting()) == (1, 0)
