"""What a key is: whom it is for, which state it is in, and what is said when it cannot be had."""

import hmac
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


class Scope(StrEnum):
    """What a key is for: a person as the one concerned, a person as the one who acted, or one text that names several."""

    SUBJECT = "subject"
    ACTOR = "actor"
    CASE = "case"


class State(StrEnum):
    """What became of a key."""

    ACTIVE = "active"
    HELD = "held"
    DESTROYED = "destroyed"


class KeyDestroyed(LookupError):
    """The key was destroyed: what it sealed is erased, and nothing brings it back."""


class KeyUnknown(LookupError):
    """This key store never had such a key: it was lost, or is another's. That is no erasure."""


class KeyHeld(RuntimeError):
    """A legal hold keeps the key from being destroyed."""


@dataclass(frozen=True)
class Whose:
    """Whom a key is for: a scope, and the type and id that entries name."""

    scope: Scope
    type: str
    id: str


@dataclass(frozen=True)
class Key:
    """A key in the clear: its random id, which rows name, and its 32 bytes."""

    id: str
    secret: bytes

    def derived(self, purpose: bytes) -> bytes:
        """Return 32 bytes for one `purpose`, which tell nothing of the key or of those for another."""
        return hmac.digest(self.secret, purpose, sha256)


@dataclass(frozen=True)
class Destroyed:
    """What a destruction came to: keys that were still there, keys wrapped anew, and the epoch now in force."""

    keys: int
    rewrapped: int
    epoch: int
