"""Cosignatures: what a witness says of a checkpoint, and when (C2SP tlog-cosignature, Ed25519). Standard library only.

A witness that cosigns says: at this time, this was the largest tree of that log I had seen, and all I saw before is its beginning.
"""

from collections.abc import Mapping, Sequence

from upheld.ledger import ed25519
from upheld.ledger.checkpoint import COSIGNATURE, Checkpoint, Signature, UntrustedCheckpoint, VerificationKey, VerifySignature, parse

MAX_AHEAD = 300  # seconds that a witness's clock may be ahead of the reader's
_LATEST = 2**63 - 1
_SIGNED_BYTES = 8 + 64


def message(checkpoint: Checkpoint, at: int) -> bytes:
    """Return what a witness signs when it cosigns `checkpoint` at `at` (POSIX seconds)."""
    return f"cosignature/v1\ntime {at}\n{checkpoint.text()}".encode()


def signature(key: VerificationKey, at: int, signed: bytes) -> Signature:
    """Return the signature line of a cosignature: `signed` is the 64-byte signature of `message`."""
    return Signature(key.name, key.id, at.to_bytes(8, "big") + signed)


def timestamp(signature: Signature) -> int:
    """Return when the cosignature says it was made (POSIX seconds), **not yet verified**. Raises `UntrustedCheckpoint`."""
    at = int.from_bytes(signature.signature[:8], "big")
    if len(signature.signature) != _SIGNED_BYTES or at > _LATEST:
        raise UntrustedCheckpoint(f"the cosignature by {signature.name} is not a time and an Ed25519 signature")
    return at


def verify(
    note: bytes, keys: Sequence[VerificationKey], now: int, verify_signature: VerifySignature = ed25519.verify
) -> Mapping[VerificationKey, int]:
    """Return which of the witnesses `keys` cosigned the checkpoint of `note`, and when (POSIX seconds; the latest if several times).

    Lines of other keys are ignored; one under a name and id of `keys` that fails, or that lies in the future as of `now`,
    rejects the note. Raises `MalformedCheckpoint` or `UntrustedCheckpoint`.
    """
    checkpoint, signatures = parse(note)
    known = {(key.name, key.id): key for key in keys if key.type == COSIGNATURE}
    found: dict[VerificationKey, int] = {}
    for line in signatures:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        at = timestamp(line)
        if not verify_signature(key.public, line.signature[8:], message(checkpoint, at)):
            raise UntrustedCheckpoint(f"the cosignature by {line.name} does not fit the checkpoint or its own time")
        if at > now + MAX_AHEAD:
            raise UntrustedCheckpoint(f"the cosignature by {line.name} is {at - now:,} seconds in the future")
        found[key] = max(at, found.get(key, 0))
    return found
