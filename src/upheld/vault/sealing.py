"""Sealing bytes under a key: AES-256-GCM, bound to where they belong."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from upheld.vault.key import Key

NONCE_BYTES = 12


class NotOpening(ValueError):
    """What was sealed does not open: it was changed, or sealed under another key than its row names."""


def seal(key: Key, bound: bytes, clear: bytes) -> bytes:
    """Return `clear` sealed under `key`, to be opened only as what `bound` says it belongs to."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, clear, bound)


def unseal(key: Key, bound: bytes, sealed: bytes) -> bytes:
    """Return what `seal` was given. Raises `NotOpening`."""
    try:
        return _cipher(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
    except InvalidTag as error:
        raise NotOpening(f"what key {key.id} sealed does not open: it was changed, or sealed under another key") from error


def _cipher(key: Key) -> AESGCM:
    return AESGCM(key.derived(b"upheld/seal/2"))
