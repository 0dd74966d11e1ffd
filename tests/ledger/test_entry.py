"""Entries, their ids and commitments: written one way, read back the same, and nobody named."""

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.ledger import canonical, commitment, entry, identifier
from upheld.ledger.entry import Entry, Evidence, MalformedEntry, Party

AT = datetime(2026, 11, 22, 3, 36, 54, 123456, tzinfo=UTC)
ID, OTHER_ID = identifier.new(AT), identifier.new(AT)
FULL = Entry(
    log="example.com/ledger/main/1",
    id=ID,
    at=AT,
    kind="access.granted",
    actor=Party("person", tag="ab" * 32),
    via="web",
    emitter="app-1",
    number=123,
    body={"role": "reader", "days": 30, "nested": {"list": [1, None, True]}},
    effective_at=AT - timedelta(days=1),
    subject=Party("control", id="A.5.18"),
    evidence=(Evidence("cd" * 32, 123, "application/pdf"),),
    commitments={"actor.name": "ef" * 32},
    corrects=OTHER_ID,
)
FIELDS = FULL.fields()


def changed(**members: Any) -> dict[str, Any]:
    """Return good members with some replaced; None removes one."""
    return {name: value for name, value in {**FIELDS, **members}.items() if value is not None}


def test_an_entry_is_read_back_as_it_was_written() -> None:
    assert entry.read(canonical.read(canonical.write(FULL.fields()))) == FULL


def test_what_is_empty_is_left_out() -> None:
    bare = Entry("log", ID, AT, "a.b", Party("system", id="upheld"), "worker", "app-1", 1, {})
    assert bare.fields().keys() == {"v", "log", "id", "ts", "kind", "actor", "src", "body"}
    assert entry.read(bare.fields()) == bare


def test_instants_are_written_in_utc_with_six_digits() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    assert entry.instant_text(datetime(2026, 1, 1, 1, 0, tzinfo=east)) == "2025-12-31T19:30:00.000000Z"


@given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)))
def test_an_instant_is_read_back(at: datetime) -> None:
    assert entry.instant(entry.instant_text(at)) == at


BAD = {
    "unknown version": changed(v=2),
    "true as version": changed(v=True),
    "no log": changed(log=None),
    "unknown member": changed(prev="00"),
    "id of another kind": changed(id="6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
    "id in capitals": changed(id=ID.upper()),
    "time with an offset": changed(ts="2026-11-22T03:36:54.123456+00:00"),
    "time without fraction": changed(ts="2026-11-22T03:36:54Z"),
    "a day that does not exist": changed(ts="2026-02-30T00:00:00.000000Z"),
    "time in other digits": changed(ts="٢٠٢٦-11-22T03:36:54.123456Z"),
    "kind of one word": changed(kind="granted"),
    "kind in capitals": changed(kind="Access.Granted"),
    "actor with id and tag": changed(actor={"type": "person", "id": "x", "tag": "ab" * 32, "via": "web"}),
    "actor with neither": changed(actor={"type": "person", "via": "web"}),
    "actor without via": changed(actor={"type": "person", "id": "x"}),
    "tag too short": changed(actor={"type": "person", "tag": "ab" * 16, "via": "web"}),
    "number zero": changed(src={"id": "app-1", "n": 0}),
    "true as number": changed(src={"id": "app-1", "n": True}),
    "body as list": changed(body=[]),
    "empty evidence": changed(ev=[]),
    "evidence digest in capitals": changed(ev=[{"sha256": "CD" * 32, "size": 1, "type": "a/b"}]),
    "evidence of negative size": changed(ev=[{"sha256": "cd" * 32, "size": -1, "type": "a/b"}]),
    "empty commitments": changed(pii={}),
    "personal value in the clear": changed(pii={"name": "Alice"}),
    "empty subject": changed(subject={"type": "control", "id": ""}),
    "corrects no id": changed(corrects="the one before"),
    "a list": [],
    "nothing": None,
}


@pytest.mark.parametrize("fields", BAD.values(), ids=BAD)
def test_what_is_no_entry_is_refused_naming_the_member(fields: Any) -> None:
    with pytest.raises(MalformedEntry) as refusal:
        entry.read(fields)
    assert str(refusal.value)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(MalformedEntry, match="no time zone"):
        entry.instant_text(datetime(2026, 1, 1))


def test_ids_sort_by_time_to_the_microsecond() -> None:
    instants = [AT + timedelta(microseconds=step) for step in range(0, 3000, 7)]
    ids = [identifier.new(at) for at in instants]
    assert ids == sorted(ids)
    assert all(identifier.is_valid(found) for found in ids)
    assert len({identifier.new(AT) for _ in range(1000)}) == 1000


def test_the_time_of_an_id_is_its_first_half() -> None:
    assert identifier.time_id(ID) == int(ID.replace("-", "")[:16], 16) < 2**63
    assert identifier.time_id(ID) >> 16 == int(AT.timestamp() * 1000)


OPENING = commitment.opening()
COMMITTED = commitment.commit(ID, "name", "Alice", OPENING)


def test_an_opening_shows_what_was_committed_to() -> None:
    assert commitment.opens(COMMITTED, ID, "name", "Alice", OPENING)


@pytest.mark.parametrize(
    ("entry_id", "field", "value", "opening"),
    [
        (ID, "name", "Bob", OPENING),
        (ID, "email", "Alice", OPENING),
        (OTHER_ID, "name", "Alice", OPENING),
        (ID, "name", "Alice", commitment.opening()),
        (ID, "name", ["Alice"], OPENING),
        (ID, "name", "Alice", OPENING[:-1]),
    ],
    ids=["another value", "another field", "another entry", "another opening", "another type", "a shorter opening"],
)
def test_it_shows_nothing_else(entry_id: str, field: str, value: Any, opening: bytes) -> None:
    assert not commitment.opens(COMMITTED, entry_id, field, value, opening)


def test_the_text_1_is_not_the_number_1() -> None:
    assert not commitment.opens(commitment.commit(ID, "n", 1, OPENING), ID, "n", "1", OPENING)


def test_no_dictionary_finds_a_committed_value() -> None:
    # The value is among the candidates, and the attacker has entry and field: without the opening none can be told from another.
    candidates = ["Alice", *(f"person {number}" for number in range(20_000))]
    guesses = {commitment.commit(ID, "name", name, bytes(64)) for name in candidates}
    assert COMMITTED not in guesses


def test_equal_values_are_committed_to_differently() -> None:
    again = Counter(commitment.commit(ID, "name", "Alice", commitment.opening()) for _ in range(100))
    assert max(again.values()) == 1


def test_a_commitment_needs_a_full_opening_and_an_entry() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        commitment.commit(ID, "name", "Alice", b"short")
    with pytest.raises(ValueError, match="not the id of an entry"):
        commitment.commit("1", "name", "Alice", OPENING)
