"""Erasures at work and done: how far each has come, and, sealed until it is done, what it still needs to know."""

import os
from dataclasses import dataclass
from datetime import datetime

import orjson

from upheld import clock
from upheld.vault import epoch, fence, sealing
from upheld.vault.keys import Vault

PLANNED, DONE = "planned", "done"


class NoErasure(LookupError):
    """There is no such erasure."""


@dataclass(frozen=True)
class Erasure:
    """One erasure: its random id, the last step that it finished, when it began and ended, and the keys that it destroys."""

    id: str
    step: str
    started_at: datetime
    done_at: datetime | None
    keys: tuple[str, ...]


def begin(vault: Vault, plan: bytes, keys: tuple[str, ...]) -> Erasure:
    """Note a new erasure with its `plan`, sealed under a key of its own, and the `keys` that it will destroy."""
    erasure, case, at = os.urandom(16).hex(), vault.dossier(()), clock.now()
    assert case is not None, "a text that names nobody is kept"
    sealed = orjson.dumps([case.id, sealing.seal(case, erasure.encode(), plan).hex()])
    with vault.store.writing() as connection:
        number = epoch.current(connection)
        assert number is not None, "the dossier's key made the first epoch"
        token = epoch.wrap(fence.new_secret(), epoch.load(vault.store, number))
        connection.execute(
            "INSERT INTO erasure (id, step, started_at, token, plan, keys) VALUES (?, ?, ?, ?, ?, ?)",
            (erasure, PLANNED, at.isoformat(), token, sealed, " ".join(keys)),
        )
    return Erasure(erasure, PLANNED, at, None, keys)


def case(vault: Vault, erasure: str) -> str:
    """Return the id of the key that the plan of `erasure` is sealed under. Raises `NoErasure` when it is done."""
    return _sealed(vault, erasure)[0]


def plan(vault: Vault, erasure: str) -> bytes:
    """Return the plan of an erasure that is not done. Raises `NoErasure`."""
    case_id, sealed = _sealed(vault, erasure)
    return sealing.unseal(vault.open(case_id), erasure.encode(), bytes.fromhex(sealed))


def reached(vault: Vault, erasure: str, step: str) -> None:
    """Note that `erasure` has finished `step`."""
    with vault.store.writing() as connection:
        connection.execute("UPDATE erasure SET step = ? WHERE id = ?", (step, erasure))


def keep_receipt(vault: Vault, erasure: str, receipt: str) -> None:
    """Keep the `receipt` of `erasure`, which names nobody."""
    with vault.store.writing() as connection:
        connection.execute("UPDATE erasure SET receipt = ? WHERE id = ?", (receipt, erasure))


def receipt(vault: Vault, erasure: str) -> str | None:
    """Return the receipt of `erasure`, or None if there is none yet. Raises `NoErasure`."""
    found = vault.store.read.execute("SELECT receipt FROM erasure WHERE id = ?", (erasure,)).fetchone()
    if found is None:
        raise NoErasure(f"there is no erasure {erasure!r}: see `upheld erased list`")
    kept: str | None = found[0]
    return kept


def finish(vault: Vault, erasure: str) -> None:
    """Note that `erasure` is done, and forget its plan; the key that the plan was sealed under was destroyed with the others."""
    with vault.store.writing() as connection:
        connection.execute("UPDATE erasure SET step = ?, done_at = ?, plan = NULL WHERE id = ?", (DONE, clock.now().isoformat(), erasure))
    vault.store.forget()


def listed(vault: Vault) -> list[Erasure]:
    """Return every erasure that this store knows of, oldest first."""
    if not vault.store.exists:
        return []
    rows = vault.store.read.execute("SELECT id, step, started_at, done_at, keys FROM erasure ORDER BY started_at, id").fetchall()
    return [
        Erasure(name, step, datetime.fromisoformat(at), datetime.fromisoformat(done) if done else None, tuple(keys.split()))
        for name, step, at, done, keys in rows
    ]


def _sealed(vault: Vault, erasure: str) -> tuple[str, str]:
    found = vault.store.read.execute("SELECT plan FROM erasure WHERE id = ?", (erasure,)).fetchone()
    if found is None or found[0] is None:
        raise NoErasure(f"there is no erasure {erasure!r} at work")
    case_id, sealed = orjson.loads(found[0])
    return case_id, sealed
