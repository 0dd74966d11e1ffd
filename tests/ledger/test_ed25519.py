"""Our own Ed25519 verification: agrees with OpenSSL's, and is stricter with weak keys."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from upheld.ledger import ed25519

# RFC 8032, 7.1, tests 1 to 3: public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
ORDER = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19
# Points of order 1, 2, 4 and 8, and encodings whose y is not below the field's prime.
WEAK = {
    "identity": (1).to_bytes(32, "little"),
    "order 2": (P - 1).to_bytes(32, "little"),
    "order 4": bytes(32),
    "order 4, other sign": bytes(31) + b"\x80",
    "order 8": bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    "order 8, inverse": bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    "y is the prime": P.to_bytes(32, "little"),
    "y is the prime and one": (P + 1).to_bytes(32, "little"),
    "identity, other sign": (1 | 1 << 255).to_bytes(32, "little"),
    "no point": (2).to_bytes(32, "little"),
    "too short": bytes(31),
}


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_vectors_of_rfc_8032_verify(public: str, message: str, signature: str) -> None:
    assert ed25519.verify(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))


@settings(max_examples=15, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 511))
def test_a_flipped_bit_anywhere_in_a_signature_is_noticed(message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(os.urandom(32))
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert ed25519.verify(public, signature, message)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not ed25519.verify(public, bytes(flipped), message)
    assert not ed25519.verify(public, signature, message + b".")


def test_a_signature_shifted_by_the_group_order_is_no_second_signature() -> None:
    public, message, signature = (bytes.fromhex(part) for part in RFC_8032[0])
    shifted = int.from_bytes(signature[32:], "little") + ORDER
    assert not ed25519.verify(public, signature[:32] + shifted.to_bytes(32, "little"), message)


@pytest.mark.parametrize("public", WEAK.values(), ids=WEAK)
def test_a_weak_key_is_recognised_and_verifies_nothing(public: bytes) -> None:
    assert ed25519.is_weak(public)
    # Under the identity, this signature fits every message in an implementation that does not look.
    assert not ed25519.verify(public, (1).to_bytes(32, "little") + bytes(32), b"any message")


def test_a_signature_of_another_length_is_refused() -> None:
    public, message, signature = (bytes.fromhex(part) for part in RFC_8032[0])
    assert not ed25519.verify(public, signature[:-1], message)
    assert not ed25519.verify(public, signature + b"\x00", message)
