"""Entries are found by their ids where no index of them is kept: also out of order, also where a body looks like an id."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.ledger.given import Ledger

from upheld import clock
from upheld.ledger import identifier, lookup, outbox, sequencer, spans
from upheld.ledger.append import Draft, append, append_all
from upheld.ledger.models import Span
from upheld.ledger.placing import NotLoggable
from upheld.ledger.store import NoEntry


def many(count: int) -> list[str]:
    with transaction.atomic():
        return append_all(Draft("thing.happened", {"n": number}) for number in range(count))


def test_every_entry_is_found_by_its_id_and_no_other(ledger: Ledger) -> None:
    ids = many(300)
    with clock.at(clock.now() - timedelta(days=1)):
        ids += many(5) + ledger.append()  # the clock went back: these lie before all others
        sequencer.sequence()
    ids += many(700)
    first = ledger.log.size() - len(ids)
    assert lookup.numbers(ids) == {name: first + at for at, name in enumerate(ids)}
    assert [lookup.numbers([name])[name] for name in ids[::50]] == list(range(first, first + len(ids), 50))
    assert (Span.objects.count(), lookup.numbers(["0" * 36, identifier.new(clock.now()), "x"])) == (3, {})
    assert ledger.log.index_of(ids[301]) == first + 301
    with pytest.raises(NoEntry, match="may still be waiting"):
        ledger.log.index_of(identifier.new(clock.now()))


def test_an_id_that_only_stands_in_an_entry_does_not_find_it(ledger: Ledger) -> None:
    other = identifier.new(clock.now())
    with transaction.atomic():
        name = append("thing.happened", body={"a": 1, "id": other, "kind": "thing.happened"}, personal={"a": "x", "id": "y", "kind": "z"})
    sequencer.sequence()
    assert lookup.entries([other, name]).keys() == {name}
    assert spans.id_of(ledger.log.entry(1)) == name
    assert spans.id_of(b"no entry") == "00000000-0000-0000-0000-000000000000"


def test_an_id_is_refused_that_was_taken_long_ago(ledger: Ledger) -> None:
    ids = many(600)
    data = ledger.log.entry(ledger.log.index_of(ids[7]))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_outbox (log, data) VALUES (0, %s)", [data])
    with pytest.raises(NotLoggable, match=f"the id {ids[7]} is already in"):
        sequencer.sequence()


def test_rows_leave_the_outbox_in_runs_without_a_gap() -> None:
    assert list(outbox._runs([3, 4, 5, 9, 11, 12], 100)) == [(3, 5, 97), (9, 9, 94), (11, 12, 93)]


def test_a_gap_in_the_outbox_keeps_nothing_from_being_placed(ledger: Ledger) -> None:
    ledger.append()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_outbox (n, log, data) VALUES (50, 9, x'00')")  # a row of another log
    ledger.append()
    assert (sequencer.sequence().placed, ledger.log.waiting()) == (2, 0)
