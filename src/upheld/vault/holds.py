"""Legal holds: who is under one is not erased while it lasts. Whom it is about is a keyed hash; the reason is sealed."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from upheld import clock
from upheld.vault import sealing
from upheld.vault.key import Key
from upheld.vault.keys import Vault, settle

_SEALED = "hold"


class NoHold(LookupError):
    """There is no such hold, or it was released already."""


@dataclass(frozen=True)
class Hold:
    """A legal hold: its random id, why, until when, and when it was set. `released_at` is None while nobody lifted it."""

    id: str
    reason: str
    until: datetime
    set_at: datetime
    released_at: datetime | None = None

    def lasts(self, at: datetime) -> bool:
        """Whether it keeps an erasure off at the instant `at`."""
        return self.released_at is None and self.until > at


def add(vault: Vault, persons: Iterable[tuple[str, str]], reason: str, until: datetime) -> Hold:
    """Put `persons` (type, id: the names that one person goes by) under a hold for `reason`, until the instant `until`."""
    hold = Hold(os.urandom(8).hex(), reason, until, clock.now())
    hashes = {vault.hash("person", type, id) for type, id in persons}
    sealed = sealing.seal(Key(_SEALED, vault.secret("index-key")), hold.id.encode(), reason.encode())
    with vault.store.writing() as connection:
        row = (hold.id, sealed, until.isoformat(), hold.set_at.isoformat())
        connection.execute("INSERT INTO hold (id, reason, until, set_at) VALUES (?, ?, ?, ?)", row)
        connection.executemany("INSERT INTO held (hold, person) VALUES (?, ?)", ((hold.id, each) for each in hashes))
        settle(connection)
    vault.store.bump()
    return hold


def listed(vault: Vault) -> list[Hold]:
    """Return every hold that was not taken out of the store, oldest first."""
    rows = vault.store.read.execute("SELECT id, reason, until, set_at, released_at FROM hold ORDER BY set_at, id").fetchall()
    return [_hold(vault, row) for row in rows]


def on(vault: Vault, persons: Iterable[tuple[str, str]]) -> list[Hold]:
    """Return the holds that keep `persons` (type, id) from being erased now."""
    hashes = {vault.hash("person", type, id) for type, id in persons}
    found = vault.store.read.execute("SELECT hold, person FROM held").fetchall()
    named = {hold for hold, person in found if bytes(person) in hashes}
    return [hold for hold in listed(vault) if hold.id in named and hold.lasts(clock.now())]


def release(vault: Vault, hold_id: str) -> None:
    """Lift the hold called `hold_id`. Raises `NoHold`."""
    with vault.store.writing() as connection:
        asked = (clock.now().isoformat(), hold_id)
        if connection.execute("UPDATE hold SET released_at = ? WHERE id = ? AND released_at IS NULL", asked).rowcount != 1:
            raise NoHold(f"there is no hold {hold_id!r} that lasts: see `upheld hold list`")
        settle(connection)
    vault.store.bump()


def _hold(vault: Vault, row: tuple[str, bytes, str, str, str | None]) -> Hold:
    hold_id, sealed, until, set_at, released_at = row
    reason = sealing.unseal(Key(_SEALED, vault.secret("index-key")), hold_id.encode(), sealed).decode()
    ended = datetime.fromisoformat(released_at) if released_at else None
    return Hold(hold_id, reason, datetime.fromisoformat(until), datetime.fromisoformat(set_at), ended)
