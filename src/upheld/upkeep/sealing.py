"""Encryption of backups, in the format age: to whom it is readable is said by public keys; `age -d` opens it without us."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO

import pyrage
from pyrage import x25519

from upheld.upkeep.archive import Readable, Writable
from upheld.upkeep.errors import Refused, Unusable, UpkeepError

_FIRST = b"age-encryption.org/v1\n"


def recipient(text: str) -> x25519.Recipient:
    """Return the public key `text` (age1...). Raises `Unusable`."""
    try:
        return x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise Unusable(f"{text[:80]!r} is no public key of age: it begins with age1, as age-keygen -y prints it") from error


def identities(text: str) -> list[x25519.Identity]:
    """Return the private keys that `text` holds, as age-keygen writes them: one a line, # begins a comment. Raises `Unusable`."""
    lines = [line.strip() for line in text.splitlines()]
    try:
        found = [x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as error:
        raise Unusable(
            "the identity is no private key of age: a line that begins with AGE-SECRET-KEY-1, as age-keygen prints it"
        ) from error
    if not found:
        raise Unusable("the identity is empty: it should hold a line that begins with AGE-SECRET-KEY-1")
    return found


@contextmanager
def sealed(to: IO[bytes], recipients: Sequence[x25519.Recipient]) -> Iterator[Writable]:
    """Yield where to write what shall be in `to`: encrypted to `recipients`, or as it is if there are none."""
    if not recipients:
        yield to
        return
    reading, writing = os.pipe()
    source, target = os.fdopen(reading, "rb"), os.fdopen(writing, "wb")

    def encrypt() -> None:
        with source, _Noting.errors(to) as noting:
            pyrage.encrypt_io(source, noting, list(recipients))

    with _beside(encrypt, target):
        yield target


@contextmanager
def opened(source: IO[bytes], identities: Sequence[x25519.Identity]) -> Iterator[Readable]:
    """Yield what `source` says, decrypted by one of `identities` where it is encrypted. Raises `Unusable`."""
    first = source.read(len(_FIRST))
    source.seek(0)
    if first != _FIRST:
        yield source
        return
    if not identities:
        raise Refused("the backup is encrypted: name the private key with --identity, such as --identity file:/etc/upheld/backup.agekey")
    reading, writing = os.pipe()
    target, clear = os.fdopen(reading, "rb"), os.fdopen(writing, "wb")

    def decrypt() -> None:
        with clear, _Noting.errors(clear) as noting:
            pyrage.decrypt_io(source, noting, list(identities))

    with _beside(decrypt, target):
        yield target


class _Noting:
    """Passes bytes on, and remembers why that failed: the library tells it in other words."""

    def __init__(self, to: IO[bytes]) -> None:
        self._to = to
        self.failed: OSError | None = None

    def write(self, data: bytes, /) -> int:
        try:
            return self._to.write(data)
        except OSError as error:
            self.failed = error
            raise

    def flush(self) -> None:
        self._to.flush()

    @classmethod
    @contextmanager
    def errors(cls, to: IO[bytes]) -> Iterator["_Noting"]:
        """Yield where to write what is meant for `to`; raise what kept it from being written, as it was."""
        noting = cls(to)
        try:
            yield noting
        except (pyrage.EncryptError, pyrage.DecryptError, OSError):
            if noting.failed is not None:
                raise noting.failed from None
            raise


@contextmanager
def _beside(work: Callable[[], None], ours: IO[bytes]) -> Iterator[None]:
    """Do `work` in a thread beside the block, which holds `ours`, one end of a pipe to it.

    Each end that is closed ends the other side, so that neither waits for one that failed. Where both failed, the
    decryption says why: the block saw its input end too early.
    """
    failed: list[Exception] = []

    def run() -> None:
        try:
            work()
        except (pyrage.DecryptError, pyrage.EncryptError, OSError, ValueError) as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    broken: Exception | None = None
    try:
        yield
    except (UpkeepError, OSError) as error:
        broken = error
    finally:
        with suppress(BrokenPipeError):
            ours.close()
        thread.join()
    _tell(failed, broken)


def _tell(failed: Sequence[Exception], broken: Exception | None) -> None:
    for error in failed:
        if isinstance(error, pyrage.DecryptError):
            raise Unusable(f"the backup could not be decrypted: {error}; use the private key it was encrypted to, or another backup")
        if broken is None or isinstance(broken, BrokenPipeError):
            raise error
    if broken is not None:
        raise broken
