"""Signing keys. A `Signer` signs; the one here keeps its seed in a file that nobody else can read."""

import base64
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from upheld.ledger.checkpoint import ED25519, Checkpoint, MalformedKey, Signature, VerificationKey, decode, note

_PREFIX = "PRIVATE+KEY+"


class Signer(Protocol):
    """Something that holds a private key: a file, a smart card, a key-management service."""

    @property
    def key(self) -> VerificationKey:
        """The public half, under the name it signs as."""

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature of `message`."""


class KeyExposed(PermissionError):
    """A key file that others than its owner could read."""


class FileSigner:
    """An Ed25519 key in a file of one line, as Go's `note` package writes it: PRIVATE+KEY+name+id+base64."""

    def __init__(self, name: str, seed: bytes, type: int = ED25519) -> None:
        """Take the 32-byte `seed`, of a log's key or (`type`) a witness's. Raises `MalformedKey`."""
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._key = VerificationKey(name, self._private.public_key().public_bytes_raw(), type)

    @property
    def key(self) -> VerificationKey:
        """The public half."""
        return self._key

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of `message`."""
        return self._private.sign(message)


def create(path: Path, name: str, type: int = ED25519) -> FileSigner:
    """Make a new key named `name` in `path` (0600, written through to the disk). Raises `FileExistsError`: a key is never overwritten."""
    return create_named(lambda _: path, name, type)


def create_named(path_of: Callable[[str], Path], name: str, type: int = ED25519) -> FileSigner:
    """Make a new key as `create` does, in the file that `path_of` names from the key's id."""
    seed = os.urandom(32)
    signer = FileSigner(name, seed, type)
    path = path_of(signer.key.id.hex())
    line = f"{_PREFIX}{name}+{signer.key.id.hex()}+{base64.b64encode(bytes([type]) + seed).decode()}\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
    sync_directory(path.parent)
    return signer


def load(path: Path, type: int = ED25519) -> FileSigner:
    """Return the key of `type` in `path`. Raises `KeyExposed`, `MalformedKey` or `FileNotFoundError`."""
    if path.stat().st_mode & 0o077:
        raise KeyExposed(f"{path} can be read by others: run chmod 600 on it, and rotate the key if it was so for long")
    name, _, rest = path.read_text(encoding="utf-8").strip().removeprefix(_PREFIX).partition("+")
    key_id, _, encoded = rest.partition("+")
    seed = decode(encoded)
    if seed is None or len(seed) != 33 or seed[0] != type:
        raise MalformedKey(f"{path} does not hold an Ed25519 key of the kind wanted")
    signer = FileSigner(name, seed[1:], type)
    if signer.key.id.hex() != key_id:
        raise MalformedKey(f"{path} holds a key whose id is {signer.key.id.hex()}, not {key_id}")
    return signer


def sign(checkpoint: Checkpoint, signer: Signer) -> str:
    """Return `checkpoint` as a note signed by `signer`."""
    signature = signer.sign(checkpoint.text().encode())
    return note(checkpoint, [Signature(signer.key.name, signer.key.id, signature)])


def verify_signature(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is one of `message` by `public`, which `VerificationKey` has found not to be weak. Some 80 us."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def sync_directory(directory: Path) -> None:
    """Write `directory` itself through to the disk, so that a file made or renamed in it survives a power failure."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
