"""Erasures that were done once and are forgotten, since the machine was put back whole: they are owed until they were done again."""

from collections.abc import Iterable

import orjson

from upheld.vault.keys import Vault

_OWED = "owed"


def owed(vault: Vault) -> tuple[str, ...]:
    """Return the ids, as their receipts have them, of the erasures that are owed."""
    if not vault.store.exists:
        return ()
    found = vault.store.read.execute("SELECT value FROM meta WHERE name = ?", (_OWED,)).fetchone()
    return tuple(orjson.loads(found[0])) if found else ()


def owe(vault: Vault, erasures: Iterable[str]) -> None:
    """Note that `erasures` are owed."""
    _keep(vault, {*owed(vault), *erasures})


def paid(vault: Vault, erasure: str) -> None:
    """Note that `erasure` was done again."""
    _keep(vault, {*owed(vault)} - {erasure})


def _keep(vault: Vault, erasures: set[str]) -> None:
    with vault.store.writing() as connection:
        connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (_OWED, orjson.dumps(sorted(erasures))))
