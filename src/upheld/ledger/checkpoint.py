"""Checkpoints: a tree's size and root, signed (C2SP tlog-checkpoint and signed-note). Standard library only.

What parses here is exactly what is written here: no extension lines, no second spelling of anything.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from upheld.ledger import ed25519
from upheld.ledger.tree import HASH_BYTES, MAX_SIZE

ED25519 = 1  # signature types of C2SP signed-note: of a log, and of a witness (tlog-cosignature)
COSIGNATURE = 4
MAX_SIGNATURES = 100
MAX_NOTE_BYTES = 1 << 20

# (public key, signature, message) -> whether it is good.
VerifySignature: TypeAlias = Callable[[bytes, bytes, bytes], bool]

_WHOSE = {ED25519: "log", COSIGNATURE: "witness"}
_DASH = "\N{EM DASH} "
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_KEY_ID = re.compile(r"[0-9a-f]{8}", re.ASCII)


class MalformedCheckpoint(ValueError):
    """Text that is no checkpoint; the message says what is wrong with it."""


class UntrustedCheckpoint(ValueError):
    """A checkpoint that none of the trusted keys vouches for, or that is another log's."""


class MalformedKey(ValueError):
    """A verification key that is not as C2SP signed-note has it, or that is weak."""


@dataclass(frozen=True)
class Checkpoint:
    """That the log `origin` had `size` entries under `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True)
class Signature:
    """One signature line of a note: whose, with the key of which id, and the signature itself."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Return the line, with its newline."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True)
class VerificationKey:
    """An Ed25519 public key (32 bytes) and the name it signs under; for a log's own key that is its origin.

    `type` is `ED25519` for a log's key and `COSIGNATURE` for a witness's; it goes into the id, so that neither passes for the other.
    """

    name: str
    public: bytes
    type: int = ED25519

    def __post_init__(self) -> None:
        """Raise `MalformedKey` for a name that a note cannot carry, or a key that is weak."""
        if not _is_name(self.name):
            raise MalformedKey(f"{self.name[:80]!r} cannot be the name of a key: no spaces, no '+', not empty")
        if ed25519.is_weak(self.public):
            raise MalformedKey(f"the key of {self.name} is no point of Ed25519, or one of small order that fits any signature")

    @property
    def id(self) -> bytes:
        """The four bytes that name the key in signature lines."""
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def text(self) -> str:
        """Return the key as Go's `note` package writes it: name+id+base64."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.type]) + self.public).decode()}"


def parse_key(text: str, type: int = ED25519) -> VerificationKey:
    """Return the key of `type` in `text`, as `VerificationKey.text` writes it. Raises `MalformedKey`."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3 or not _KEY_ID.fullmatch(parts[1]):
        raise MalformedKey("a verification key is written name+id+base64, such as example.com/log+1a2b3c4d+AQ...")
    encoded = decode(parts[2])
    if encoded is None or len(encoded) != 33 or encoded[0] not in (ED25519, COSIGNATURE):
        raise MalformedKey(f"the key of {parts[0]} is not 32 bytes of Ed25519")
    if encoded[0] != type:
        raise MalformedKey(f"the key of {parts[0]} is a {_WHOSE[encoded[0]]}'s, and a {_WHOSE[type]}'s is wanted")
    key = VerificationKey(parts[0], encoded[1:], type)
    if key.id.hex() != parts[1]:
        raise MalformedKey(f"the key of {parts[0]} has the id {key.id.hex()}, not {parts[1]}")
    return key


def note(checkpoint: Checkpoint, signatures: Sequence[Signature]) -> str:
    """Return the signed checkpoint as text."""
    return checkpoint.text() + "\n" + "".join(signature.line() for signature in signatures)


def parse(note: bytes) -> tuple[Checkpoint, list[Signature]]:
    """Return what `note` claims and who signed it, **not yet verified**. Raises `MalformedCheckpoint`."""
    text, signatures = parse_note(note)
    return _body(text[:-1]), signatures


def parse_note(note: bytes) -> tuple[str, list[Signature]]:
    """Return the text of any signed note, with its last newline, and its signatures, **not yet verified**. Raises `MalformedCheckpoint`."""
    text = _text(note)
    body, blank, tail = text.rpartition("\n\n")
    if not blank or not text.endswith("\n"):
        raise MalformedCheckpoint("the checkpoint does not end in a blank line, signatures and a newline")
    lines = tail.split("\n")[:-1]
    if not 1 <= len(lines) <= MAX_SIGNATURES:
        raise MalformedCheckpoint(f"the checkpoint has {len(lines)} signatures: 1 to {MAX_SIGNATURES} are accepted")
    return body + "\n", [_signature(line) for line in lines]


def several(text: bytes) -> list[bytes]:
    """Return the notes that `text` holds one after the other, as in a file of published checkpoints; **none is looked at**."""
    found: list[list[bytes]] = [[]]
    signed = False
    for line in text.splitlines(keepends=True):
        signs = line.startswith(_DASH.encode())
        if signed and not signs:
            found.append([])
        if found[-1] or line != b"\n":
            found[-1].append(line)
        signed = signs
    return [b"".join(lines) for lines in found if lines]


def verify(note: bytes, origin: str, keys: Sequence[VerificationKey], verify_signature: VerifySignature = ed25519.verify) -> Checkpoint:
    """Return the checkpoint of `note` once it is shown to be that of `origin`, by at least one of `keys` and against none.

    Signatures by other keys are ignored; one under a name and id of `keys` that fails rejects the note.
    Raises `MalformedCheckpoint` or `UntrustedCheckpoint`.
    """
    checkpoint, signatures = parse(note)
    if checkpoint.origin != origin:
        raise UntrustedCheckpoint(f"the checkpoint is of {checkpoint.origin[:80]!r}, not of {origin!r}")
    known = {(key.name, key.id): key for key in keys if key.type == ED25519}
    message, good = checkpoint.text().encode(), 0
    for signature in signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not verify_signature(key.public, signature.signature, message):
            raise UntrustedCheckpoint(f"the signature by {signature.name} (key {signature.key_id.hex()}) does not fit the checkpoint")
        good += 1
    if not good:
        raise UntrustedCheckpoint("the checkpoint is signed by none of the trusted keys")
    return checkpoint


def parse_body(text: str) -> Checkpoint:
    """Return the checkpoint of the three lines that `Checkpoint.text` writes. Raises `MalformedCheckpoint`."""
    if not text.endswith("\n"):
        raise MalformedCheckpoint("the last line does not end in a newline")
    return _body(text[:-1])


def _text(note: bytes) -> str:
    if len(note) > MAX_NOTE_BYTES:
        raise MalformedCheckpoint(f"the checkpoint is {len(note):,} bytes long, over {MAX_NOTE_BYTES:,}")
    try:
        text = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedCheckpoint(f"the checkpoint is not UTF-8: {error}") from error
    if any(character < " " and character != "\n" for character in text):
        raise MalformedCheckpoint("the checkpoint contains a control character")
    return text


def _body(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) != 3:
        raise MalformedCheckpoint(f"the checkpoint has {len(lines)} lines before its signatures; origin, size and root are three")
    origin, size, root = lines
    if not _is_name(origin):
        raise MalformedCheckpoint(f"{origin[:80]!r} cannot be an origin: no spaces, no '+', not empty")
    if not _SIZE.fullmatch(size) or int(size) > MAX_SIZE:
        raise MalformedCheckpoint(f"the size {size[:40]!r} is not a decimal number up to 2^63-1 without leading zeros or signs")
    decoded = decode(root)
    if decoded is None or len(decoded) != HASH_BYTES:
        raise MalformedCheckpoint(f"the root {root[:60]!r} is not the base64 of {HASH_BYTES} bytes")
    return Checkpoint(origin, int(size), decoded)


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not _is_name(name):
        raise MalformedCheckpoint(f"the signature line {line[:60]!r} does not begin with an em dash, a space and a name")
    decoded = decode(encoded)
    if decoded is None or len(decoded) < 5:
        raise MalformedCheckpoint(f"the signature by {name[:60]!r} is not the base64 of a key id and a signature")
    return Signature(name, decoded[:4], decoded[4:])


def _is_name(text: str) -> bool:
    return bool(text) and "+" not in text and not any(character.isspace() for character in text)


def decode(text: str) -> bytes | None:
    """Return the bytes of base64 `text`, or None if any other text would give the same (spare bits, missing padding)."""
    try:
        decoded = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    return decoded if base64.b64encode(decoded).decode() == text else None
