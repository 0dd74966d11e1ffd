"""What opens commitments: personal values and their random bytes, sealed beside the log and erasable without touching it.

Sealed with AES-256-GCM under a key outside the workspace, padded so that the length tells little, bound to entry and field.
"""

import hmac
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection
from django.db.backends.utils import CursorWrapper

from upheld import workspace
from upheld.ledger import canonical
from upheld.ledger.commitment import OPENING_BYTES
from upheld.ledger.keys import KeyExposed, sync_directory
from upheld.ledger.profile import Json

WORKSPACE_KEY = "workspace"  # the one key there is so far; a person's own key will have another name here

_NONCE_BYTES = 12
_BUCKET = 32


class KeyLost(RuntimeError):
    """The key that openings are sealed under is not in the key directory, or is another than they were sealed under."""


@dataclass(frozen=True)
class Opened:
    """An opening in the clear: the value of `field` in the entry, and its 64 bytes; `person` is (type, id) if it names one."""

    entry_id: str
    field: str
    value: Json
    opening: bytes
    person: tuple[str, str] | None = None


def keep(cursor: CursorWrapper, opened: Sequence[Opened]) -> None:
    """Seal `opened` and store them in the current transaction."""
    secret = _secret()
    rows = [
        (one.entry_id, one.field, WORKSPACE_KEY, _link(secret, *one.person) if one.person else None, _seal(secret, one)) for one in opened
    ]
    cursor.executemany("INSERT INTO ledger_opening (entry, field, key, link, sealed) VALUES (%s, %s, %s, %s, %s)", rows)


def opened(entry_id: str) -> dict[str, Opened]:
    """Return what is left of an entry's openings, by field (`actor` and `subject` among them). Raises `KeyLost`."""
    secret = _secret()
    with connection.cursor() as cursor:
        cursor.execute("SELECT field, sealed FROM ledger_opening WHERE entry = %s", (entry_id,))
        return {field: _unseal(secret, entry_id, field, bytes(sealed)) for field, sealed in cursor.fetchall()}


def entries_naming(type: str, id: str) -> list[str]:
    """Return the ids of the entries whose actor or subject is the person (`type`, `id`), oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT entry FROM ledger_opening WHERE link = %s ORDER BY entry", (_link(_secret(), type, id),))
        return [entry for (entry,) in cursor.fetchall()]


def _seal(secret: bytes, one: Opened) -> bytes:
    value = canonical.write(one.value)
    padding = b" " * (-len(value) % _BUCKET)  # spaces around JSON mean nothing
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(secret).encrypt(nonce, one.opening + value + padding, _bound(one.entry_id, one.field))


def _unseal(secret: bytes, entry_id: str, field: str, sealed: bytes) -> Opened:
    try:
        clear = _cipher(secret).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(entry_id, field))
    except InvalidTag as error:
        raise KeyLost(f"{field} of {entry_id} does not open: it was changed, or sealed under another key than this") from error
    value = canonical.read(clear[OPENING_BYTES:].rstrip(b" "))
    return Opened(entry_id, field, value, clear[:OPENING_BYTES])


def _bound(entry_id: str, field: str) -> bytes:
    return b"upheld/opening/1\x00" + entry_id.encode() + field.encode()


def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(hmac.digest(secret, b"upheld/seal/1", sha256))


def _link(secret: bytes, type: str, id: str) -> bytes:
    return hmac.digest(hmac.digest(secret, b"upheld/link/1", sha256), f"{type}\x00{id}".encode(), sha256)[:16]


def _secret() -> bytes:
    path = workspace.current().keys / "openings.key"
    if not path.exists():
        _create(path)
    return _load(path)


@lru_cache(maxsize=8)
def _load(path: Path) -> bytes:
    """Return the 32 bytes in `path`. Raises `KeyExposed` if others could read them."""
    if path.stat().st_mode & 0o077:
        raise KeyExposed(f"{path} can be read by others: run chmod 600 on it")
    return path.read_bytes()


def _create(path: Path) -> None:
    """Write 32 random bytes to `path`, all or nothing; where several do so at once, the first stays. Raises `KeyLost`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_opening")
        (sealed,) = cursor.fetchone()
    if sealed:
        raise KeyLost(f"{path} is gone, and {sealed:,} openings are sealed under it: bring it back from the backup of the key directory")
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # 0600
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(32))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    Path(draft).unlink()
    sync_directory(path.parent)
