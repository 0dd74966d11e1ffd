"""Who took a backup: the manifest's digest, signed by the ledger's key. Without it, whoever can write the file could make one up."""

import base64
import hashlib
from collections.abc import Sequence

from upheld.ledger import keys, signers
from upheld.ledger.checkpoint import Signature, VerificationKey, decode
from upheld.ledger.continuity import key_directory
from upheld.ledger.keys import Signer
from upheld.upkeep.errors import Unusable

_NO_SIGNATURE = b"not signed\n"


def signed(manifest: bytes, signer: Signer | None) -> bytes:
    """Return the signature of `manifest` as a note (C2SP signed-note), or words that there is none."""
    if signer is None:
        return _NO_SIGNATURE
    text = _text(manifest)
    signature = Signature(signer.key.name, signer.key.id, signer.sign(text))
    return text + b"\n" + signature.line().encode()


def trusted() -> list[VerificationKey]:
    """Return the public keys of every log whose key is here, and of those that handed over to them."""
    return signers.known() if key_directory().is_dir() else []


def require(manifest: bytes, note: bytes, trusted: Sequence[VerificationKey]) -> None:
    """Raise `Unusable` unless `note` is a signature of `manifest` by one of the `trusted` keys."""
    if not trusted:
        raise Unusable(
            "there is no key here to tell whose backup this is: bring the keys back first (upheld restore --keys), give the public key "
            "with --key, or take it as it is with --unsigned"
        )
    if note == _NO_SIGNATURE:
        raise Unusable("the backup is not signed, so anybody could have made it; take it as it is with --unsigned")
    text, _, line = note.rpartition(b"\n\n")
    if text + b"\n" != _text(manifest):
        raise Unusable("the backup's signature is of another manifest: the file was put together from several, or altered")
    if not any(_fits(line, key, _text(manifest)) for key in trusted):
        names = ", ".join(sorted(key.name for key in trusted))
        raise Unusable(f"the backup is signed by none of the keys that are trusted here ({names}): it was altered, or is another company's")


def _fits(line: bytes, key: VerificationKey, text: bytes) -> bool:
    """Whether `line` is the signature of `text` by `key`, written as it would be written here."""
    signature = decode(line.decode("utf-8", "replace").rstrip("\n").rpartition(" ")[2])
    if signature is None or signature[:4] != key.id:
        return False
    same = Signature(key.name, key.id, signature[4:]).line().encode() == line
    return same and keys.verify_signature(key.public, signature[4:], text)


def _text(manifest: bytes) -> bytes:
    """Return what is signed: no origin stands in its first line, so that it can never be taken for a checkpoint."""
    return b"upheld/backup/1\n" + base64.b64encode(hashlib.sha256(manifest).digest()) + b"\n"
