"""The history of a record: in order, as known then, as it held then, over shards; and entries left out, seen in the counts."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from tests.ledger.given import ORIGIN, Ledger

from upheld.ledger import counting, mentions, sequencer, store
from upheld.ledger.append import append
from upheld.ledger.history import history
from upheld.ledger.models import Mention
from upheld.ledger.store import NoEntry

MAY, JUNE, JULY = (datetime(2026, month, 1, tzinfo=UTC) for month in (5, 6, 7))


def say(kind: str, **more) -> str:
    with transaction.atomic():
        return append(kind, body=more.pop("body", {}), **more)


def kinds(*who, **how) -> list[str]:
    return [each.kind for each in history(*who, **how)]


def test_a_records_entries_come_in_order_and_others_do_not(ledger: Ledger):
    for kind, id in (("source.added", "hr"), ("source.added", "hr2"), ("collection.finished", "hr"), ("source.removed", "hr")):
        say(kind, subject=("source", id))
    assert kinds("source", "hr") == []  # what waits is not in a history yet
    sequencer.sequence()
    assert kinds("source", "hr") == ["source.added", "collection.finished", "source.removed"]
    assert kinds("source", "hr", scan=True) == kinds("source", "hr")
    assert kinds("source", "nobody") == kinds("measure", "hr") == []


def test_as_known_at_a_checkpoint_and_as_it_held_then(ledger: Ledger):
    first = say("exception.approved", subject=("exception", "e1"), effective_at=JULY, body={"until": "2026-08-01"})
    early = sequencer.sequence().size
    say("exception.approved", subject=("exception", "e1"), effective_at=MAY, corrects=first, body={"until": "2026-06-01"})
    sequencer.sequence()
    assert [each.effective_at for each in history("exception", "e1")] == [JULY, MAY]
    assert [each.corrected_by for each in history("exception", "e1")] == [early, None]
    assert [each.corrected_by for each in history("exception", "e1", known=(ORIGIN, early))] == [None]
    assert [each.effective_at for each in history("exception", "e1", effective_at=JUNE)] == [MAY]
    assert history("exception", "e1", known=(ORIGIN, early), effective_at=JUNE) == []
    for known in ((ORIGIN, 99), ("nobody.example/ledger/main/1", 1)):
        with pytest.raises(NoEntry):
            history("exception", "e1", known=known)


def test_a_person_is_found_by_the_keyed_link_and_opened_only_when_asked(ledger: Ledger):
    say("access.granted", subject=("person", "p42"), personal={"name": "Ada"})
    say("access.granted", subject=("person", "p43"))
    sequencer.sequence()
    [told] = history("person", "p42")
    assert (told.opened, told.actor) == ({}, "system upheld")
    [told] = history("person", "p42", reveal=True)
    assert told.opened == {"subject": "p42", "name": "Ada"}
    assert not Mention.objects.exclude(link=0).filter(position=told.index).exists()


def test_a_history_goes_over_shards(ledger: Ledger):
    say("source.added", subject=("source", "hr"))
    size = sequencer.sequence().size
    sequencer.new_shard("to see it")
    say("source.removed", subject=("source", "hr"))
    sequencer.sequence()
    assert [(each.origin[-1], each.kind) for each in history("source", "hr")] == [("1", "source.added"), ("2", "source.removed")]
    assert kinds("source", "hr", known=(ORIGIN, size)) == ["source.added"]


def test_a_row_taken_out_of_the_index_hides_nothing_from_a_scan(ledger: Ledger):
    say("source.added", subject=("source", "hr"))
    sequencer.sequence()
    assert kinds("source", "hr") == ["source.added"]
    Mention.objects.exclude(link=0).delete()
    assert kinds("source", "hr") == []
    assert kinds("source", "hr", scan=True) == ["source.added"]
    Mention.objects.all().delete()
    assert kinds("source", "hr") == ["source.added"]


def test_the_index_reads_each_entry_once(ledger: Ledger):
    ledger.grow(30)
    for _ in range(3):
        assert len(mentions.positions("measure", "access/mfa_required")) == 30
    assert Mention.objects.filter(link=0).count() == 1


def test_an_entry_taken_out_of_the_outbox_leaves_a_gap_that_shows(ledger: Ledger):
    ledger.grow(3)
    ledger.append(4)
    log = store.current()
    assert counting.gaps(log) == []
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_outbox_delete")
        cursor.execute("DELETE FROM ledger_outbox WHERE n = (SELECT min(n) + 1 FROM ledger_outbox)")
    assert counting.gaps(log) == ["app handed over 8 entries, and number 6 is neither in the log nor waiting: it was taken out"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_outbox")
    assert "number 5 is neither" in counting.gaps(log)[0]
