"""What the two drills on SSH keys share: a host with one good, registered key."""

from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from upheld.drills.connected import connected
from upheld.drills.drill import Scene
from upheld.evidence.table import Row
from upheld.lab.host_root import HostRoot
from upheld.sources.host import HOST
from upheld.sources.host.sshkeys import public_lines

Public = ed25519.Ed25519PublicKey | rsa.RSAPublicKey


def good_line() -> str:
    """Return a line of authorized_keys with a fresh Ed25519 key."""
    return _line(ed25519.Ed25519PrivateKey.generate().public_key())


def weak_line() -> str:
    """Return a line of authorized_keys with a fresh RSA key of 1024 bits."""
    return _line(rsa.generate_private_key(65537, 1024).public_key())  # noqa: S505  the fault itself


def _line(key: Public) -> str:
    return key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode() + " lab"


def fingerprint(line: str) -> str:
    """Return the fingerprint of the key in `line`."""
    return next(public_lines(line)).fingerprint


def scene(host: HostRoot, *registered: str) -> Scene:
    """Return the host's keys, and registers in which Alice answers for the keys of the lines `registered`."""
    today = datetime.now(UTC).date()
    keys: list[Row] = [
        {"fingerprint": fingerprint(line), "purpose": "ssh-user", "owner_id": "1", "activated_on": today - timedelta(days=30)}
        for line in registered
    ]
    people: list[Row] = [{"id": "1", "name": "Alice", "mail": "alice@example.org", "started_on": today - timedelta(days=400)}]
    source = connected(HOST, root=str(host.root), system="lab", scan="/usr")
    return Scene([("host", ("keys",), source)], {"registered_keys": keys, "people": people})
