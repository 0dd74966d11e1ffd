"""Witnesses and authorities are asked by the worker, when there is something new to show them, and rested when they are away."""

from datetime import timedelta

import pytest
from django.db import transaction

from upheld import clock, outgoing
from upheld.jobs import anchoring
from upheld.jobs.chore import Unsuccessful
from upheld.lab.service import free_port
from upheld.ledger import anchors, sequencer
from upheld.ledger.append import append
from upheld.ledger.checkpoint import COSIGNATURE
from upheld.ledger.keys import FileSigner
from upheld.ledger.witness import asking
from upheld.workspace import Workspace

WITNESS = FileSigner("w.example/witness", bytes(32), COSIGNATURE)


def due(after: timedelta = timedelta(0)) -> list[str]:
    now = clock.now() + after
    return [chore.name for chore in anchoring.chores(now) if chore.is_due(now)]


def test_nobody_to_ask_is_no_chore(workspace: Workspace):
    assert due() == []
    sequencer.init("test.example/ledger/main/1")
    assert list(anchoring.chores(clock.now())) == []


def test_a_witness_is_asked_for_each_checkpoint_and_rested_for_a_minute(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(outgoing.ALLOWED, "127.0.0.0/8")
    sequencer.init("test.example/ledger/main/1")
    asking.add("away", f"http://127.0.0.1:{free_port()}", WITNESS.key)
    sequencer.sequence()
    [chore] = anchoring.chores(clock.now())
    assert due() == ["witness"]
    with pytest.raises(Unsuccessful, match="could not be reached"):
        chore.work()
    assert (due(), due(timedelta(minutes=1))) == ([], ["witness"])
    log = sequencer.current()
    line = anchors.Signature(WITNESS.key.name, WITNESS.key.id, int(clock.now().timestamp()).to_bytes(8, "big") + bytes(64))
    anchors.keep_cosignature(log, log.size(), line)
    assert due(timedelta(minutes=1)) == []
    with transaction.atomic():
        append("thing.happened", body={})
    sequencer.sequence()
    assert due(timedelta(minutes=1)) == ["witness"]
