"""Orders in the journal: one transaction with their entry, one at a time at a source, tried again by the worker, told nowhere in clear."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.sources.ordering import order

from upheld import clock
from upheld.jobs import carrying_out
from upheld.jobs.chore import Unsuccessful
from upheld.ledger import sequencer
from upheld.sources import journal
from upheld.sources.handed_out import HandedOut
from upheld.sources.models import Enforcement


@pytest.fixture
def desk(company, tmp_path: Path):
    """A source that hands orders out into a folder."""
    folder = tmp_path / "orders"
    folder.mkdir()
    return company.add("desk", "handed_out", {"system": "desk", "folder": str(folder)}), folder


def test_an_intent_stands_or_falls_with_what_asked_for_it(desk):
    source, folder = desk
    with pytest.raises(RuntimeError), transaction.atomic():
        journal.intend(source, order("disable", "ada"), key="k")
        raise RuntimeError("the action was refused after all")
    assert (Enforcement.objects.count(), list(folder.iterdir())) == (0, [])


def test_the_worker_carries_out_what_was_left_to_it_and_tries_again_what_failed(desk):
    source, folder = desk
    now = clock.now()
    assert list(carrying_out.chores(now)) == []
    row = journal.intend(source, order("disable", "ada"), key="k")
    in_the_way = folder / f"order-{row.id}.json"
    in_the_way.mkdir()
    (chore,) = carrying_out.chores(now)
    with pytest.raises(Unsuccessful, match="1 unknown"):
        chore.work()
    assert list(carrying_out.chores(now + timedelta(minutes=1))) == []
    in_the_way.rmdir()
    (chore,) = carrying_out.chores(now + timedelta(minutes=11))
    with pytest.raises(Unsuccessful, match="1 unknown"):
        chore.work()
    assert in_the_way.is_file()
    assert list(carrying_out.chores(now + timedelta(days=9))) == []  # handed over: it waits for somebody's word


def test_two_who_carry_out_one_order_at_once_do_it_once(desk, monkeypatch):
    source, _ = desk
    row = journal.intend(source, order("disable", "ada"), key="k")
    done = []
    real = HandedOut.do

    def slow(self, asked, *, secret=""):
        done.append(asked.id)
        real(self, asked, secret=secret)

    monkeypatch.setattr(HandedOut, "do", slow)

    def work() -> None:
        try:
            journal.carry_out(Enforcement.objects.get(pk=row.pk))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert done == [row.id]


def test_whose_account_it_is_stands_in_no_entry(desk, workspace):
    source, _ = desk
    journal.enforce(source, order("revoke", "ada-lovelace-77", "server-room-88"), key="k", reason="leaver-case:7", person="1001")
    sequencer.sequence()
    kept = [path for path in (workspace.root / "ledger").rglob("*") if path.is_file()] if (workspace.root / "ledger").is_dir() else []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'ledger_%'")
        tables = [name for (name,) in cursor.fetchall()]
        told = b""
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            told += repr(cursor.fetchall()).encode()
    told += b"".join(path.read_bytes() for path in kept)
    assert b"leaver-case:7" in told  # a positive control: the entries are there
    assert b"ada-lovelace-77" not in told
    assert b"server-room-88" not in told
