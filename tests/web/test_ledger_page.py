"""The ledger's page says who vouches for the log up to where, and what is wrong; its checkpoint is there for everybody."""

import pytest
from django.test import Client

from upheld import clock
from upheld.ledger import anchors, models, sequencer
from upheld.ledger.checkpoint import COSIGNATURE
from upheld.ledger.keys import FileSigner
from upheld.ledger.witness import asking, cosigner, watching
from upheld.ledger.witness.request import Request
from upheld.workspace import Workspace

WITNESS = FileSigner("w.example/witness", bytes(32), COSIGNATURE)


@pytest.fixture
def client() -> Client:
    return Client()


def text(client: Client, path: str = "/ledger/") -> str:
    return client.get(path).content.decode()


def test_without_a_witness_it_says_what_that_means(ledger: Workspace, client: Client):
    assert "could still sign another history" in text(client)


def test_a_witness_is_shown_with_size_time_and_trouble(ledger: Workspace, client: Client):
    asking.add("Auditor <b>", "https://witness.example/", WITNESS.key)
    size = sequencer.sequence().size
    log = sequencer.current()
    at = (1_777_000_000).to_bytes(8, "big")
    anchors.keep_cosignature(log, size, anchors.Signature(WITNESS.key.name, WITNESS.key.id, at + bytes(64)))
    models.Witness.objects.update(trouble=f"{asking.ALARM}it has seen another tree")
    shown = text(client)
    assert "Auditor &lt;b&gt;" in shown
    assert f"{size} entries" in shown
    assert "Auditor &lt;b&gt;: it has seen another tree" in shown
    assert "w.example/witness" in text(client, "/ledger/checkpoint")


def test_logs_that_we_watch_are_shown_and_a_fork_is_named(ledger: Workspace, client: Client):
    watching.watch(sequencer.verification_key(sequencer.current()))
    signed = sequencer.sequence()
    cosigner.add_checkpoint(Request(0, (), signed.note.encode()).text())
    assert f"{signed.size} entries" in text(client)
    models.ForkFound.objects.create(origin=signed.origin, found_at=clock.now(), digest="00", proof=b"")
    assert "signed two histories" in text(client)


def test_the_witness_answers_programs_and_nobody_else(ledger: Workspace):
    strict = Client(enforce_csrf_checks=True)
    assert strict.get("/witness/add-checkpoint").status_code == 405
    assert strict.post("/witness/add-checkpoint", b"nonsense", content_type="text/plain").status_code == 400
    signed = sequencer.sequence()
    body = Request(0, (), signed.note.encode()).text()
    assert strict.post("/witness/add-checkpoint", body, content_type="text/plain").status_code == 404
    mine = watching.watch(sequencer.verification_key(sequencer.current()))
    answer = strict.post("/witness/add-checkpoint", body, content_type="text/plain")
    assert (answer.status_code, mine.name in answer.content.decode()) == (200, True)
    again = strict.post("/witness/add-checkpoint", body, content_type="text/plain")
    assert (again.status_code, again.content, again.headers["Content-Type"]) == (409, f"{signed.size}\n".encode(), "text/x.tlog.size")
