"""Entries written from their parts, and recognised at a glance: the same as by way of dictionaries, in every case."""

from datetime import UTC, datetime

import pytest
from django.db.models import TextChoices
from hypothesis import example, given
from hypothesis import strategies as st
from tests.ledger.test_canonical import HOSTILE, KEYS, VALUES

from upheld.ledger import canonical, entry, envelope, identifier
from upheld.ledger.entry import Entry, Evidence, MalformedEntry, Party
from upheld.ledger.profile import NotCanonical

AT = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)
ID = "019df2ab-1234-7abc-8def-0123456789ab"
LOG = "example.com/ledger/main/1"
TAG = "ab" * 32
IDS = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable() and not any("\ud800" <= c <= "\udfff" for c in text))
PARTIES = st.builds(Party, st.sampled_from(["system", "person"]), id=IDS) | st.builds(Party, st.just("person"), tag=st.just(TAG))
FILES = st.lists(st.builds(Evidence, st.just("cd" * 32), st.integers(0, 2**53 - 1), st.just("text/plain")), max_size=2)
ENTRIES = st.builds(
    Entry,
    log=st.just(LOG),
    id=st.just(ID),
    at=st.just(AT),
    kind=st.sampled_from(["key.created", "a.b.c-d", "verdict.changed"]),
    actor=PARTIES,
    via=st.sampled_from(["worker", "web"]),
    emitter=st.just("app"),
    number=st.integers(1, 2**53 - 1),
    body=st.dictionaries(KEYS, VALUES, max_size=4),
    effective_at=st.none() | st.just(AT),
    subject=st.none() | PARTIES,
    evidence=FILES,
    commitments=st.dictionaries(KEYS, st.just(TAG), max_size=3),
    corrects=st.none() | st.just(ID),
)


def written(made: Entry) -> bytes:
    """Return the text of `made`, from its parts."""

    def party(who: Party, via: str | None = None) -> str:
        return envelope.named(who.type, who.id or "", via) if who.tag is None else envelope.tagged(who.type, who.tag, via)

    frame = envelope.frame(made.log, made.kind, party(made.actor, made.via), made.emitter, party(made.subject) if made.subject else "")
    rare = envelope.rare(made.corrects, made.effective_at, made.evidence)
    pii = envelope.pii(made.commitments) if made.commitments else ""
    return frame.write(made.id, made.number, entry.instant_text(made.at), canonical.write(dict(made.body), 1), rare, pii)


@given(ENTRIES)
def test_what_is_written_from_parts_is_what_the_members_give(made: Entry) -> None:
    assert written(made) == canonical.write(made.fields())


@given(ENTRIES)
def test_a_glance_sees_what_reading_finds(made: Entry) -> None:
    seen = envelope.glance(canonical.write(made.fields()))
    common = not (made.effective_at or made.corrects or made.evidence or made.commitments)
    if seen is None or not canonical.is_canonical(seen.body, 1):
        assert (
            not common or made.number >= 10**15 or not all(who.id is None or who.id.isascii() for who in (made.actor, made.subject) if who)
        )
    else:
        assert (seen.id, seen.log, seen.emitter, seen.number, canonical.read(seen.body)) == (ID, LOG, "app", made.number, made.body)


PLAIN = canonical.write(Entry(LOG, ID, AT, "thing.happened", Party("system", id="upheld"), "worker", "app", 7, {"n": 1}).fields())
PIECES = [b"", b"}", b"{", b'"', b",", b'"id":"x"', b',"id":"' + ID.encode(), b"\\", b"\x00", b"\xff", b" ", b"0", b'"ts":', b"[", b"]"]


@given(st.integers(0, len(PLAIN)), st.integers(0, 40), st.sampled_from(PIECES) | st.binary(max_size=4))
@example(PLAIN.index(b"2026-05"), 10, b"2026-02-31")
@example(PLAIN.index(b'"n":7'), 5, b'"n":07')
@example(PLAIN.index(b'"n":1'), 5, b'"n":1},"body":{"n":2')
def test_what_a_glance_accepts_reading_accepts_too(at: int, length: int, piece: bytes) -> None:
    text = PLAIN[:at] + piece + PLAIN[at + length :]
    seen = envelope.glance(text)
    if seen is not None and canonical.is_canonical(seen.body, 1):
        found = entry.read(canonical.read(text))
        assert (found.id, found.log, found.emitter, found.number) == (seen.id, seen.log, seen.emitter, seen.number)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_hostile_body_passes_at_a_glance(text: bytes) -> None:
    seen = envelope.glance(PLAIN.replace(b'{"n":1}', text))
    assert seen is None or not canonical.is_canonical(seen.body, 1)


def test_a_body_as_deep_as_an_entry_allows_is_the_limit_either_way() -> None:
    for levels, fits in ((15, True), (16, False)):
        body = b'{"a":' * levels + b"1" + b"}" * levels
        text = PLAIN.replace(b'{"n":1}', body)
        seen = envelope.glance(text)
        assert seen is not None
        assert canonical.is_canonical(seen.body, 1) is canonical.is_canonical(text) is fits


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: envelope.named("Person", "x", "web"), MalformedEntry),
        (lambda: envelope.named("system", "", "web"), MalformedEntry),
        (lambda: envelope.named("system", "x" * 1025), MalformedEntry),
        (lambda: envelope.named("system", "x", ""), MalformedEntry),
        (lambda: envelope.tagged("two words", TAG), MalformedEntry),
        (lambda: envelope.tagged("person", TAG, ""), MalformedEntry),
        (lambda: envelope.rare("", None, ()), MalformedEntry),
        (lambda: envelope.frame(LOG, "happened", envelope.named("system", "x", "web"), "app"), MalformedEntry),
        (lambda: envelope.frame(LOG, "a.b", envelope.named("system", "\ud800", "web"), "app"), NotCanonical),
        (lambda: envelope.rare("no id", None, ()), MalformedEntry),
        (lambda: envelope.rare(None, datetime(2026, 5, 4), ()), MalformedEntry),
        (lambda: envelope.rare(None, None, [Evidence("ab", 1)]), MalformedEntry),
        (lambda: envelope.rare(None, None, [Evidence("ab" * 32, 2**53)]), NotCanonical),
        (lambda: envelope.pii({"Name": TAG}), NotCanonical),
        (lambda: envelope.pii({"name": "ab"}), MalformedEntry),
    ],
)
def test_what_no_entry_may_say_is_refused(call: object, error: type[Exception]) -> None:
    assert callable(call)
    with pytest.raises(error):
        call()


class Word(TextChoices):
    """Words as some callers keep them: their text is their value, not their name."""

    KIND = "thing.happened"
    TYPE = "system"


def test_words_that_are_members_of_an_enumeration_are_written_by_their_value() -> None:
    plain = envelope.frame(LOG, "thing.happened", envelope.named("system", "crm", "web"), "app", envelope.named("system", "crm"))
    listed = envelope.frame(LOG, Word.KIND, envelope.named(Word.TYPE, "crm", "web"), "app", envelope.named(Word.TYPE, "crm"))
    assert listed == plain


def test_identifiers_made_together_are_identifiers_and_differ() -> None:
    found = identifier.many(AT, 5000)
    assert len(set(found)) == 5000
    assert all(identifier.is_valid(name) for name in found)
    times = [identifier.time_id(name) for name in found]
    assert times[0] == identifier.time_id(identifier.new(AT))
    assert times == sorted(set(times))
    assert found == sorted(found)
