"""The receipt of an erasure: what was done where, what was checked, what lies outside our control; signed, and naming nobody.

Its text is signed as C2SP signed-note has it, by the key of the log. The first line keeps it from being taken for a checkpoint.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from upheld.ledger.checkpoint import MalformedCheckpoint, Signature, VerificationKey, parse_note
from upheld.ledger.keys import Signer, verify_signature

FIRST_LINE = "upheld/erasure-receipt/1"


class NotGenuine(ValueError):
    """A receipt that was changed, or that none of the trusted keys signed."""


def signed(facts: Mapping[str, Any], signer: Signer) -> str:
    """Return the receipt that says `facts`, signed by `signer`."""
    text = f"{FIRST_LINE}\n{json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False)}\n"
    signature = Signature(signer.key.name, signer.key.id, signer.sign(text.encode()))
    return f"{text}\n{signature.line()}"


def verified(receipt: str, keys: Sequence[VerificationKey]) -> dict[str, Any]:
    """Return what `receipt` says, once one of `keys` is shown to have signed it. Raises `NotGenuine`."""
    try:
        text, signatures = parse_note(receipt.encode())
    except MalformedCheckpoint as error:
        raise NotGenuine(f"this is no receipt: {error}") from error
    if not text.startswith(FIRST_LINE + "\n"):
        raise NotGenuine(f"this is no receipt: it does not begin with {FIRST_LINE}")
    for key in keys:
        for one in signatures:
            if (one.name, one.key_id) == (key.name, key.id) and verify_signature(key.public, one.signature, text.encode()):
                facts: dict[str, Any] = json.loads(text.removeprefix(FIRST_LINE + "\n"))
                return facts
    signers = ", ".join(sorted({one.name for one in signatures}))
    raise NotGenuine(f"this receipt was changed, or signed by another key than those trusted: it says {signers}")
