"""Sealed values of the ledger: a person's own openings are deleted, and what names several is sealed anew without this one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from upheld.erasure.acting import CLI
from upheld.erasure.person import Person
from upheld.erasure.texts import mended
from upheld.ledger import openings
from upheld.ledger.append import append
from upheld.ledger.openings import NOBODYS, Naming, Opened, Personal
from upheld.ledger.profile import Json
from upheld.sources.belonging import Known, whole
from upheld.vault.key import Scope, Whose
from upheld.vault.keys import Vault


@dataclass(frozen=True)
class Sealed:
    """What of the sealed values concerns a person: keys of their own, of texts that name them, and of what is nobody's but names them.

    `openings` counts the values under the first, `texts` those in the other two that are redacted or removed.
    """

    own: tuple[str, ...]
    dossiers: tuple[str, ...]
    nobodys: tuple[str, ...]
    openings: int
    texts: int

    @property
    def keys(self) -> tuple[str, ...]:
        """The ids of all keys that erasing the person destroys."""
        return (*self.own, *self.dossiers, *self.nobodys)


def planned(vault: Vault, person: Person, known: Known) -> Sealed:
    """Return what there is of `person`. Raises `KeyLost`."""
    own = [key.id for type, id in person.ledger for scope in (Scope.SUBJECT, Scope.ACTOR) if (key := vault.of(Whose(scope, type, id)))]
    dossiers = sorted({each for type, id in person.ledger for each in vault.dossiers_naming(type, id)})
    shared = vault.of(NOBODYS) if vault.store.exists else None
    naming = [one for one in _under([shared.id]) if _without(one, known) != one.value] if shared else []
    nobodys = (shared.id,) if shared and naming else ()
    return Sealed(tuple(own), tuple(dossiers), nobodys, len(openings.under(own)), len(openings.under(dossiers)) + len(naming))


def erase(vault: Vault, person: Person, known: Known, keys: Sequence[str]) -> None:
    """Leave nothing under `keys` of what they seal: what names only the person goes, the rest is sealed anew. Idempotent. Raises `KeyLost`.

    Call it in a transaction. The keys themselves are destroyed afterwards.
    """
    assert transaction.get_connection().in_atomic_block
    dossiers = {each for type, id in person.ledger for each in vault.dossiers_naming(type, id)}
    # A stop between the two stores may have renewed it already: what it was before is told by what it is not.
    nobodys = {key for key in keys if vault.scope(key) is Scope.CASE} - dossiers
    new = vault.of(NOBODYS)
    if new and new.id in nobodys:
        new = vault.renewed(NOBODYS)
    for one in _under(keys):
        left = _without(one, known)
        if vault.scope(one.key) is not Scope.CASE:
            openings.delete([(one.entry_id, one.field)])
        elif one.key not in nobodys:
            # Not finding them in a text that is said to name them is no reason to keep it.
            rest = None if left == one.value else vault.dossier_without(one.key, person.ledger)
            _redact(one, Naming((), left, rest.id) if rest and left is not None else None)
        elif left != one.value:
            _redact(one, left)
        else:
            assert new is not None
            openings.reseal(one, new)


def _redact(one: Opened, left: Personal) -> None:
    """Take the value `one` away; an entry that corrects its own says so, and holds what is `left`, if anything is."""
    openings.delete([(one.entry_id, one.field)])
    personal = {} if left is None else {one.field: left}
    append("text.redacted", body={"field": one.field, "left": left is not None}, personal=personal, corrects=one.entry_id, actor=CLI)


def _without(one: Opened, known: Known) -> Json:
    """Return the value of `one` without whom `known` knows; None if it is nothing but their name or number."""
    if isinstance(one.value, str) and whole(one.value, known) != one.value:
        return None
    left: Json = mended("", one.value, known)
    return left


def _under(keys: Iterable[str]) -> list[Opened]:
    """Return what is sealed under `keys` and can still be opened."""
    found: list[Opened] = []
    for entry, field, key in openings.under(keys):
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM ledger_opening WHERE entry = %s AND field = %s", (entry, field))
            (sealed,) = cursor.fetchone()
        one = openings.unsealed(entry, field, key, bytes(sealed))
        found += [one] if one else []
    return found
