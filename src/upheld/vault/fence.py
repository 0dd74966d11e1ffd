"""The fence: keyed hashes of an erased person's identifiers, with an end, that keep a source from bringing the person back.

What it holds is personal data as long as it stands, since whoever has this store can ask it about a name; it ends by itself.
A name that it knows is shown as a token: one for each identifier and erasure, so that rows that meant the same still do.
"""

import hmac
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from upheld import clock
from upheld.vault import epoch
from upheld.vault.keys import Vault

PREFIX = "erased-"
_ANY = "any"
_BEGINS = "begins"
_WORD = re.compile(r"[^\W_]+")
TOKEN_DIGITS = 12
_MOST_WORDS = 200_000
_TOKEN = re.compile(rf"{PREFIX}[0-9a-f]{{{TOKEN_DIGITS}}}", re.ASCII)


def names_somebody_erased(text: str) -> bool:
    """Whether a token that was put in an erased person's place stands in `text`."""
    return _TOKEN.search(text) is not None


@dataclass(frozen=True)
class Identifier:
    """A name that a person goes by: `kind` (person, mail, user, account), where it counts (a system, else empty), and the value."""

    kind: str
    within: str
    value: str

    @property
    def normal(self) -> "Identifier":
        """The same in the one spelling that is compared."""
        return Identifier(self.kind, self.within, normalised(self.value))


@dataclass
class Fence:
    """All that the fence knows at the moment; asked for each value of a collection, so it is in memory."""

    secret: bytes
    known: dict[bytes, tuple[str, bool]]
    tokens: dict[str, bytes]
    _answered: dict[tuple[str, str, str], tuple[str, bool] | None] = field(default_factory=dict)
    _possible: dict[str, bool] = field(default_factory=dict)
    _beginning: dict[str, bool] = field(default_factory=dict)
    _all_begin: bool = False

    def __bool__(self) -> bool:
        """Whether anybody is fenced off."""
        return bool(self.known)

    def erasure(self, kind: str, within: str, value: str, *, own: bool = False) -> str | None:
        """Return the erasure of whoever went by `value`, if somebody did; with `own`, only if rows with it are that person's own."""
        if not self._may_be(value):
            return None
        asked = (kind, within, value)
        if asked not in self._answered:
            self._answered[asked] = self.known.get(_hash(self.secret, kind, within, normalised(value)))
        found = self._answered[asked]
        return found[0] if found and (found[1] or not own) else None

    def _may_be(self, value: str) -> bool:
        """Whether `value` is an identifier of any kind anywhere: nearly none is, and one hash tells."""
        found = self._possible.get(value)
        if found is None:
            if len(self._possible) > _MOST_WORDS:
                self._possible.clear()
            found = self._possible[value] = bool(self.known) and _hash(self.secret, _ANY, "", normalised(value)) in self.known
        return found

    def begins(self, word: str) -> bool:
        """Whether an identifier of anybody may begin with `word`, which has letters and digits alone: what does not need no closer look.

        Erasures of before this was kept say nothing of it: then any word may.
        """
        found = self._beginning.get(word)
        if found is None:
            if len(self._beginning) > _MOST_WORDS:
                self._beginning.clear()
            found = self._beginning[word] = not self._all_begin or _hash(self.secret, _BEGINS, "", normalised(word)) in self.known
        return found

    def shown(self, erasure: str, value: str) -> str:
        """Return what to show in place of `value` of a row that names the person of `erasure`."""
        return token(self.tokens[erasure], normalised(value))


def load(vault: Vault, *, but: Iterable[str] = ()) -> Fence:
    """Return the fence as it stands now; without the erasures in `but`."""
    if not vault.store.exists:
        return Fence(b"", {}, {})
    rows = vault.store.read.execute("SELECT hash, erasure, own FROM fence WHERE expires_at > ?", (clock.now().isoformat(),)).fetchall()
    left_out = set(but)
    known = {bytes(hashed): (erasure, bool(own)) for hashed, erasure, own in rows if erasure not in left_out}
    tokens = {erasure: secret(vault, erasure) for erasure in {erasure for erasure, _ in known.values()}}
    index = vault.secret("index-key") if known else b""
    return Fence(index, known, tokens, _all_begin=all(_begun(index, erasure) in known for erasure in tokens))


def put_up(
    vault: Vault, erasure: str, identifiers: Iterable[tuple[Identifier, bool]], persons: Iterable[tuple[str, str]], until: datetime
) -> None:
    """Fence `identifiers` off until the instant `until`; with each, whether rows found by it are the person's own.

    `persons` are the (type, id) by which entries name the person. The secret of the tokens must be there: `prepare`.
    """
    index, identifiers = vault.secret("index-key"), list(identifiers)
    rows = [(_hash(index, each.kind, each.within, normalised(each.value)), erasure, own, until.isoformat()) for each, own in identifiers]
    rows += [(_hash(index, _ANY, "", normalised(each.value)), erasure, False, until.isoformat()) for each, _ in identifiers]
    beginnings = {begin for each, _ in identifiers if (begin := beginning(each.value))}
    marks = [_begun(index, erasure), *(_hash(index, _BEGINS, "", begin) for begin in sorted(beginnings))]
    rows += [(mark, erasure, False, until.isoformat()) for mark in marks]
    rows += [(vault.hash("person", type, id), erasure, True, until.isoformat()) for type, id in persons]
    with vault.store.writing() as connection:
        connection.executemany("INSERT OR REPLACE INTO fence (hash, erasure, own, expires_at) VALUES (?, ?, ?, ?)", rows)
    vault.store.bump()


def lift(vault: Vault, erasure: str) -> int:
    """Take the fence of `erasure` away, with the secret of its tokens; return how many identifiers it held."""
    with vault.store.writing() as connection:
        gone = connection.execute("DELETE FROM fence WHERE erasure = ?", (erasure,)).rowcount
        connection.execute("UPDATE erasure SET token = NULL WHERE id = ?", (erasure,))
    vault.store.forget()
    return gone


def expire(vault: Vault) -> int:
    """Take away what is past its end; return how many identifiers that were."""
    now = (clock.now().isoformat(),)
    with vault.store.writing() as connection:
        gone = connection.execute("DELETE FROM fence WHERE expires_at <= ?", now).rowcount
        if gone:
            connection.execute("UPDATE erasure SET token = NULL WHERE done_at IS NOT NULL AND id NOT IN (SELECT erasure FROM fence)")
    if gone:
        vault.store.forget()
    return gone


def secret(vault: Vault, erasure: str) -> bytes:
    """Return the secret that the tokens of `erasure` are made with."""
    connection = vault.store.read
    (wrapped,) = connection.execute("SELECT token FROM erasure WHERE id = ?", (erasure,)).fetchone()
    number = epoch.current(connection)
    assert number is not None
    return epoch.unwrap(wrapped, epoch.load(vault.store, number))


def token(secret: bytes, normal: str) -> str:
    """Return what stands in place of the identifier `normal` (in the spelling that is compared)."""
    return PREFIX + hmac.digest(secret, normal.encode("utf-8", "surrogatepass"), sha256).hex()[:TOKEN_DIGITS]


def is_token(value: str) -> bool:
    """Whether `value` stands in place of somebody's name already."""
    return _TOKEN.fullmatch(value) is not None


def new_secret() -> bytes:
    """Return a fresh secret for tokens."""
    return os.urandom(32)


def normalised(value: str) -> str:
    """Return `value` as identifiers are compared: NFKC, without case and surrounding space."""
    return unicodedata.normalize("NFKC", value).casefold().strip()


def beginning(value: str) -> str:
    """Return the first word (letters and digits) of an identifier, in the spelling that is compared; "" for one without any."""
    found = _WORD.search(normalised(value))
    return found[0] if found else ""


def _begun(secret: bytes, erasure: str) -> bytes:
    """The mark of an erasure whose identifiers' beginnings the fence has."""
    return _hash(secret, "begun", "", erasure)


def _hash(secret: bytes, kind: str, within: str, normal: str) -> bytes:
    return hmac.digest(secret, "\x00".join(("fence", kind, within, normal)).encode("utf-8", "surrogatepass"), sha256)
