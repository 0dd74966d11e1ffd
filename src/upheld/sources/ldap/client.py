"""What is asked of an LDAP client, whichever library speaks: entries as bytes, pages, and an end that says why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Protocol

from upheld.sources.source import SourceError

Attributes = Mapping[str, Sequence[bytes]]
TIME_LIMIT, SIZE_LIMIT, STRONGER_AUTH, ADMIN_LIMIT, CONFIDENTIALITY = 3, 4, 8, 11, 13
UNDEFINED_TYPE, NO_SUCH_OBJECT, INVALID_CREDENTIALS, INSUFFICIENT = 17, 32, 49, 50
SUCCESS, FALSE, TRUE, NO_SUCH_ATTRIBUTE, UNWILLING = 0, 5, 6, 16, 53
SD_FLAGS_DACL = b"\x30\x03\x02\x01\x04"  # BER sequence of the integer 4: the DACL only (MS-ADTS 3.1.1.3.4.1.11)
SD_FLAGS = "1.2.840.113556.1.4.801"


@dataclass(frozen=True)
class Entry:
    """One entry: its name, and its attributes under lower-case names."""

    dn: str
    attributes: Attributes

    def text(self, name: str) -> str | None:
        """Return the first value of `name` as text, None when it is absent; bytes that are not UTF-8 are shown as \\xNN."""
        values = self.attributes.get(name)
        return values[0].decode("utf-8", "backslashreplace") if values else None

    def texts(self, name: str) -> list[str]:
        """Return all values of `name` as text."""
        return [value.decode("utf-8", "backslashreplace") for value in self.attributes.get(name, ())]


class EndedEarlyError(Exception):
    """A search ended before its last entry; what came before it is right. The message says why, for people."""


class Shown(Enum):
    """What comparing an attribute told about our rights on it."""

    PRESENT = "present"
    ABSENT = "absent"
    DENIED = "denied"
    UNTOLD = "untold"


def shown(result: int) -> Shown:
    """Return what the result code of a compare says: RFC 4511 gives 16 for an absent attribute, 50 for one that may not be asked for."""
    if result in (TRUE, FALSE):
        return Shown.PRESENT
    return {NO_SUCH_ATTRIBUTE: Shown.ABSENT, INSUFFICIENT: Shown.DENIED}.get(result, Shown.UNTOLD)


class Client(Protocol):
    """A connection to one directory. Follows no referral, changes nothing."""

    library: ClassVar[str]

    def bind(self, dn: str, password: str) -> int:
        """Sign in and return the result code; raises `SourceError` when there is no connection to sign in on."""
        ...

    def read(self, dn: str, attributes: Sequence[str]) -> Entry | None:
        """Return the entry `dn`, None where there is none or it is not shown; raises `EndedEarlyError` when the connection is gone."""
        ...

    def search(self, base: str, search_filter: str, attributes: Sequence[str], *, page_size: int) -> Iterator[Entry]:
        """Yield every entry below and at `base` that fits; raises `EndedEarlyError` after the last one that came."""
        ...

    def compare(self, dn: str, attribute: str, value: bytes) -> int:
        """Return the result code of comparing; -1 when the connection is gone."""
        ...

    def close(self) -> None:
        """Say goodbye; never raises."""
        ...


def why_ended(base: str, code: int, description: str) -> str:
    """Return a sentence on a search below `base` that ended with result `code`."""
    reasons = {
        SIZE_LIMIT: "the server's size limit was reached: raise it for the bind account (olcLimits, MaxPageSize)",
        ADMIN_LIMIT: "the server's administrative limit was reached: raise it for the bind account",
        TIME_LIMIT: "the server's time limit was reached: raise it for the bind account",
        INSUFFICIENT: "the bind account may not search there",
        NO_SUCH_OBJECT: "there is no such entry, or the bind account may not see it",
    }
    return f"the search below {base} ended early: {reasons.get(code, f'result {code}, {description}')}"


def refusal(url: str, dn: str, code: int, description: str) -> SourceError:
    """Return the error for a sign-in that was refused; never holds the password."""
    who = dn or "anonymous"
    if code == INVALID_CREDENTIALS:
        return SourceError(
            f"{url} refused {who}: wrong name or password, or the account is locked: check bind_dn and password", permanent=True
        )
    if code in (STRONGER_AUTH, CONFIDENTIALITY):
        return SourceError(f"{url} wants encryption before {who} signs in: use ldaps:// or set start_tls=yes", permanent=True)
    return SourceError(f"{url} refused {who}: result {code}, {description}", permanent=code in (UNWILLING, INSUFFICIENT, NO_SUCH_OBJECT))
