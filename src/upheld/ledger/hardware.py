"""Signing keys that never leave a token: smart cards, security modules, SoftHSM, through PKCS#11 (the extra `hsm`).

What is kept in the key directory is where the key is, never the PIN: that is a reference to a secret.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upheld import secret
from upheld.ledger.checkpoint import MalformedKey, VerificationKey, parse_key
from upheld.ledger.keys import KeyExposed, sync_directory, verify_signature

if TYPE_CHECKING:
    import pkcs11

SUFFIX = ".pkcs11"
_CURVE = b"\x13\x0cedwards25519"  # DER PrintableString, as PKCS#11 3.0 names the curve
_POINT_BYTES = 32


class TokenFailed(RuntimeError):
    """A token that could not be opened, lacks the key, or signed with another; the message says which, and never a PIN."""


@dataclass(frozen=True)
class Token:
    """Where a key is: the PKCS#11 module (a shared library), the token's label, the key's label, and a reference to the PIN."""

    module: str
    token: str
    label: str
    pin: str


class TokenSigner:
    """An Ed25519 key in a token. A session is opened for each signature, since a token may be pulled and put back."""

    def __init__(self, token: Token, key: VerificationKey) -> None:
        """Take where the key is, and its public half."""
        self._token = token
        self._key = key

    @property
    def key(self) -> VerificationKey:
        """The public half."""
        return self._key

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of `message`. Raises `TokenFailed`."""
        with _session(self._token) as session:
            signed: bytes = _private(session, self._token.label).sign(message, mechanism=_mechanism())
        if not verify_signature(self._key.public, signed, message):
            raise TokenFailed(f"the token {self._token.token} signed with another key than {self._key.text()}")
        return signed


def open_key(token: Token, name: str) -> TokenSigner:
    """Return the key that `token` names, made there if it has none under that label. It signs as `name`.

    Raises `TokenFailed`, or `MalformedKey` for one that is weak.
    """
    with _session(token, write=True) as session:
        public = _public(session, token.label) or _generate(session, token.label)
    signer = TokenSigner(token, VerificationKey(name, public))
    signer.sign(b"upheld: is this the key?\n")  # two lines short of anything that is signed in earnest
    return signer


def keep(path: Path, signer: TokenSigner) -> None:
    """Write where the key is to `path` (0600, through to the disk). Raises `FileExistsError`."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(json.dumps({**asdict(signer._token), "key": signer.key.text()}, indent=2).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_directory(path.parent)


def load(path: Path) -> TokenSigner:
    """Return the key whose place is written in `path`. The token is not asked yet. Raises `KeyExposed` or `MalformedKey`."""
    if path.stat().st_mode & 0o077:
        raise KeyExposed(f"{path} can be read by others: run chmod 600 on it")
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        key = parse_key(fields.pop("key"))
        return TokenSigner(Token(**fields), key)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise MalformedKey(f"{path} does not name a key in a token: {error}") from error


@contextmanager
def _session(token: Token, *, write: bool = False) -> Iterator["pkcs11.Session"]:
    try:
        import pkcs11  # noqa: PLC0415  an extra: most installations keep their key in a file
        from pkcs11.exceptions import PKCS11Error  # noqa: PLC0415  as above
    except ImportError as error:
        raise TokenFailed("keys in tokens need the extra `hsm`: pip install 'upheld[hsm]'") from error
    if not Path(token.module).is_absolute() or not Path(token.module).is_file():
        raise TokenFailed(f"{token.module} is no PKCS#11 module: give the absolute path of the token's shared library")
    try:
        pin = secret.resolve(token.pin)
        with pkcs11.lib(token.module).get_token(token_label=token.token).open(rw=write, user_pin=pin) as session:
            yield session
    except (PKCS11Error, RuntimeError, secret.NoSecret) as error:
        if isinstance(error, TokenFailed):
            raise
        why = str(error) or type(error).__name__
        raise TokenFailed(f"the token {token.token} behind {token.module} did not serve: {why}") from error


def _private(session: "pkcs11.Session", label: str) -> Any:
    from pkcs11 import Attribute, KeyType, ObjectClass  # noqa: PLC0415  an extra

    wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.KEY_TYPE: KeyType.EC_EDWARDS, Attribute.LABEL: label}
    found = list(session.get_objects(wanted))
    if len(found) != 1:
        raise TokenFailed(f"the token has {len(found)} Ed25519 keys labelled {label}, and one is wanted")
    return found[0]


def _public(session: "pkcs11.Session", label: str) -> bytes | None:
    from pkcs11 import Attribute, KeyType, ObjectClass  # noqa: PLC0415  an extra

    wanted = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.KEY_TYPE: KeyType.EC_EDWARDS, Attribute.LABEL: label}
    found = [bytes(each[Attribute.EC_POINT])[-_POINT_BYTES:] for each in session.get_objects(wanted)]
    if len(found) > 1:
        raise TokenFailed(f"the token has {len(found)} Ed25519 keys labelled {label}, and one is wanted")
    return found[0] if found else None


def _generate(session: "pkcs11.Session", label: str) -> bytes:
    from pkcs11 import Attribute, KeyType, Mechanism  # noqa: PLC0415  an extra

    curve = session.create_domain_parameters(KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: _CURVE}, local=True)
    private = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
    public, _ = curve.generate_keypair(mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=label, private_template=private)
    return bytes(public[Attribute.EC_POINT])[-_POINT_BYTES:]


def _mechanism() -> "pkcs11.Mechanism":
    from pkcs11 import Mechanism  # noqa: PLC0415  an extra

    return Mechanism.EDDSA
