"""How one gets into the directory, found out by trying: only made-up names and made-up passwords are ever sent unencrypted."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from upheld.sources.ldap.address import Address
from upheld.sources.ldap.by_ldap3 import Ldap3Client
from upheld.sources.ldap.client import CONFIDENTIALITY, INVALID_CREDENTIALS, NO_SUCH_OBJECT, STRONGER_AUTH, SUCCESS, Client, EndedEarlyError
from upheld.sources.ldap.members import Row
from upheld.sources.ldap.writing import REPLACE
from upheld.sources.source import SourceError

GUESSABLE = "a" * 24  # long enough for any rule about length
GUESSES = 10  # the most that an account may have (parameter lock_after)
REFUSED_PLAIN = (CONFIDENTIALITY, STRONGER_AUTH)
JUDGED = (SUCCESS, INVALID_CREDENTIALS, NO_SUCH_OBJECT)


@dataclass(frozen=True)
class Tried:
    """What a probe found: `answer` None when it could not be told; `said` is what was done and what came back."""

    answer: bool | None
    said: str


NOT_TRIED = Tried(None, "")


def plaintext(where: Address, base: str, client: Callable[[Address], Client]) -> Tried:
    """Try to sign in without encryption, as somebody who does not exist: a server that judges the password takes passwords in clear."""
    plain = replace(where, tls="none", port=389 if where.tls == "ldaps" else where.port)
    name, password = f"cn=upheld-probe-{secrets.token_hex(8)},{base}", secrets.token_urlsafe(16)
    try:
        code = _bound(client(plain), name, password)
    except SourceError:
        return Tried(False if where.tls == "ldaps" else None, f"nothing answers without encryption at {plain.url}")
    if code in REFUSED_PLAIN:
        return Tried(False, f"sign-in without encryption is refused before the password is looked at (result {code})")
    return Tried(True if code in JUDGED else None, f"sign-in without encryption as a made-up name was judged (result {code})")


def empty_password(where: Address, base: str, client: Callable[[Address], Client]) -> Tried:
    """Try a made-up name with an empty password, and nobody at all: whether either gets to see an entry below `base`."""
    name = f"cn=upheld-probe-{secrets.token_hex(8)},{base}"
    try:
        unauthenticated = _bound(client(where), name, "")
        shown = _anonymous_sees(client(where), base)
    except SourceError as error:
        return Tried(None, str(error))
    said = f"empty password: result {unauthenticated}; without a name: {'entries are shown' if shown else 'nothing is shown'}"
    return Tried(unauthenticated == SUCCESS or shown, said)


def guesses(where: Address, dn: str, password: str, client: Callable[[Address], Client]) -> Tried:
    """Try wrong passwords of an account that is kept for this, and then its own: whether the directory keeps it out by then."""
    if not dn:
        return Tried(None, "")
    try:
        if _bound(client(where), dn, password) != SUCCESS:
            return Tried(None, f"{dn} did not get in before anything was tried: locked since the last time, or its password is another")
        for _ in range(GUESSES):
            _bound(client(where), dn, secrets.token_urlsafe(16))
        kept_out = _bound(client(where), dn, password) != SUCCESS
    except SourceError as error:
        return Tried(None, str(error))
    return Tried(kept_out, f"after {GUESSES} wrong passwords of {dn}, its own {'did not let in' if kept_out else 'let in'}")


def weak_password(where: Address, dn: str, password: str) -> Tried:
    """Ask, as an account that is kept for this, whether it could give itself a password anybody would guess, without doing it.

    True where it could. That it could not may have other reasons (it may not change its own, or not so soon), so it shows nothing.
    """
    if not dn:
        return NOT_TRIED
    client = Ldap3Client(where, writes=True)
    try:
        if client.bind(dn, password) != SUCCESS:
            return NOT_TRIED  # the guesses tell why
        code, said = client.modify(dn, {"userPassword": [(REPLACE, [GUESSABLE])]}, dry=True)
    except (SourceError, EndedEarlyError) as error:
        return Tried(None, str(error))
    finally:
        client.close()
    came_of_it = "would be taken from" if code == SUCCESS else "is refused to"
    return Tried(
        True if code == SUCCESS else None, f"a password of one letter again and again {came_of_it} {dn}{f' ({said})' if said else ''}"
    )


def guessable(rules: Sequence[Row], under: str | None, tried: Tried) -> None:
    """Let the rules with the id `under` say that they let through what anybody would guess, where that was `tried` and taken."""
    for row in rules:
        if tried.answer and row["id"] == under:
            row["quality_checked"] = False


def _bound(client: Client, name: str, password: str) -> int:
    try:
        return client.bind(name, password)
    finally:
        client.close()


def _anonymous_sees(client: Client, base: str) -> bool:
    try:
        if client.bind("", "") != SUCCESS:
            return False
        found = client.search(base, "(&(objectClass=*)(!(objectClass=organizationalUnit)))", ["1.1"], page_size=1)
        return next(found, None) is not None
    except EndedEarlyError:
        return False
    finally:
        client.close()


def door_row(
    system: str, tries: Sequence[Tried], *, limits_guesses: bool | None, remote_superuser: bool | None, idle: timedelta | None
) -> Row:
    """Return the row of the directory's door; `tries` are plaintext, empty password, guesses, and what else was.

    What was tried counts more than `limits_guesses`, which is what its rules say.
    A password alone let us in, so none of its users needs more unless it has more.
    """
    plain, empty, guessed, *_ = tries
    return {
        "id": f"{system}:directory",
        "system_id": system,
        "door": "directory",
        "allows_empty_passwords": empty.answer,
        "allows_plaintext": plain.answer,
        "limits_guesses": limits_guesses if guessed.answer is None else guessed.answer,
        "allows_passwords": True,
        "allows_remote_superuser": remote_superuser,
        "requires_mfa": False,
        "idle_timeout": idle,
        "said": "; ".join(each.said for each in tries if each.said),
    }
