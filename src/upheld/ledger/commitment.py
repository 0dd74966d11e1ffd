"""Commitments: a personal value is in the log as a digest that shows nothing, and that its opening can later prove.

Binding rests on SHA-256's collision resistance; hiding on 64 random bytes a value: once they are gone, every
candidate fits equally well. Decided in docs/decisions/0002-ledger-entries.md.
"""

import hashlib
import hmac
import os

from upheld.ledger import canonical, identifier
from upheld.ledger.profile import Json

OPENING_BYTES = 64
_CONTEXT = b"upheld/commit/1\x00"


def opening() -> bytes:
    """Return 64 fresh random bytes: one opening serves one value of one entry, and is never used again."""
    return os.urandom(OPENING_BYTES)


def commit(entry_id: str, field: str, value: Json, opening: bytes) -> str:
    """Return the commitment, 64 hex digits, to `value` of `field` in the entry `entry_id`.

    It binds the entry's id, so that an opening cannot be passed off under another entry or another field.
    Raises `ValueError` for another length of `opening` or an id that is no UUIDv7, `NotCanonical` for the value.
    """
    if len(opening) != OPENING_BYTES:
        raise ValueError(f"an opening is {OPENING_BYTES} bytes, not {len(opening)}")
    if not identifier.is_valid(entry_id):
        raise ValueError(f"{entry_id[:40]!r} is not the id of an entry")
    # Context, opening and id have fixed lengths and the field its length before it: no two inputs meet.
    name = field.encode()
    bound = _CONTEXT + opening + entry_id.encode() + len(name).to_bytes(2, "big") + name
    return hashlib.sha256(bound + canonical.write(value)).hexdigest()


def opens(commitment: str, entry_id: str, field: str, value: Json, opening: bytes) -> bool:
    """Whether `opening` shows that `commitment` was made to `value` of `field` in the entry `entry_id`."""
    return len(opening) == OPENING_BYTES and hmac.compare_digest(commit(entry_id, field, value, opening), commitment)
