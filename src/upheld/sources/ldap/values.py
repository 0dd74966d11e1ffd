"""What directories write as text, as values: times of LDAP and of Windows, names of entries, how a password is stored."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

WINDOWS_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
NEVER = (0, 0x7FFFFFFFFFFFFFFF)
SCHEMES = {
    b"ssha": "ssha", b"sha": "sha1", b"smd5": "md5", b"md5": "md5", b"ssha256": "ssha256", b"ssha384": "ssha384", b"ssha512": "ssha512",
    b"sha256": "sha256", b"sha384": "sha384", b"sha512": "sha512", b"argon2": "argon2", b"argon2i": "argon2", b"argon2d": "argon2",
    b"bcrypt": "bcrypt", b"cleartext": "cleartext", b"lanman": "lanman", b"nthash": "nt-hash", b"sasl": "none", b"kerberos": "none",
}  # fmt: skip
CRYPT = {b"1": "md5", b"5": "sha256-crypt", b"6": "sha512-crypt", b"y": "yescrypt", b"gy": "yescrypt", b"7": "scrypt"}
# Weakest first; a scheme that stands in no list is put before them all.
STRENGTH = (
    "cleartext", "lanman", "des-crypt", "nt-hash", "md5", "sha1", "sha256", "sha384", "sha512", "ssha", "ssha256", "ssha384", "ssha512",
    "scrypt", "sha256-crypt", "sha512-crypt", "pbkdf2", "bcrypt", "yescrypt", "argon2", "locked", "none",
)  # fmt: skip


def generalized_time(value: bytes) -> datetime | None:
    """Return the instant that a GeneralizedTime says, None for one that makes no sense. Only times in UTC (Z) are known to occur."""
    text = value.decode("ascii", "replace")
    whole, _, fraction = text[:-1].partition(".")
    if not text.endswith("Z") or not whole.isdigit() or len(whole) != 14:
        return None
    try:
        # Many times as fast as strptime, and every account brings several.
        instant = datetime.fromisoformat(f"{whole[:8]}T{whole[8:]}Z")
    except ValueError:
        return None
    return instant + timedelta(microseconds=int(fraction[:6].ljust(6, "0"))) if fraction.isdigit() else instant


def windows_time(value: bytes | None) -> datetime | None:
    """Return the instant that a count of 100 ns since 1601 says, None for never (0 or the largest number)."""
    ticks = integer(value)
    if ticks is None or ticks in NEVER:
        return None
    try:
        return WINDOWS_EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None


def windows_span(value: bytes | None) -> timedelta | None:
    """Return the time span that Active Directory writes as a negative count of 100 ns, None for no limit."""
    ticks = integer(value)
    if ticks is None or ticks == 0 or ticks <= -NEVER[1]:
        return None
    return timedelta(microseconds=abs(ticks) // 10)


def integer(value: bytes | None) -> int | None:
    """Return a whole number, None for anything else."""
    return int(value) if value and re.fullmatch(rb"[+-]?\d{1,20}", value) else None


@lru_cache(maxsize=262144)
def folded(dn: str) -> str:
    """Return `dn` in a form in which two spellings of one name are equal: case and spaces around commas and = do not count."""
    small = dn.lower()
    return re.sub(r"\s*(?<!\\)([,+=])\s*", r"\1", small) if " " in small else small


def password_scheme(values: Iterable[bytes]) -> str | None:
    """Return how the weakest of the password values is stored, None when there is none."""
    found = [_scheme(value) for value in values]
    return min(found, key=lambda name: STRENGTH.index(name) if name in STRENGTH else -1, default=None)


def _scheme(value: bytes) -> str:
    prefix = re.match(rb"\{([A-Za-z0-9/_-]+)\}", value)
    if prefix is None:
        return "cleartext"
    name, rest = prefix[1].lower(), value[prefix.end() :]
    if name == b"crypt":
        return _crypt(rest)
    if name.startswith(b"pbkdf2"):
        return "pbkdf2"
    return SCHEMES.get(name, name.decode("ascii"))


def _crypt(value: bytes) -> str:
    if value[:1] in (b"!", b"*", b""):
        return "locked"
    kind = re.match(rb"\$([a-z0-9]+)", value)
    if kind is None:
        return "des-crypt"
    return "bcrypt" if kind[1].startswith(b"2") else CRYPT.get(kind[1], kind[1].decode("ascii"))
