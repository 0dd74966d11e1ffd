"""Checkpoints and keys: read as strictly as they are written."""

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import keys
from upheld.ledger.checkpoint import (
    Checkpoint,
    MalformedCheckpoint,
    MalformedKey,
    Signature,
    UntrustedCheckpoint,
    VerificationKey,
    parse_key,
)
from upheld.ledger.keys import FileSigner

ORIGIN = "example.com/ledger/main/1"
SIGNER, STRANGER = FileSigner(ORIGIN, bytes(range(32))), FileSigner(ORIGIN, bytes(32))
GOOD = Checkpoint(ORIGIN, 700, bytes(range(32)))
NOTE = keys.sign(GOOD, SIGNER)
LINE = NOTE.rpartition("\n\n")[2]
ROOT = base64.b64encode(GOOD.root).decode()

# The example of C2SP tlog-checkpoint.
SPECIFIED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""
# The example in the documentation of Go's package note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


def test_the_example_of_the_specification_is_read_and_written_back() -> None:
    checkpoint, signatures = checkpoints.parse(SPECIFIED.encode())
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoints.note(checkpoint, signatures) == SPECIFIED


@pytest.mark.parametrize("verify_signature", [checkpoints.ed25519.verify, keys.verify_signature], ids=["own", "OpenSSL"])
def test_the_key_and_signature_of_gos_documentation_fit(verify_signature: checkpoints.VerifySignature) -> None:
    key, signature = parse_key(GO_KEY), base64.b64decode(GO_SIGNATURE)
    assert key.text() == GO_KEY
    assert signature[:4] == key.id
    assert verify_signature(key.public, signature[4:], GO_TEXT)


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_what_is_signed_verifies(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(ORIGIN, size, root)
    note = keys.sign(checkpoint, SIGNER).encode()
    assert checkpoints.verify(note, ORIGIN, [SIGNER.key], keys.verify_signature) == checkpoint
    assert checkpoints.parse_body(checkpoint.text()) == checkpoint


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_crash_the_reader(note: bytes) -> None:
    with pytest.raises((MalformedCheckpoint, UntrustedCheckpoint)):
        checkpoints.verify(note, ORIGIN, [SIGNER.key])


def replaced(old: str, new: str) -> bytes:
    assert old in NOTE
    return NOTE.replace(old, new, 1).encode()


def encoded(signature: bytes) -> bytes:
    return checkpoints.note(GOOD, [Signature(ORIGIN, SIGNER.key.id, signature)]).encode()


SIGNATURE = checkpoints.parse(NOTE.encode())[1][0].signature
SHIFTED = int.from_bytes(SIGNATURE[32:], "little") + 2**252 + 27742317777372353535851937790883648493
MALFORMED = {
    "size with a leading zero": replaced("\n700\n", "\n0700\n"),
    "size with a sign": replaced("\n700\n", "\n+700\n"),
    "size in Arabic-Indic digits": replaced("\n700\n", "\n٧٠٠\n"),
    "size with an underscore": replaced("\n700\n", "\n7_00\n"),
    "size below zero": replaced("\n700\n", "\n-1\n"),
    "size 2^70": replaced("\n700\n", f"\n{2**70}\n"),
    "size with a space": replaced("\n700\n", "\n700 \n"),
    "root of 31 bytes": replaced(ROOT, base64.b64encode(bytes(31)).decode()),
    "root with spare bits set": replaced(ROOT, ROOT[:-2] + "9="),
    "root with a space": replaced(ROOT, ROOT[:10] + " " + ROOT[10:]),
    "root without padding": replaced(ROOT, ROOT[:-1]),
    "extension line": replaced(ROOT, ROOT + "\nextension"),
    "carriage returns": NOTE.replace("\n", "\r\n").encode(),
    "no final newline": NOTE[:-1].encode(),
    "no signature": (GOOD.text() + "\n").encode(),
    "no blank line": (GOOD.text() + LINE).encode(),
    "hyphen for em dash": replaced("— ", "- "),
    "more than 100 signatures": checkpoints.note(
        GOOD, [Signature(f"other{number}", bytes(4), bytes(64)) for number in range(101)]
    ).encode(),
    "a name with a plus": replaced(f"— {ORIGIN}", "— a+b"),
    "an empty origin": replaced(f"{ORIGIN}\n700", "\n700"),
    "a tab": replaced("\n700\n", "\n700\t\n"),
    "invalid UTF-8": NOTE.encode().replace(b"700", b"\xff00", 1),
    "a key id alone": checkpoints.note(GOOD, [Signature(ORIGIN, SIGNER.key.id, b"")]).encode(),
    "more than a mebibyte": NOTE.encode() + b"x" * (1 << 20),
    "nothing": b"",
}
UNTRUSTED = {
    "another origin, same key": keys.sign(Checkpoint("example.com/ledger/other/1", 700, GOOD.root), SIGNER).encode(),
    "another key under the same name": keys.sign(GOOD, STRANGER).encode(),
    "another key's signature under the real key's id": encoded(STRANGER.sign(GOOD.text().encode())),
    "a good signature and a failing one of the same key": checkpoints.note(
        GOOD, [Signature(ORIGIN, SIGNER.key.id, SIGNATURE), Signature(ORIGIN, SIGNER.key.id, bytes(64))]
    ).encode(),
    "signature shifted by the group order": encoded(SIGNATURE[:32] + SHIFTED.to_bytes(32, "little")),
    "signature of another size": keys.sign(Checkpoint(ORIGIN, 699, GOOD.root), SIGNER).replace("\n699\n", "\n700\n").encode(),
    "signature cut short": encoded(SIGNATURE[:-1]),
    "signed by strangers only": checkpoints.note(GOOD, [Signature("witness.example", bytes(4), bytes(64))]).encode(),
}


@pytest.mark.parametrize("note", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_checkpoint_is_refused_with_a_reason(note: bytes) -> None:
    with pytest.raises(MalformedCheckpoint) as refusal:
        checkpoints.verify(note, ORIGIN, [SIGNER.key])
    assert str(refusal.value)


@pytest.mark.parametrize("note", UNTRUSTED.values(), ids=UNTRUSTED)
@pytest.mark.parametrize("verify_signature", [checkpoints.ed25519.verify, keys.verify_signature], ids=["own", "OpenSSL"])
def test_what_no_trusted_key_vouches_for_is_refused_with_a_reason(note: bytes, verify_signature: checkpoints.VerifySignature) -> None:
    with pytest.raises(UntrustedCheckpoint) as refusal:
        checkpoints.verify(note, ORIGIN, [SIGNER.key], verify_signature)
    assert str(refusal.value)


def test_signatures_by_others_are_ignored() -> None:
    witnessed = NOTE + Signature("witness.example", bytes(4), os.urandom(72)).line()
    assert checkpoints.verify(witnessed.encode(), ORIGIN, [SIGNER.key]) == GOOD


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+b",
        GO_KEY.replace("c74f20a3", "c74f20a4"),
        GO_KEY.replace("c74f20a3", "C74F20A3"),
        GO_KEY + "=",
        GO_KEY.replace("ARpc", "Ahpc"),
    ],
)
def test_a_key_that_is_not_as_written_is_refused(text: str) -> None:
    with pytest.raises(MalformedKey):
        parse_key(text)


@pytest.mark.parametrize(
    "public", [(1).to_bytes(32, "little"), bytes(32), bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
)
def test_a_key_of_small_order_is_refused_when_it_is_loaded(public: bytes) -> None:
    with pytest.raises(MalformedKey, match="small order"):
        VerificationKey(ORIGIN, public)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b"])
def test_a_name_that_a_note_cannot_carry_is_refused(name: str) -> None:
    with pytest.raises(MalformedKey):
        VerificationKey(name, SIGNER.key.public)
