"""Openings of release 0.1.0, all sealed under one key of the workspace: sealed anew, each under its person's, and that key destroyed."""

import hmac
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction

from upheld.ledger import canonical, lookup, openings
from upheld.ledger.commitment import OPENING_BYTES
from upheld.ledger.openings import ACTOR, OLD_KEY, SUBJECT, KeyLost, Opened
from upheld.vault.keys import Vault

OLD_FILE = "openings.key"
_NONCE_BYTES = 12


def reseal_old(vault: Vault) -> int:
    """Seal anew what is still sealed under the one key of release 0.1.0, destroy that key, and return how many openings that were.

    Idempotent. Raises `KeyLost` if the key is gone or does not open them; then nothing was changed.
    """
    file = vault.store.directory / OLD_FILE
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT entry, field, sealed FROM ledger_opening WHERE key = %s", (OLD_KEY,))
        rows = cursor.fetchall()
        if rows and not file.exists():
            raise KeyLost(
                f"{file} is gone, and {len(rows):,} openings are sealed under it: bring it back from the backup of the key directory"
            )
        if rows:
            old, entries = file.read_bytes(), lookup.entries(entry for entry, _, _ in rows)
            opened = [_opened(old, entry, field, bytes(sealed), entries.get(entry, {})) for entry, field, sealed in rows]
            openings.delete((one.entry_id, one.field) for one in opened)
            openings.keep(cursor, opened)
    if file.exists():
        _destroy(file)
    return len(rows)


def _opened(old: bytes, entry: str, field: str, sealed: bytes, said: Mapping[str, Any]) -> Opened:
    bound = b"upheld/opening/1\x00" + entry.encode() + field.encode()
    try:
        clear = AESGCM(hmac.digest(old, b"upheld/seal/1", sha256)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
    except InvalidTag as error:
        raise KeyLost(f"{field} of {entry} does not open: it was changed, or sealed under another key than {OLD_FILE}") from error
    value = canonical.read(clear[OPENING_BYTES:].rstrip(b" "))
    person = (str(said[field]["type"]), str(value)) if field in (ACTOR, SUBJECT) and field in said else None
    return Opened(entry, field, value, clear[:OPENING_BYTES], person)


def _destroy(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(os.urandom(32))
        opened.flush()
        os.fsync(opened.fileno())
    file.unlink()
