"""What opens commitments: personal values and their random bytes, sealed beside the log and erasable without touching it.

Each is sealed with AES-256-GCM under the key of the person whom it is about (`upheld.vault`), padded so that the length tells
little, bound to entry and field. Destroying that key erases it, also in copies of the database that nobody can reach.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest
from typing import TypeAlias

from django.db import connection
from django.db.backends.utils import CursorWrapper

from upheld.ledger import canonical
from upheld.ledger.commitment import OPENING_BYTES
from upheld.ledger.profile import Json
from upheld.vault import keys, sealing
from upheld.vault.epoch import EpochLost
from upheld.vault.key import Key, KeyDestroyed, KeyUnknown, Scope, Whose
from upheld.vault.keys import Vault
from upheld.vault.sealing import NotOpening

# Whose a value is that no caller said: one key for all of them, so that erasing one deletes its row and destroys no key.
NOBODYS = Whose(Scope.CASE, "value", "nobody's")
ACTOR, SUBJECT = "actor", "subject"
OLD_KEY = "workspace"  # what release 0.1.0 sealed everything under; see `resealing`
_BUCKET = 32
_AT_ONCE = 500


class KeyLost(RuntimeError):
    """The key that an opening is sealed under is not to be had, though nobody destroyed it; or it is another key."""


@dataclass(frozen=True)
class About:
    """A personal value that is about `person` (type, id), where that is not the entry's subject."""

    person: tuple[str, str]
    value: Json


@dataclass(frozen=True)
class Naming:
    """A text that names several `persons` (type, id): it has a key of its own, and is redacted when one of them is erased.

    `dossier` is the id of that key where there is one already, as for what is left of a text that was redacted.
    """

    persons: tuple[tuple[str, str], ...]
    value: Json
    dossier: str = ""


Personal: TypeAlias = "Json | About | Naming"


@dataclass(frozen=True)
class Opened:
    """An opening in the clear: the value of `field` in the entry, and its 64 bytes; `person` is (type, id) if it names one.

    `about` says whose it is where the caller said so; `key` is the id of the key that it is sealed under, once it is.
    """

    entry_id: str
    field: str
    value: Json
    opening: bytes
    person: tuple[str, str] | None = None
    about: About | Naming | None = None
    key: str = ""


def told(value: Personal) -> tuple[Json, About | Naming | None]:
    """Return the value itself, and what was said of whom it is about."""
    return (value.value, value) if isinstance(value, About | Naming) else (value, None)


def keep(cursor: CursorWrapper, opened: Sequence[Opened]) -> None:
    """Seal `opened` and store them in the current transaction.

    What is about somebody who was erased is not kept: the entry holds its commitment, and nobody can open it. Raises `KeyLost`.
    """
    vault = keys.here()
    require_store(cursor, vault)
    subjects = {one.entry_id: one.person for one in opened if one.field == SUBJECT and one.person}
    whose = [None if isinstance(one.about, Naming) else _whose(one, subjects.get(one.entry_id)) for one in opened]
    try:
        made = vault.made_for(each for each in whose if each)
        sealed_under = [made[each] if each else _dossier(vault, one) for one, each in zip(opened, whose, strict=True)]
    except EpochLost as error:
        raise KeyLost(str(error)) from error
    rows = [_row(one, each, key) for one, each, key in zip(opened, whose, sealed_under, strict=True) if key is not None]
    cursor.executemany("INSERT INTO ledger_opening (entry, field, key, link, sealed) VALUES (%s, %s, %s, %s, %s)", rows)


def opened(entry_id: str) -> dict[str, Opened]:
    """Return what is left of an entry's openings, by field (`actor` and `subject` among them). Raises `KeyLost`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT field, key, sealed FROM ledger_opening WHERE entry = %s", (entry_id,))
        rows = cursor.fetchall()
    found = {field: unsealed(entry_id, field, key, bytes(sealed)) for field, key, sealed in rows}
    return {field: one for field, one in found.items() if one is not None}


def unsealed(entry_id: str, field: str, key_id: str, sealed: bytes) -> Opened | None:
    """Return what was `sealed` for `field` of the entry, or None where its key was destroyed. Raises `KeyLost`."""
    try:
        clear = sealing.unseal(keys.here().open(key_id), _bound(entry_id, field), sealed)
    except KeyDestroyed:
        return None
    except (KeyUnknown, EpochLost) as error:
        old = key_id == OLD_KEY
        raise KeyLost("release 0.1.0 sealed it under one key for all: run `upheld erased reapply` once" if old else str(error)) from error
    except NotOpening as error:
        raise KeyLost(f"{field} of {entry_id} does not open: it was changed, or sealed under another key than its row names") from error
    value = canonical.read(clear[OPENING_BYTES:].rstrip(b" "))
    return Opened(entry_id, field, value, clear[:OPENING_BYTES], key=key_id)


def entries_naming(type: str, id: str) -> list[str]:
    """Return the ids of the entries whose actor or subject is the person (`type`, `id`), or that say something about them, oldest first."""
    vault = keys.here()
    found = [key for scope in (Scope.SUBJECT, Scope.ACTOR) if (key := vault.of(Whose(scope, type, id)))] if vault.store.exists else []
    entries: set[str] = set()
    with connection.cursor() as cursor:
        for key in found:
            cursor.execute("SELECT DISTINCT entry FROM ledger_opening WHERE link = %s", (_link(key),))
            entries |= {entry for (entry,) in cursor.fetchall()}
    return sorted(entries)


def under(key_ids: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return entry, field and key of all openings that are sealed under one of the keys called `key_ids`."""
    wanted, found = sorted(set(key_ids)), list[tuple[str, str, str]]()
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            cursor.execute(f"SELECT entry, field, key FROM ledger_opening WHERE key IN ({', '.join(['%s'] * len(some))})", some)  # noqa: S608
            found += cursor.fetchall()
    return sorted(found)


def delete(rows: Iterable[tuple[str, str]]) -> None:
    """Delete the openings of `rows` (entry, field). The entries stay, and nobody can open these commitments any more."""
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM ledger_opening WHERE entry = %s AND field = %s", list(rows))


def reseal(one: Opened, key: Key) -> None:
    """Seal `one`, about nobody in particular, under `key` instead of the key that it is sealed under; in the current transaction."""
    delete([(one.entry_id, one.field)])
    with connection.cursor() as cursor:
        row = (one.entry_id, one.field, key.id, None, _seal(key, one))
        cursor.execute("INSERT INTO ledger_opening (entry, field, key, link, sealed) VALUES (%s, %s, %s, %s, %s)", row)


def _whose(one: Opened, subject: tuple[str, str] | None) -> Whose:
    if one.person:
        return Whose(Scope.ACTOR if one.field == ACTOR else Scope.SUBJECT, *one.person)
    person = one.about.person if isinstance(one.about, About) else subject
    return Whose(Scope.SUBJECT, *person) if person else NOBODYS


def _dossier(vault: Vault, one: Opened) -> Key | None:
    assert isinstance(one.about, Naming)
    return vault.open(one.about.dossier) if one.about.dossier else vault.dossier(one.about.persons)


def _row(one: Opened, whose: Whose | None, key: Key) -> tuple[str, str, str, bytes | None, bytes]:
    link = _link(key) if whose and whose.scope is not Scope.CASE else None
    return one.entry_id, one.field, key.id, link, _seal(key, one)


def _seal(key: Key, one: Opened) -> bytes:
    value = canonical.write(one.value)
    padding = b" " * (-len(value) % _BUCKET)  # spaces around JSON mean nothing
    return sealing.seal(key, _bound(one.entry_id, one.field), one.opening + value + padding)


def _bound(entry_id: str, field: str) -> bytes:
    return b"upheld/opening/2\x00" + entry_id.encode() + field.encode()


def _link(key: Key) -> bytes:
    """What a person's openings are found by; derived from the key, so that after erasure no name leads to it."""
    return digest(key.derived(b"upheld/link/2"), b"entries", sha256)[:16]


def require_store(cursor: CursorWrapper, vault: Vault) -> None:
    """Raise `KeyLost` where a new key store would be begun while openings are sealed under an old one that is gone."""
    if vault.store.exists:
        return
    cursor.execute("SELECT count(*) FROM ledger_opening")
    (sealed,) = cursor.fetchone()
    if sealed:
        raise KeyLost(
            f"{vault.store.path} is gone, and {sealed:,} openings are sealed under its keys: "
            "bring it back from the backup of the key directory"
        )
