"""`.tlog-proof` files: one entry proven in one text."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.ledger import keys, proof, tree
from upheld.ledger.checkpoint import Checkpoint, MalformedCheckpoint, UntrustedCheckpoint
from upheld.ledger.keys import FileSigner
from upheld.ledger.proof import MalformedProof, Proof
from upheld.ledger.tree import InvalidProof

ORIGIN = "example.com/ledger/main/1"
SIGNER = FileSigner(ORIGIN, bytes(range(32)))
ENTRIES = [f"entry {number}".encode() for number in range(7)]
LEAVES = [tree.leaf_hash(entry) for entry in ENTRIES]


def node(height: int, index: int) -> bytes:
    """Return a node over `LEAVES`."""
    return LEAVES[index] if height == 0 else tree.node_hash(node(height - 1, 2 * index), node(height - 1, 2 * index + 1))


NOTE = keys.sign(Checkpoint(ORIGIN, 7, tree.root(LEAVES)), SIGNER).encode()
GOOD = Proof(3, tuple(tree.inclusion_proof(3, 7, node)), NOTE, ENTRIES[3])
TEXT = GOOD.text()


def test_a_proof_is_read_back_and_holds() -> None:
    found = proof.parse(TEXT)
    assert found == GOOD
    assert proof.verify(found, ENTRIES[3], ORIGIN, [SIGNER.key]).size == 7


def test_its_form_is_that_of_the_specification() -> None:
    lines = TEXT.decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", f"extra {base64.b64encode(ENTRIES[3]).decode()}", "index 3"]
    assert lines[3:6] == [base64.b64encode(step).decode() for step in GOOD.path]
    assert "\n".join(lines[7:]).encode() == NOTE


def test_a_proof_without_its_entry_is_read_too() -> None:
    bare = Proof(3, GOOD.path, NOTE)
    assert proof.parse(bare.text()) == bare


def test_a_proof_of_one_entry_shows_no_other() -> None:
    with pytest.raises(InvalidProof):
        proof.verify(GOOD, ENTRIES[4], ORIGIN, [SIGNER.key])
    with pytest.raises(InvalidProof):
        proof.verify(Proof(4, GOOD.path, NOTE), ENTRIES[3], ORIGIN, [SIGNER.key])


BAD = {
    "another header": TEXT.replace(b"@v1", b"@v2"),
    "index with a leading zero": TEXT.replace(b"index 3", b"index 03"),
    "index with a sign": TEXT.replace(b"index 3", b"index -3"),
    "index beyond 2^63": TEXT.replace(b"index 3", b"index 9999999999999999999"),
    "no index": TEXT.replace(b"index 3\n", b""),
    "no blank line": TEXT.replace(b"\n\n", b"\n"),
    "a hash of 31 bytes": TEXT.replace(base64.b64encode(GOOD.path[0]), base64.b64encode(bytes(31))),
    "carriage returns": TEXT.replace(b"\n", b"\r\n"),
    "more than ASCII": TEXT.replace(b"index 3", "index ٣".encode()),
    "extra that is no base64": TEXT.replace(b"extra ", b"extra !"),
    "64 hashes": TEXT.replace(b"index 3\n", b"index 3\n" + (base64.b64encode(bytes(32)) + b"\n") * 64),
    "two mebibytes": TEXT + b"x" * (2 << 20),
    "nothing": b"",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_what_is_no_proof_is_refused_with_a_reason(text: bytes) -> None:
    with pytest.raises(MalformedProof) as refusal:
        proof.parse(text)
    assert str(refusal.value)


@pytest.mark.parametrize("at", range(len(TEXT)))
def test_no_flipped_bit_and_no_truncation_is_accepted(at: int) -> None:
    for mutated in (TEXT[:at] + bytes([TEXT[at] ^ 1]) + TEXT[at + 1 :], TEXT[:at] + bytes([TEXT[at] ^ 0x20]) + TEXT[at + 1 :], TEXT[:at]):
        with pytest.raises((MalformedProof, MalformedCheckpoint, UntrustedCheckpoint, InvalidProof)):
            found = proof.parse(mutated)
            proof.verify(found, found.entry or b"", ORIGIN, [SIGNER.key], keys.verify_signature)


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(text: bytes) -> None:
    with pytest.raises(MalformedProof):
        proof.parse(text)
