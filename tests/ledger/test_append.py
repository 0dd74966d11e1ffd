"""Handing over: with the transaction or not at all, people never in the clear."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from tests.ledger.given import Ledger

from upheld import clock
from upheld.erasure.reapplying import reapply
from upheld.ledger import canonical, commitment, entry, openings, sequencer
from upheld.ledger.append import NoLedger, NotInTransaction, append
from upheld.ledger.entry import Actor, Entry, Evidence, MalformedEntry
from upheld.ledger.openings import KeyLost
from upheld.ledger.profile import NotCanonical
from upheld.vault import keys
from upheld.vault.store import VaultExposed
from upheld.workspace import Workspace

ALICE = Actor("person", "psn_alice", via="web")


def logged(ledger: Ledger, entry_id: str) -> Entry:
    """Sequence, and return the entry with that id."""
    sequencer.sequence()
    return entry.read(canonical.read(ledger.log.entry(ledger.log.index_of(entry_id))))


def test_outside_a_transaction_it_is_refused(ledger: Ledger) -> None:
    with pytest.raises(NotInTransaction, match=r"transaction\.atomic"):
        append("thing.happened", body={})
    assert ledger.log.waiting() == 0


def test_what_is_rolled_back_leaves_nothing_and_no_gap(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append("thing.happened", body={}, personal={"name": "Alice"})
        raise ZeroDivisionError
    assert ledger.log.waiting() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_opening")
        assert cursor.fetchone() == (0,)
    first, second = ledger.append(2)
    assert [logged(ledger, found).number for found in (first, second)] == [2, 3]


def test_a_savepoint_rolled_back_leaves_no_gap_either(ledger: Ledger) -> None:
    with transaction.atomic():
        before = append("thing.happened", body={})
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            append("thing.happened", body={})
            raise ZeroDivisionError
        after = append("thing.happened", body={})
    assert [logged(ledger, found).number for found in (before, after)] == [2, 3]


def test_everything_said_is_logged(ledger: Ledger, noon: datetime) -> None:
    (earlier,) = ledger.append()
    since = datetime(2026, 5, 1, tzinfo=UTC)
    with transaction.atomic():
        entry_id = append(
            "access.granted",
            body={"role": "reader"},
            subject=("system", "crm"),
            effective_at=since,
            evidence=[Evidence("ab" * 32, 12, "text/plain")],
            corrects=earlier,
        )
    found = logged(ledger, entry_id)
    assert (found.log, found.id, found.at, found.kind) == (ledger.log.origin, entry_id, noon, "access.granted")
    assert (found.body, found.effective_at, found.corrects) == ({"role": "reader"}, since, earlier)
    assert found.evidence == (Evidence("ab" * 32, 12, "text/plain"),)
    assert (found.actor.type, found.actor.id, found.via) == ("system", "upheld", "worker")
    assert found.subject is not None
    assert (found.subject.type, found.subject.id, found.subject.tag) == ("system", "crm", None)


def test_a_person_is_logged_as_a_tag_that_only_the_key_holder_links(ledger: Ledger) -> None:
    with transaction.atomic():
        ids = [append("training.done", body={}, actor=ALICE, subject=("person", "psn_alice")) for _ in range(2)]
        append("training.done", body={}, actor=Actor("person", "psn_bob"))
    first, second = (logged(ledger, found) for found in ids)
    assert first.subject is not None
    assert second.subject is not None
    tags = {first.actor.tag, first.subject.tag, second.actor.tag, second.subject.tag}
    assert len(tags) == 4
    assert None not in tags
    assert openings.entries_naming("person", "psn_alice") == ids
    opened = openings.opened(ids[0])["actor"]
    assert first.actor.tag is not None
    assert commitment.opens(first.actor.tag, ids[0], "actor", "psn_alice", opened.opening)


def test_personal_values_are_committed_to_and_open_again(ledger: Ledger) -> None:
    with transaction.atomic():
        entry_id = append("request.received", body={}, personal={"email": "alice@example.com", "birth": {"year": 1980}})
    found = logged(ledger, entry_id)
    for field, value in {"email": "alice@example.com", "birth": {"year": 1980}}.items():
        opened = openings.opened(entry_id)[field]
        assert opened.value == value
        assert commitment.opens(found.commitments[field], entry_id, field, value, opened.opening)


def test_no_file_of_the_workspace_holds_a_personal_value(ledger: Ledger) -> None:
    with transaction.atomic():
        append(
            "request.received",
            body={},
            personal={"note": "MARKER-8f3c"},
            actor=Actor("person", "MARKER-8f3c"),
            subject=("visitor", "MARKER-8f3c"),
        )
    sequencer.sequence()
    connection.close()
    for path in [*ledger.workspace.root.rglob("*"), *ledger.workspace.keys.rglob("*")]:
        assert not path.is_file() or b"MARKER-8f3c" not in path.read_bytes(), path


def test_a_lost_key_is_said_and_never_silently_replaced(ledger: Ledger) -> None:
    with transaction.atomic():
        entry_id = append("request.received", body={}, personal={"email": "alice@example.com"})
    vault = keys.here()
    epoch = ledger.workspace.keys / "epoch-1.key"
    assert {path.stat().st_mode & 0o777 for path in (epoch, vault.store.path)} == {0o600}
    kept = epoch.read_bytes()
    for wrong, words in ((None, "is gone"), (bytes(32), "of different times"), (bytes(31), "31 bytes")):
        epoch.unlink(missing_ok=True)
        if wrong:
            epoch.touch(0o600)
            epoch.write_bytes(wrong)
        vault.forget()
        with pytest.raises(KeyLost, match=words):
            openings.opened(entry_id)
        with pytest.raises(KeyLost, match=words), transaction.atomic():
            append("request.received", body={}, subject=("person", "psn_bob"))
    epoch.write_bytes(kept)
    assert openings.opened(entry_id)["email"].value == "alice@example.com"
    epoch.chmod(0o644)
    vault.forget()
    with pytest.raises(VaultExposed, match="chmod 600"):
        openings.opened(entry_id)


def test_no_new_key_store_is_begun_while_values_are_sealed_under_a_lost_one(ledger: Ledger) -> None:
    with transaction.atomic():
        entry_id = append("request.received", body={}, personal={"email": "alice@example.com"})
    keys.here().store.close()
    for file in ledger.workspace.keys.glob("vault.*"):
        file.unlink()
    keys.here().forget()
    with pytest.raises(KeyLost, match="1 openings"), transaction.atomic():
        append("request.received", body={}, personal={"email": "bob@example.com"})
    with pytest.raises(KeyLost, match="1 openings"):
        reapply()  # as each run does before it reads anything
    assert not keys.here().store.exists and "email" in logged(ledger, entry_id).commitments


def test_what_is_erased_is_gone_and_the_proof_stays(ledger: Ledger) -> None:
    with transaction.atomic():
        entry_id = append("request.received", body={}, personal={"email": "alice@example.com"})
    before = logged(ledger, entry_id)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_opening WHERE entry = %s", [entry_id])
    assert openings.opened(entry_id) == {}
    assert logged(ledger, entry_id) == before
    assert sequencer.status().wrong == ()


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        ("happened", {}, MalformedEntry),
        ("thing.happened", {"ratio": 0.5}, NotCanonical),
        ("thing.happened", {"Key": 1}, NotCanonical),
        ("thing.happened", {"text": "x" * 70_000}, NotCanonical),
    ],
)
def test_what_cannot_be_logged_is_refused_before_anything_is_written(
    ledger: Ledger, kind: str, body: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error), transaction.atomic():
        append(kind, body=body)  # type: ignore[arg-type]
    assert ledger.log.waiting() == 0


def test_actor_and_subject_are_no_personal_fields(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="its own argument"), transaction.atomic():
        append("thing.happened", body={}, personal={"actor": "Alice"})


def test_without_a_ledger_it_says_how_to_make_one(workspace: Workspace) -> None:
    with pytest.raises(NoLedger, match="upheld init"), transaction.atomic():
        append("thing.happened", body={})


def test_the_clock_gives_time_and_id(ledger: Ledger) -> None:
    with clock.at(datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)):
        (entry_id,) = ledger.append()
    assert logged(ledger, entry_id).at == datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)
    assert entry_id.startswith("019df2")
