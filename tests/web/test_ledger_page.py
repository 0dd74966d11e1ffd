"""The ledger's page says who vouches for the log up to where, and what is wrong; its checkpoint is there for everybody."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test import Client

from upheld import clock
from upheld.ledger import anchors, keys, models, sequencer
from upheld.ledger.append import append
from upheld.ledger.checkpoint import COSIGNATURE, Checkpoint
from upheld.ledger.keys import FileSigner
from upheld.ledger.verify import proof as proofs
from upheld.ledger.witness import asking, cosigner, watching
from upheld.ledger.witness.request import Request
from upheld.workspace import Workspace

WITNESS = FileSigner("w.example/witness", bytes(32), COSIGNATURE)
THEIRS = FileSigner("theirs.example/ledger/main/1", bytes(31) + b"1")


def asked(size: int) -> bytes:
    """What the operator of another log sends to have its first checkpoint cosigned."""
    return Request(0, (), keys.sign(Checkpoint(THEIRS.key.name, size, bytes(32)), THEIRS).encode()).text()


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
    watching.watch(THEIRS.key)
    cosigner.add_checkpoint(asked(41))
    assert "41 entries" in text(client)
    models.ForkFound.objects.create(origin=THEIRS.key.name, found_at=clock.now(), digest="00", proof=b"")
    assert "signed two histories" in text(client)


def test_the_witness_answers_programs_and_nobody_else(ledger: Workspace):
    strict = Client(enforce_csrf_checks=True)
    assert strict.get("/witness/add-checkpoint").status_code == 405
    assert strict.post("/witness/add-checkpoint", b"nonsense", content_type="text/plain").status_code == 400
    assert strict.post("/witness/add-checkpoint", asked(41), content_type="text/plain").status_code == 404
    mine = watching.watch(THEIRS.key)
    answer = strict.post("/witness/add-checkpoint", asked(41), content_type="text/plain")
    assert (answer.status_code, mine.name in answer.content.decode()) == (200, True)
    again = strict.post("/witness/add-checkpoint", asked(41), content_type="text/plain")
    assert (again.status_code, again.content, again.headers["Content-Type"]) == (409, b"41\n", "text/x.tlog.size")


def entered(effective_at: datetime, corrects: str | None = None) -> str:
    """Enter something about a measure that held since `effective_at`, and return the entry's id."""
    with transaction.atomic():
        made = append("thing.happened", body={}, subject=("measure", "access/mfa"), effective_at=effective_at, corrects=corrects)
    sequencer.sequence()
    return made


def test_the_history_of_a_thing_is_told_as_known_at_a_checkpoint_and_as_it_held_on_a_day(ledger: Workspace, client: Client):
    first = entered(datetime(2026, 5, 1, tzinfo=UTC))
    size = sequencer.current().size()
    entered(datetime(2026, 5, 3, tzinfo=UTC), corrects=first)
    link = "/ledger/history/?type=measure&amp;id=access%2Fmfa"
    assert link in text(client)
    asked = "/ledger/history/?type=measure&id=access/mfa"
    assert [text(client, asked).count(word) for word in ("thing.happened", "put right by entry 2")] == [2, 1]
    known = text(client, f"{asked}&known={size}")
    assert [known.count(word) for word in ("thing.happened", "put right", f"Under the checkpoint of {size} entries")] == [1, 0, 1]
    assert text(client, f"{asked}&effective=2026-05-02").count("thing.happened") == 1
    assert text(client, f"{asked}&effective=2026-05-03").count("thing.happened") == 2
    for wrong, why in {
        "type=measure&id=x&known=99": "99 are asked for",
        "type=measure&id=x&known=-1": "by the number of its entries",
        "type=measure&id=x&effective=May": "Write days as in",
        "type=person&id=P-1": "name nobody",
    }.items():
        assert why in text(client, f"/ledger/history/?{wrong}")


def test_the_proof_of_an_entry_is_a_file_that_verifies_and_a_wrong_one_is_never_given(ledger: Workspace, client: Client):
    entered(datetime(2026, 5, 1, tzinfo=UTC))
    log = sequencer.current()
    given = client.get("/ledger/proof/1")
    assert given["Content-Disposition"] == 'attachment; filename="test.example_ledger_main_1.1.tlog-proof"'
    assert proofs.verify(given.content, log.origin, [sequencer.verification_key(log)]).holds
    assert client.get("/ledger/proof/2").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_entry_update")
        cursor.execute("UPDATE ledger_entry SET data = replace(data, 'thing', 'thinG') WHERE position = 1")
    wrong = client.get("/ledger/proof/1")
    assert (wrong.status_code, b"is not as it was signed" in wrong.content or b"do not give the root" in wrong.content) == (500, True)
