"""Time stamps by a real authority: asked for, verified with the request, logged, and none accepted that is not what was asked for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
from tests.labs import start
from tests.ledger.given import Ledger, kinds

from upheld import clock, outgoing
from upheld.lab.certificates import make
from upheld.lab.time_stamps import TimeStamps
from upheld.ledger import anchors, models, stamping
from upheld.ledger.stamping import NotStamped
from upheld.ledger.verify import stamps

BODY = b"example.com/ledger/main/1\n3\nAAAA\n"
pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def authority() -> Iterator[TimeStamps]:
    with start(TimeStamps) as running:
        yield running


@pytest.fixture(autouse=True)
def loopback(monkeypatch):
    monkeypatch.setenv(outgoing.ALLOWED, "127.0.0.0/8")


def request(body=BODY, *, nonce=True):
    return (
        TimestampRequestBuilder().data(body).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=nonce).cert_request(cert_request=True).build()
    )


def ask(authority, asked):
    return outgoing.post(authority.url, asked.as_bytes(), "application/timestamp-query").body


def refusals(authority, asked, answer, body=BODY, roots=None) -> tuple[str, str]:
    """Return why the product and why the verifier refuse; both must."""
    roots = roots or authority.roots
    with pytest.raises(NotStamped) as caught:
        stamping.verify(asked, answer, body, roots)
    by_openssl = stamps.verify(asked.as_bytes(), answer, body, [roots])
    assert isinstance(by_openssl, str)
    return str(caught.value), by_openssl


def test_a_stamp_of_what_was_asked_for_is_accepted_by_both(authority):
    asked = request()
    answer = ask(authority, asked)
    at = stamping.verify(asked, answer, BODY, authority.roots)
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert stamps.verify(asked.as_bytes(), answer, BODY, [authority.roots]) == at


def test_case_11_a_stamp_of_another_message_is_refused(authority):
    asked = request(b"another text")
    ours, theirs = refusals(authority, asked, ask(authority, asked))
    assert "does not hold" in ours
    assert "message imprint mismatch" in theirs


def test_case_12_and_13_no_flipped_bit_and_no_truncation_is_accepted(authority):
    asked = request()
    answer = ask(authority, asked)
    for at in range(0, len(answer), 67):
        for mutated in (answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :], answer[:at]):
            try:
                found = stamping.verify(asked, mutated, BODY, authority.roots)
            except NotStamped:
                continue
            # Bits that nothing signs and nothing reads, such as those of an unused certificate; the statement is the same.
            assert found == stamping.verify(asked, answer, BODY, authority.roots)
            assert len(mutated) == len(answer)


def test_case_14_another_nonce_is_refused(authority):
    answer = ask(authority, request())
    ours, theirs = refusals(authority, request(), answer)
    assert "another nonce" in ours
    assert "nonce mismatch" in theirs


def test_case_14_a_missing_nonce_is_refused(authority):
    asked = request(nonce=False)
    ours, theirs = refusals(authority, asked, ask(authority, asked))
    assert "another nonce" in ours
    assert "no nonce" in theirs


def test_case_15_a_certificate_for_another_purpose_is_refused():
    with start(TimeStamps, for_stamping=False) as wrong:
        asked = request()
        try:
            answer = ask(wrong, asked)
        except outgoing.Unreachable:
            answer = b""
        ours, theirs = refusals(wrong, asked, answer)
    assert "does not hold" in ours
    assert theirs


def test_case_16_another_root_is_refused(authority):
    asked = request()
    other = make("Somebody else", authority=True)
    roots = other.certificate.public_bytes(stamping.Encoding.PEM).decode()
    ours, theirs = refusals(authority, asked, ask(authority, asked), roots=roots)
    assert "does not hold" in ours
    assert "certificate verify error" in theirs


def test_a_stamp_in_the_future_is_refused(authority):
    asked = request()
    answer = ask(authority, asked)
    with clock.at(datetime.now(UTC) - timedelta(hours=1)), pytest.raises(NotStamped, match="in the future"):
        stamping.verify(asked, answer, BODY, authority.roots)


def test_a_stamp_is_kept_and_is_itself_an_entry(authority, ledger: Ledger):
    stamping.add("lab", authority.url, authority.roots)
    size = ledger.grow(5).size
    [done] = stamping.stamp(ledger.log)
    assert (done.name, done.size, done.trouble) == ("lab", size, "")
    assert kinds(ledger)[-1] == "checkpoint.stamped"
    [(stamped, asked, answer)] = anchors.stamps(ledger.log, size)
    assert stamped == size
    body = "\n".join(ledger.log.checkpoint(size)[1].split("\n")[:3]) + "\n"
    assert stamps.verify(asked, answer, body.encode(), [authority.roots]) == done.at
    assert not stamping.is_due(ledger.log, timedelta(0))
    ledger.grow(1)
    assert stamping.is_due(ledger.log, timedelta(0))
    assert not stamping.is_due(ledger.log, timedelta(hours=1))


def test_case_17_a_stamp_earlier_than_one_before_it_is_refused(authority, ledger: Ledger):
    stamping.add("lab", authority.url, authority.roots)
    ledger.grow(1)
    anchors.keep_stamp(ledger.log, 1, "other", datetime.now(UTC) + timedelta(hours=1), b"", b"")
    [done] = stamping.stamp(ledger.log)
    assert "before" in done.trouble
    assert models.Anchor.objects.filter(by="lab").count() == 0


def test_an_authority_that_is_away_or_refuses_is_told_and_holds_nothing_up(ledger: Ledger, authority):
    stamping.add("away", "http://127.0.0.1:1/", authority.roots)
    [done] = stamping.stamp(ledger.log)
    assert "could not be reached" in done.trouble
    assert ledger.grow(1).size == 3
    with pytest.raises(stamping.NoAuthority):
        stamping.add("away", "http://127.0.0.1:1/", authority.roots)
    with pytest.raises(ValueError, match="PEM"):
        stamping.add("none", "http://127.0.0.1:1/", "no certificate")
    stamping.remove("away")
    with pytest.raises(stamping.NoAuthority):
        stamping.remove("away")
