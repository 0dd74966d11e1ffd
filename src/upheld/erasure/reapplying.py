"""Erasures hold after a restore: whatever an older database, history or key store brings back is erased again before anything is served."""

from contextlib import suppress
from dataclasses import dataclass

import orjson
from django.db import connection, transaction

from upheld import clock
from upheld.erasure import handed_in, in_logs, owing, perform, populations, records, rows, texts, tidying
from upheld.erasure.acting import CLI
from upheld.erasure.entered import destroyed, sizes
from upheld.ledger import forgetting, openings, sequencer
from upheld.ledger.append import append
from upheld.ledger.continuity import LedgerForked
from upheld.ledger.resealing import reseal_old
from upheld.vault import erasures, fence
from upheld.vault.key import KeyUnknown, State
from upheld.vault.keys import Vault, here

_LOOKED, _SWEPT = "looked", "swept"


@dataclass(frozen=True)
class Reapplied:
    """What had come back and was erased again: keys, openings, versions of rows, rows of the database. `resumed` erasures were finished."""

    keys: int = 0
    openings: int = 0
    versions: int = 0
    texts: int = 0
    resumed: int = 0

    def __bool__(self) -> bool:
        """Whether anything had."""
        return any((self.keys, self.openings, self.versions, self.texts, self.resumed))


def reapply(*, restored: bool = False) -> Reapplied:
    """Make every erasure of this workspace true again, and return what that took. The caller holds the run's lock.

    Call it after any restore (`restored`), and before anything is served or collected: then it only looks at what the logs gained,
    unless they are shorter or others than when it looked last. It finishes erasures that were stopped, destroys again every key
    of whose destruction a log tells, and erases again what belongs to people whom the fence still knows, and what was masked
    and has ended since. Idempotent. Raises `Damaged` or `Unwritable` for a history that cannot be read or written, `KeyLost`,
    `EpochLost`, and, unless `restored`, `Forgotten` or `ErasuresOwed`: then nothing may be served.
    """
    vault = here()
    if not restored:
        forgetting.require_remembered()
        owing.require_none(vault)
    reseal_old(vault)
    with connection.cursor() as cursor:
        openings.require_store(cursor, vault)
    known, now = _looked(vault), sizes()
    again = restored or any(now.get(origin, -1) < size for origin, size in known.items())
    keys = _destroy_again(vault, {} if again else known)
    pending = [each.id for each in erasures.listed(vault) if each.step != erasures.DONE]
    found = _erase_again(vault, keys) if again and _ever(vault) else Reapplied(keys=keys)
    for erasure in pending:
        perform.resume(vault, erasure)
    fence.expire(vault)
    swept = rows.sweep() if erasures.listed(vault) and _today(vault) else 0
    _look(vault)
    return Reapplied(found.keys, found.openings, found.versions + swept, found.texts, len(pending))


def _destroy_again(vault: Vault, since: dict[str, int]) -> int:
    """Destroy every key of whose destruction the logs or this store tell, and that is there; return how many were."""
    told = destroyed(since)
    alive = [key for key in told if _is_there(vault, key)]
    strangers = [key for key in told if not _is_known(vault, key)]
    if alive or strangers:
        vault.destroy([*alive, *strangers])
    return len(alive)


def _erase_again(vault: Vault, keys: int) -> Reapplied:
    dead = {key for each in erasures.listed(vault) if each.done_at for key in each.keys} | destroyed({})
    left = openings.under(dead)
    tidying.begin()
    with transaction.atomic():
        openings.delete((entry, field) for entry, field, _ in left)
    known, versions, changed = fence.load(vault), 0, 0
    if known:
        versions = sum(each.erased + each.masked for each in rows.erase(known))
        with transaction.atomic():
            changed = sum(texts.mask(known).values()) + sum(records.erase(known).values())
        populations.discard(populations.everyone())
        changed += sum(in_logs.erase(known).values()) + handed_in.erase(known)
    tidying.tidy()
    found = Reapplied(keys, len(left), versions, changed)
    if found:
        body = {"keys": keys, "openings": len(left), "versions": versions, "texts": changed}
        with transaction.atomic():
            append("erasure.reapplied", body=body, actor=CLI)
            for key in sorted(dead - destroyed({})):
                append(
                    "key.destroyed", subject=("key", key), body={"key": key, "method": "known to the key store, not to this log"}, actor=CLI
                )
        with suppress(LedgerForked):  # an older database must first go on in a new log; until then the entries wait
            sequencer.sequence()
    return found


def _ever(vault: Vault) -> bool:
    return bool(erasures.listed(vault)) or bool(destroyed({}))


def _is_there(vault: Vault, key: str) -> bool:
    try:
        return vault.state(key) is not State.DESTROYED
    except KeyUnknown:
        return False


def _is_known(vault: Vault, key: str) -> bool:
    try:
        vault.state(key)
    except KeyUnknown:
        return False
    return True


def _today(vault: Vault) -> bool:
    """Whether this is the first time today."""
    today = clock.now().date().isoformat()
    found = vault.store.read.execute("SELECT value FROM meta WHERE name = ?", (_SWEPT,)).fetchone()
    with vault.store.writing() as connection:
        connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (_SWEPT, today))
    return found is None or found[0] != today


def _looked(vault: Vault) -> dict[str, int]:
    found = vault.store.read.execute("SELECT value FROM meta WHERE name = ?", (_LOOKED,)).fetchone()
    return dict(orjson.loads(found[0])) if found else {}


def _look(vault: Vault) -> None:
    """Note how long the logs are, so that next time only what they gained is looked at."""
    with vault.store.writing() as connection:
        connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (_LOOKED, orjson.dumps(sizes())))
